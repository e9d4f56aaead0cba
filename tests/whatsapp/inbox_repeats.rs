//! Meta says everything at least once, in any order and in any company: it counts once.

use futures::future::join_all;
use graph_sim::Setup;
use serde_json::{Value, json};

use crate::inbox::{ANN, BEN, change, delivery, message, words};
use crate::world::{Stage, count, id, items};

#[tokio::test]
async fn f1_twenty_copies_at_once_and_ten_in_a_row_are_one_message() {
    let stage = Stage::connected().await;
    let body = delivery(&[change(Setup::NUMBER, json!([]), &[words(&stage, "wamid.A", ANN, "Once")])]);
    let answers = join_all((0..20).map(|_| stage.delivers(Setup::SECRET, &body))).await;
    assert_eq!(answers, [200; 20]);
    stage.app.run_due().await;
    assert_eq!(stage.said().await, ["Once"]);
    for _ in 0..10 {
        stage.takes(&body).await;
    }
    for days in [3, 4] {
        stage.app.later(std::time::Duration::from_secs(days * 86_400 - 8_640));
        assert_eq!(stage.delivers(Setup::SECRET, &body).await, 200);
        stage.app.run_due().await;
    }
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await;
    let shown = items(&owner, "/v1/conversations").await;
    assert_eq!((shown.len(), &shown[0]["last_seq"], &shown[0]["unread"]), (1, &json!(1), &json!(1)));
}

#[tokio::test]
async fn f1_ten_pictures_at_once_from_somebody_new_are_ten_messages_of_one_conversation() {
    let stage = Stage::connected().await;
    let bodies: Vec<Vec<u8>> = (0..10)
        .map(|n| {
            let image =
                message(&stage, &format!("wamid.{n}"), ANN, "image", json!({ "id": n, "mime_type": "image/jpeg" }));
            let people = json!([{ "wa_id": ANN, "user_id": "US.1", "profile": { "name": "Ann" } }]);
            delivery(&[change(Setup::NUMBER, people, &[image])])
        })
        .collect();
    let posted = join_all(bodies.iter().map(|body| stage.delivers(Setup::SECRET, body))).await;
    assert_eq!(posted, [200; 10]);
    stage.app.run_due().await;
    let thread = stage.thread().await;
    assert_eq!(thread.len(), 10);
    let seqs: Vec<i64> = thread.iter().map(|message| message["seq"].as_i64().expect("a number")).collect();
    assert_eq!(seqs, (1..=10).collect::<Vec<_>>());
    assert_eq!(stage.people().await.len(), 1);
}

#[tokio::test]
async fn several_workers_at_once_make_one_person_and_one_conversation() {
    let stage = Stage::connected().await;
    // each delivery in a lane of its own: all are worked on at once
    for n in 0..12 {
        let image = words(&stage, &format!("wamid.{}", n % 6), ANN, &format!("{}", n % 6));
        let from_ben = words(&stage, &format!("wamid.b{n}"), BEN, "Ben");
        let all = if n % 2 == 0 { [image, from_ben] } else { [from_ben, image] };
        assert_eq!(stage.delivers(Setup::SECRET, &delivery(&[change(Setup::NUMBER, json!([]), &all)])).await, 200);
        stage.moves_newest_to(&format!("lane {n}")).await;
    }
    stage.app.run_due().await;
    let all = stage.conversations().await;
    assert_eq!((all.len(), stage.people().await.len()), (2, 2), "{all:#?}");
    let mut counts: Vec<i64> = all.iter().map(|one| one["last_seq"].as_i64().expect("a number")).collect();
    counts.sort_unstable();
    assert_eq!(counts, [6, 12]);
}

#[tokio::test]
async fn f2_the_same_message_in_other_company_and_other_spelling_is_the_same() {
    let stage = Stage::connected().await;
    let (a, b) = (words(&stage, "wamid.A", ANN, "Größe/1"), words(&stage, "wamid.B", ANN, "Two"));
    stage.brings(std::slice::from_ref(&a)).await;
    stage.brings(&[b.clone(), a]).await;
    // escaped as on the wire, members the other way round
    let seconds = stage.app.clock().now().seconds();
    let text = format!(
        r#"{{"entry":[{{"changes":[{{"value":{{"messages":[{{"type":"text","text":{{"body":"Gr\u00f6\u00dfe\/1"}},"timestamp":"{seconds}","id":"wamid.A","from":"{ANN}"}}],"metadata":{{"phone_number_id":"{}"}}}},"field":"messages"}}],"id":"{}"}}],"object":"whatsapp_business_account"}}"#,
        Setup::NUMBER,
        Setup::WABA
    );
    stage.takes(text.as_bytes()).await;
    // twice in one delivery
    stage.brings(&[b.clone(), b]).await;
    assert_eq!(stage.said().await, ["Größe/1", "Two"]);
    assert_eq!(stage.conversation().await["unread"], 2);
}

#[tokio::test]
async fn f1_and_f2_as_the_look_alike_plays_them() {
    let stage = Stage::connected().await;
    let faults = ["F1.concurrent", "F1.later", "F1.serial", "F2.batch", "F2.escaping", "F2.key_order"];
    for fault in faults {
        stage.sim.fault(fault, &json!({ "args": { "n": 5, "days": 3 } }));
        stage.sim.user(ANN).says(fault);
        stage.lines().await;
    }
    stage.sim.advance(4 * 86_400_000).await;
    stage.lines().await;
    let mut said = stage.said().await;
    said.retain(|words| faults.contains(&words.as_str()));
    said.sort_unstable();
    assert_eq!(said, faults);
    assert!(stage.rows("wa_delivery").await > 12, "there were copies");
}

#[tokio::test]
async fn f11_one_poisoned_item_of_a_hundred_harms_no_other() {
    let stage = Stage::connected().await;
    let poisons = [
        json!({ "type": 7, "text": [] }),
        json!(null),
        json!("text"),
        json!({ "id": "wamid.nobody", "type": "text", "text": { "body": "from nobody" } }),
    ];
    for (round, poison) in poisons.iter().enumerate() {
        let mut all: Vec<Value> =
            (0..100).map(|n| words(&stage, &format!("wamid.{round}.{n}"), ANN, &format!("{round} {n}"))).collect();
        all[50] = poison.clone();
        let people = json!([{ "wa_id": ANN, "profile": { "name": "Ann" } }, { "wa_id": BEN }]);
        stage.brings_as(people, &all).await;
    }
    let said = stage.said().await;
    assert_eq!(said.len(), 4 * 99);
    assert_eq!((said[49].as_str(), said[50].as_str(), said[98].as_str()), ("0 49", "0 51", "0 99"), "in their order");
    let failed = items(&stage.tenant.owner, "/v1/whatsapp/deliveries?state=failed").await;
    let mut why: Vec<&str> = failed.iter().map(|line| line["error"].as_str().expect("a reason")).collect();
    why.sort_unstable();
    assert_eq!(why, ["no_message_id", "no_message_id", "no_message_id", "no_sender"]);
    // half a character does not make the whole delivery unreadable
    let text = String::from_utf8(delivery(&[change(
        Setup::NUMBER,
        json!([]),
        &[words(&stage, "wamid.H", ANN, "HALF"), words(&stage, "wamid.I", ANN, "whole")],
    )]));
    stage.takes(text.expect("text").replace("HALF", r"cut \ud83d").as_bytes()).await;
    assert_eq!(stage.said().await[4 * 99..], ["cut \u{fffd}", "whole"]);
}

#[tokio::test]
async fn f12_each_number_of_a_delivery_is_its_own_tenants() {
    let stage = Stage::connected().await;
    let rival = stage.app.tenant("Rival").await;
    let app = stage.meta["id"].as_str().expect("an id");
    // the look-alike has one number; the second is put beside it, in an account of the same app
    harness::whatsapp::connect(&stage.app, &rival, app, "777", "888").await;
    let anns = |n: &str| [words(&stage, n, ANN, n)];
    let unknown = change("999999999999999", json!([]), &anns("wamid.nobody"));
    let changes = [
        change(Setup::NUMBER, json!([]), &anns("wamid.ours")),
        unknown,
        change("888", json!([]), &anns("wamid.theirs")),
    ];
    stage.takes(&delivery(&changes)).await;
    assert_eq!(stage.said().await, ["wamid.ours"]);
    let theirs = items(&rival.owner, "/v1/conversations").await;
    assert_eq!(theirs.len(), 1, "{theirs:?}");
    assert_eq!(rival.owner.reads(id(&theirs[0])).await[0]["body"], "wamid.theirs");
    assert_ne!(theirs[0]["contact"]["id"], stage.conversation().await["contact"]["id"], "nobody is shared");
    let lines = items(&stage.tenant.owner, "/v1/whatsapp/deliveries").await;
    assert_eq!(count(&lines, "message", "done"), 1, "{lines:?}");
}

#[tokio::test]
async fn f12_a_number_that_moved_to_another_account_goes_on() {
    let stage = Stage::connected().await;
    stage.brings(&[words(&stage, "wamid.A", ANN, "Before")]).await;
    let entry = json!({ "id": "555000555", "changes": [change(Setup::NUMBER, json!([]), &[words(&stage, "wamid.B", ANN, "After")])] });
    stage.takes(json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string().as_bytes()).await;
    assert_eq!(stage.said().await, ["Before", "After"]);
}

#[tokio::test]
async fn f19_what_waited_together_gets_its_order_back() {
    let stage = Stage::connected().await;
    let now = stage.app.clock().now().seconds();
    for n in [7, 2, 5, 1, 6, 3, 4] {
        let mut late = words(&stage, &format!("wamid.{n}"), ANN, &format!("{n}"));
        late["timestamp"] = json!((now - 7_200 + n).to_string());
        assert_eq!(stage.delivers(Setup::SECRET, &delivery(&[change(Setup::NUMBER, json!([]), &[late])])).await, 200);
    }
    stage.app.run_due().await;
    assert_eq!(stage.said().await, ["1", "2", "3", "4", "5", "6", "7"]);
}

#[tokio::test]
async fn a_flood_of_one_number_keeps_nobody_else_waiting() {
    let stage = Stage::connected().await;
    // no other work stands in the queue
    stage.app.run_due().await;
    for n in 0..80 {
        let body = delivery(&[change(Setup::NUMBER, json!([]), &[words(&stage, &format!("wamid.{n}"), ANN, "Flood")])]);
        assert_eq!(stage.delivers(Setup::SECRET, &body).await, 200);
    }
    // ids of one moment are in no order: without this the newest would be anybody's
    stage.app.clock().advance(std::time::Duration::from_millis(1));
    let ben = delivery(&[change(Setup::NUMBER, json!([]), &[words(&stage, "wamid.ben", BEN, "Me too")])]);
    assert_eq!(stage.delivers(Setup::SECRET, &ben).await, 200);
    assert_eq!(stage.jobs("whatsapp.ingest").await, 1, "a lane has one job, however much waits in it");
    stage.moves_newest_to("another lane").await;
    stage.app.run_due().await;
    assert_eq!(stage.conversations().await.len(), 2);
    let posted = stage.posted().await;
    let before = posted.iter().position(|words| words == "Me too").expect("worked on");
    // three handfuls at most, of the five there are
    assert!(before <= 48, "Ben waited for {before} of 80");
    assert_eq!(stage.jobs("whatsapp.ingest").await, 0);
}

#[tokio::test]
async fn a_line_that_waits_or_failed_is_open_when_its_delivery_is_replayed_and_what_is_done_is_not() {
    let stage = Stage::connected().await;
    stage.brings(&[words(&stage, "wamid.A", ANN, "Done"), words(&stage, "wamid.B", ANN, "Lost")]).await;
    // as if the second had been kept before there was a place for it
    stage.sets("update wa_item set state = 'waiting' where nth = 1").await;
    stage.sets("delete from wa_message where seq = 2").await;
    stage.sets("delete from message where seq = 2").await;
    stage.sets("update conversation set last_seq = 1").await;
    let lines = items(&stage.tenant.owner, "/v1/whatsapp/deliveries").await;
    let path = format!("/v1/whatsapp/deliveries/{}/replay", lines[0]["delivery_id"].as_str().expect("an id"));
    for _ in 0..2 {
        stage.tenant.owner.http.post(&path, json!({})).await.is(202);
        stage.app.run_due().await;
        assert_eq!(stage.said().await, ["Done", "Lost"]);
    }
    let lines = items(&stage.tenant.owner, "/v1/whatsapp/deliveries").await;
    assert_eq!(count(&lines, "message", "done"), 2, "{lines:?}");
}
