//! Who somebody is: several names, one contact, one conversation.

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::inbox::{ANN, BEN, change, delivery, message, words};
use crate::world::Stage;

/// Words from somebody with these members in place of a number.
fn from(stage: &Stage, wamid: &str, members: Value) -> Value {
    let mut item = words(stage, wamid, ANN, wamid);
    item.as_object_mut().expect("members").remove("from");
    for (name, value) in members.as_object().expect("members") {
        item[name] = value.clone();
    }
    item
}

async fn one_of(stage: &Stage, words: usize) {
    assert_eq!(stage.thread().await.len(), words);
    assert_eq!(stage.people().await.len(), 1);
}

#[tokio::test]
async fn a_contact_has_the_profiles_name_and_the_number_with_a_plus() {
    let stage = Stage::connected().await;
    stage
        .brings_as(json!([{ "wa_id": ANN, "profile": { "name": "José 😀" } }]), &[words(&stage, "wamid.A", ANN, "Hi")])
        .await;
    let contact = stage.conversation().await["contact"].clone();
    assert_eq!((&contact["name"], &contact["phone"]), (&json!("José 😀"), &json!(format!("+{ANN}"))));
    assert_eq!(stage.thread().await[0]["author"]["name"], "José 😀");
    // a new profile name takes no name away
    stage
        .brings_as(
            json!([{ "wa_id": ANN, "profile": { "name": "Somebody else" } }]),
            &[words(&stage, "wamid.B", ANN, "Hi")],
        )
        .await;
    assert_eq!(stage.conversation().await["contact"]["name"], "José 😀");
}

#[tokio::test]
async fn f13_a_phone_may_be_missing_empty_or_an_id_and_it_is_the_same_person() {
    let stage = Stage::connected().await;
    let people = json!([{ "user_id": "US.1349", "profile": { "name": "Ann" } }]);
    let sent = [
        from(&stage, "wamid.1", json!({ "from_user_id": "US.1349" })),
        from(&stage, "wamid.2", json!({ "from": "", "from_user_id": "US.1349" })),
        from(&stage, "wamid.3", json!({ "from": "US.1349" })),
        from(&stage, "wamid.4", json!({})),
    ];
    for item in sent {
        stage.brings_as(people.clone(), &[item]).await;
    }
    one_of(&stage, 4).await;
    let contact = stage.conversation().await["contact"].clone();
    assert_eq!((&contact["phone"], &contact["name"]), (&json!(null), &json!("Ann")));
    // the number becomes known later
    let known = from(&stage, "wamid.5", json!({ "from": ANN, "from_user_id": "US.1349" }));
    stage.brings_as(json!([]), &[known, words(&stage, "wamid.6", ANN, "by number only")]).await;
    one_of(&stage, 6).await;
    assert_eq!(stage.conversation().await["contact"]["phone"], format!("+{ANN}"));
}

#[tokio::test]
async fn f13_as_the_look_alike_plays_it() {
    let stage = Stage::connected().await;
    let faults = ["no_contacts", "no_wa_id", "empty_wa_id", "bsuid_wa_id", "milliseconds", "integers", "unknown_type"];
    stage.sim.user(ANN).says("First");
    stage.lines().await;
    for fault in faults {
        stage.sim.fault(&format!("F13.{fault}"), &json!({}));
        stage.sim.user(ANN).says(fault);
        stage.lines().await;
    }
    one_of(&stage, 1 + faults.len()).await;
    let window = stage.conversation().await["window"].clone();
    assert_eq!(window["last_inbound_at"], json!(stage.app.clock().now()), "whatever the time was written in");
}

#[tokio::test]
async fn f13_senders_are_matched_by_name_however_the_people_are_listed() {
    let stage = Stage::connected().await;
    stage.sim.fault("F13.contacts_turned", &json!({}));
    stage.lines().await;
    let all = stage.conversations().await;
    assert_eq!(all.len(), 2);
    for one in all {
        let said = stage.tenant.owner.reads(one["id"].as_str().expect("an id")).await;
        let phone = one["contact"]["phone"].as_str().expect("a number");
        assert_eq!(said[0]["body"], format!("From {}", &phone[1..]), "{one}");
    }
}

#[tokio::test]
async fn national_spellings_of_one_number_are_one_person_and_the_last_given_is_written_to() {
    for (a, b) in
        [("5541998765432", "554198765432"), ("5215512345678", "525512345678"), ("541122334455", "5491122334455")]
    {
        let stage = Stage::connected().await;
        for (n, number) in [a, b, a].into_iter().enumerate() {
            stage.brings(&[words(&stage, &format!("wamid.{n}"), number, "Hi")]).await;
            assert_eq!(stage.conversation().await["contact"]["phone"], format!("+{number}"));
        }
        one_of(&stage, 3).await;
    }
    let stage = Stage::connected().await;
    let landline = |n: &str, number: &str| words(&stage, n, number, "Hi");
    stage.brings(&[landline("wamid.1", "554133334444"), landline("wamid.2", "5541933334444")]).await;
    assert_eq!(stage.conversations().await.len(), 2, "a landline has no ninth digit");
}

#[tokio::test]
async fn f14_a_changed_number_keeps_one_person_and_one_conversation() {
    for rotation in ["previous_user_id", "user_id_update"] {
        let stage = Stage::connected().await;
        stage.sim.world(|world| world.switches.rotation_link = rotation.into());
        let played = stage.sim.fault("F14.number_change", &json!({ "user": ANN, "phone": "16505559999" }));
        stage.lines().await;
        stage.sim.advance(2_000).await;
        stage.lines().await;
        let thread = stage.thread().await;
        let of = |kind: &str| thread.iter().filter(|message| message["author"]["kind"] == kind).count();
        assert_eq!((of("visitor"), of("system")), (3, 1), "{rotation} {played:?}: {thread:#?}");
        let notice = thread.iter().find(|message| message["author"]["kind"] == "system").expect("a notice");
        assert_eq!(notice["extra"]["content"], json!({ "type": "system", "what": "changed_number" }));
        assert_eq!(stage.people().await.len(), 1);
        assert_eq!(stage.conversation().await["contact"]["phone"], "+16505559999", "{rotation}");
    }
}

#[tokio::test]
async fn a_notice_in_every_dialect_is_followed_even_before_they_wrote() {
    let stage = Stage::connected().await;
    let system = |n: &str, from: &str, inner: Value| message(&stage, n, from, "system", inner);
    let old =
        json!({ "type": "customer_changed_number", "body": "changed", "customer": ANN, "new_wa_id": "16505550001" });
    stage.brings_as(json!([]), &[system("wamid.1", ANN, old)]).await;
    assert_eq!((stage.conversations().await.len(), stage.people().await.len()), (0, 0), "nobody wrote");
    stage.brings(&[words(&stage, "wamid.2", "16505550001", "New"), words(&stage, "wamid.3", ANN, "Old")]).await;
    one_of(&stage, 2).await;
    assert_eq!(stage.conversation().await["contact"]["phone"], "+16505550001");
    // only the id changes, then the keys
    let id = json!({ "type": "user_changed_user_id", "user_id": "US.2", "previous_user_id": "US.1" });
    let mut told = from(&stage, "wamid.4", json!({ "from": "16505550001", "from_user_id": "US.1" }));
    stage.brings_as(json!([]), &[told.take()]).await;
    let mut changed = system("wamid.5", ANN, id);
    changed.as_object_mut().expect("members").remove("from");
    let keys = system("wamid.6", "16505550001", json!({ "type": "customer_identity_changed", "body": "keys" }));
    let after = from(&stage, "wamid.7", json!({ "from_user_id": "US.2" }));
    stage.brings_as(json!([]), &[changed, keys, after]).await;
    one_of(&stage, 6).await;
    let thread = stage.thread().await;
    let whats: Vec<&Value> =
        thread.iter().map(|message| &message["extra"]["content"]["what"]).filter(|what| !what.is_null()).collect();
    assert_eq!(whats, ["changed_id", "identity_changed"]);
}

#[tokio::test]
async fn a_number_that_was_left_belongs_to_whoever_has_it_next() {
    let stage = Stage::connected().await;
    let ann = |n: &str, number: &str, id: &str| from(&stage, n, json!({ "from": number, "from_user_id": id }));
    stage.brings_as(json!([]), &[ann("wamid.1", ANN, "US.1")]).await;
    let told = json!({ "type": "user_changed_number", "wa_id": BEN, "user_id": "US.2", "previous_user_id": "US.1" });
    stage.brings_as(json!([]), &[message(&stage, "wamid.2", ANN, "system", told)]).await;
    stage.brings_as(json!([]), &[ann("wamid.3", ANN, "US.1"), ann("wamid.4", BEN, "US.2")]).await;
    assert_eq!(stage.conversations().await.len(), 1, "late words from the old number are still hers");
    stage.brings_as(json!([]), &[ann("wamid.5", ANN, "US.77")]).await;
    assert_eq!(stage.conversations().await.len(), 2, "an id nobody knew is somebody else");
    stage.brings(&[words(&stage, "wamid.6", ANN, "by number only")]).await;
    let all = stage.conversations().await;
    let mut counts: Vec<i64> = all.iter().map(|one| one["last_seq"].as_i64().expect("a number")).collect();
    counts.sort_unstable();
    assert_eq!(counts, [2, 4], "{all:#?}");
}

#[tokio::test]
async fn two_contacts_that_turn_out_to_be_one_become_the_older_one() {
    let stage = Stage::connected().await;
    stage.brings_as(json!([]), &[from(&stage, "wamid.1", json!({ "from_user_id": "US.1" }))]).await;
    let first = stage.conversation().await["contact"]["id"].clone();
    stage.app.later(std::time::Duration::from_secs(1));
    stage.brings(&[words(&stage, "wamid.2", ANN, "by number")]).await;
    assert_eq!(stage.conversations().await.len(), 2);
    let both = from(&stage, "wamid.3", json!({ "from": ANN, "from_user_id": "US.1" }));
    stage.brings_as(json!([]), &[both, words(&stage, "wamid.4", ANN, "again")]).await;
    let all = stage.conversations().await;
    assert!(all.iter().all(|one| one["contact"]["id"] == first), "{all:#?}");
    assert_eq!(stage.people().await.len(), 1);
    let said: i64 = all.iter().map(|one| one["last_seq"].as_i64().expect("a number")).sum();
    assert_eq!(said, 4, "nothing is lost: {all:#?}");
    assert_eq!(all.iter().filter(|one| one["status"] == "open").count(), 1);
}

#[tokio::test]
async fn somebody_who_adopts_a_username_stays_who_they_are() {
    let stage = Stage::connected().await;
    for hidden in ["omitted", "empty", "bsuid"] {
        stage.sim.world(|world| world.switches.hidden_phone = hidden.into());
        stage.sim.user(ANN).says("seen");
        stage.lines().await;
        stage.sim.user(ANN).act("adopt_username", json!({ "username": "ann.w" }));
        stage.sim.user(ANN).act("forget_phone", json!({}));
        stage.sim.user(ANN).says("hidden");
        stage.lines().await;
        stage.sim.user(ANN).act("drop_username", json!({}));
    }
    one_of(&stage, 6).await;
    // somebody without a name is called by their handle
    let people = json!([{ "user_id": "US.9", "profile": { "username": "@ben" } }]);
    stage.brings_as(people, &[from(&stage, "wamid.9", json!({ "from_user_id": "US.9" }))]).await;
    assert!(stage.people().await.iter().any(|one| one["name"] == "@ben"));
}

#[tokio::test]
async fn one_person_writes_to_two_numbers_and_has_a_conversation_with_each() {
    let stage = Stage::connected().await;
    let app = stage.meta["id"].as_str().expect("an id");
    harness::whatsapp::connect(&stage.app, &stage.tenant, app, "777", "888").await;
    let to = |number: &str, n: &str| change(number, json!([]), &[words(&stage, n, ANN, n)]);
    stage.takes(&delivery(&[to(Setup::NUMBER, "wamid.1"), to("888", "wamid.2")])).await;
    assert_eq!((stage.conversations().await.len(), stage.people().await.len()), (2, 1));
}
