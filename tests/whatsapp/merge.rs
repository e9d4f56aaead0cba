//! Two contacts who are one person, and the way back.

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::talking::{ADA, Talking};
use crate::world::{id, items};

const ZOE: &str = "491701234567";

impl Talking {
    /// Somebody else writes, and their conversation.
    async fn hears(&self, from: &str, words: &str) -> Value {
        self.stage.sim.user(from).says(words);
        self.passes().await;
        let all = items(&self.owner, "/v1/conversations?status=all").await;
        all.into_iter().find(|one| one["preview"] == words).expect("their conversation")
    }

    async fn conversation_of(&self, conversation: &Value) -> Value {
        let path = format!("/v1/conversations/{}", id(conversation));
        self.owner.http.get(&path).await.ok()["conversation"].clone()
    }

    async fn merges(&self, kept: &Value, gone: &Value) -> Value {
        let path = format!("/v1/contacts/{}/merge", id(kept));
        self.owner.http.post(&path, json!({ "with": gone["id"] })).await.is(201)
    }

    async fn undoes(&self, merge: &Value) -> Value {
        self.owner.http.post(&format!("/v1/contacts/merges/{}/undo", id(merge)), json!({})).await.ok()
    }
}

#[tokio::test]
async fn the_kept_person_takes_conversations_and_names_and_the_older_of_two_open_ones_ends() {
    let talk = Talking::begin().await;
    let ada = talk.shown().await;
    talk.stage.app.later(std::time::Duration::from_secs(5));
    let zoe = talk.hears(ZOE, "My other phone").await;
    let email = json!({ "email": "zoe@example.com" });
    talk.owner.http.patch(&format!("/v1/contacts/{}", id(&zoe["contact"])), email).await.ok();
    let merge = talk.merges(&ada["contact"], &zoe["contact"]).await;
    assert_eq!((&merge["conversations"], &merge["gone_name"]), (&json!(1), &json!("Zoë Krüger")));
    assert_eq!(merge["by"]["kind"], "agent");
    let (older, newer) = (talk.shown().await, talk.conversation_of(&zoe).await);
    assert_eq!((&older["status"], &newer["status"]), (&json!("resolved"), &json!("open")));
    assert_eq!(newer["contact"]["id"], ada["contact"]["id"]);
    let kept = talk.owner.http.get(&format!("/v1/contacts/{}", id(&ada["contact"]))).await.ok();
    assert_eq!((&kept["name"], &kept["email"]), (&json!("Pablo Morales"), &json!("zoe@example.com")));
    // both phones lead to the one conversation now
    for (who, words) in [(ZOE, "From there"), (ADA, "From here")] {
        let heard = talk.hears(who, words).await;
        assert_eq!(heard["id"], zoe["id"], "{words}");
    }
    // the gone id answers with the kept one, and lists show one person
    let path = format!("/v1/contacts/{}", id(&zoe["contact"]));
    assert_eq!(talk.owner.http.get(&path).await.ok()["id"], ada["contact"]["id"]);
    assert_eq!(items(&talk.owner, &format!("{path}/conversations")).await.len(), 2);
    assert_eq!(items(&talk.owner, "/v1/contacts").await.len(), 1);
    for contact in [&ada, &zoe] {
        let listed = items(&talk.owner, &format!("/v1/contacts/{}/merges", id(&contact["contact"]))).await;
        assert_eq!(listed, std::slice::from_ref(&merge));
    }
}

#[tokio::test]
async fn a_merge_is_taken_back_exactly_and_what_came_since_stays() {
    let talk = Talking::begin().await;
    let ada = talk.shown().await;
    talk.stage.app.later(std::time::Duration::from_secs(5));
    let zoe = talk.hears(ZOE, "My other phone").await;
    let (kept, gone) = (&ada["contact"], &zoe["contact"]);
    talk.owner.http.patch(&format!("/v1/contacts/{}", id(gone)), json!({ "email": "zoe@example.com" })).await.ok();
    let before = talk.stage.rows("wa_alias").await;
    let merge = talk.merges(kept, gone).await;
    talk.hears(ZOE, "Written while we were one").await;
    let undone = talk.undoes(&merge).await;
    assert!(undone["undone_at"].is_string());
    let (mine, theirs) = (talk.shown().await, talk.conversation_of(&zoe).await);
    assert_eq!((&mine["contact"]["id"], &mine["status"]), (&kept["id"], &json!("open")), "it goes on");
    assert_eq!((&theirs["contact"]["id"], &theirs["preview"]), (&gone["id"], &json!("Written while we were one")));
    let mine = talk.owner.http.get(&format!("/v1/contacts/{}", id(kept))).await.ok();
    assert_eq!((&mine["name"], &mine["email"]), (&json!("Pablo Morales"), &Value::Null));
    assert_eq!(talk.stage.rows("wa_alias").await, before);
    for (who, words, conversation) in [(ZOE, "Mine again", &zoe), (ADA, "And mine", &ada)] {
        assert_eq!(talk.hears(who, words).await["id"], conversation["id"], "{words}");
    }
    assert_eq!(items(&talk.owner, "/v1/contacts").await.len(), 2);
    let path = format!("/v1/contacts/merges/{}/undo", id(&merge));
    talk.owner.http.post(&path, json!({})).await.refused(409, "merge_undone");
    // and once more, the other way round
    let again = talk.merges(gone, kept).await;
    assert_eq!(again["kept_id"], gone["id"]);
}

#[tokio::test]
async fn of_two_merges_the_later_one_is_taken_back_first() {
    let talk = Talking::begin().await;
    let ada = talk.shown().await["contact"].clone();
    let zoe = talk.hears(ZOE, "Zoë here").await["contact"].clone();
    let joao = talk.hears("5541998765432", "João here").await["contact"].clone();
    let first = talk.merges(&zoe, &joao).await;
    let second = talk.merges(&ada, &zoe).await;
    assert_eq!(second["conversations"], 2);
    let path = format!("/v1/contacts/{}", id(&joao));
    assert_eq!(talk.owner.http.get(&path).await.ok()["id"], ada["id"], "from one to the next");
    let path = format!("/v1/contacts/merges/{}/undo", id(&first));
    talk.owner.http.post(&path, json!({})).await.refused(409, "merged_since");
    let again = format!("/v1/contacts/{}/merge", id(&ada));
    let body = talk.owner.http.post(&again, json!({ "with": joao["id"] })).await.refused(422, "validation");
    assert_eq!(body["fields"][0]["code"], "same_person");
    talk.undoes(&second).await;
    talk.undoes(&first).await;
    for (who, contact) in [(ADA, &ada), (ZOE, &zoe), ("5541998765432", &joao)] {
        let words = format!("{who} is alone again");
        assert_eq!(talk.hears(who, &words).await["contact"]["id"], contact["id"]);
    }
}

#[tokio::test]
async fn a_visitor_of_a_web_site_is_always_the_one_who_is_kept_and_never_sees_whatsapp() {
    let talk = Talking::begin().await;
    let ada = talk.shown().await;
    let widget = talk.stage.tenant.has_widget("http://localhost:3000").await;
    let mut visitor = talk.stage.app.visitor(&widget).await;
    visitor.says("I am Ada, on your site").await;
    let path = format!("/v1/conversations/{}", visitor.conversation());
    let on_site = talk.owner.http.get(&path).await.ok()["conversation"]["contact"].clone();
    let refused = format!("/v1/contacts/{}/merge", id(&ada["contact"]));
    talk.owner.http.post(&refused, json!({ "with": on_site["id"] })).await.refused(409, "visitor_goes_on");
    talk.merges(&on_site, &ada["contact"]).await;
    assert_eq!(talk.shown().await["contact"]["id"], on_site["id"]);
    // what is said on WhatsApp is hers, but not her browser's
    visitor.listens().await;
    talk.hears(ADA, "On WhatsApp, privately").await;
    talk.says("Answered on WhatsApp").await;
    talk.passes().await;
    let secret = talk.conversation().to_owned();
    visitor.http.get(&format!("/widget/v1/conversations/{secret}/messages")).await.refused(404, "not_found");
    let body = json!({ "client_id": "sneaky", "body": "let me in" });
    visitor.http.post(&format!("/widget/v1/conversations/{secret}/messages"), body).await.refused(404, "not_found");
    let mine = visitor.http.get("/widget/v1/conversations").await.ok().to_string();
    assert!(!mine.contains(&secret) && mine.contains(visitor.conversation()), "{mine}");
    // her session goes on, and hears her own conversation only
    let posted = json!({ "client_id": "still-here", "body": "Still here" });
    visitor.posts(posted).await.is(201);
    visitor.sees("Still here").await;
    let heard = visitor.live().settled().await;
    assert!(!heard.iter().any(|frame| frame.to_string().contains(&secret)), "{heard:?}");
}

#[tokio::test]
async fn two_contacts_whose_names_meet_are_merged_by_themselves_and_people_can_take_it_back() {
    let talk = Talking::begin().await;
    let number = talk.stage.sim.number(Setup::NUMBER);
    let hear = |from: Value, words: &str| {
        let mut message = json!({ "id": format!("wamid.{words}"), "timestamp": "1796126400", "type": "text", "text": { "body": words } });
        message.as_object_mut().expect("an object").extend(from.as_object().expect("names").clone());
        number.act("push", &json!({ "field": "messages", "keys": { "messages": [message] } }));
    };
    hear(json!({ "from": "4930123456" }), "by-number");
    hear(json!({ "from_user_id": "DE.777777" }), "by-id");
    talk.passes().await;
    assert_eq!(items(&talk.owner, "/v1/contacts").await.len(), 3);
    hear(json!({ "from": "4930123456", "from_user_id": "DE.777777" }), "by-both");
    talk.passes().await;
    let people = items(&talk.owner, "/v1/contacts").await;
    assert_eq!(people.len(), 2, "{people:?}");
    let all = items(&talk.owner, "/v1/conversations?status=all").await;
    let theirs: Vec<&Value> = all.iter().filter(|one| one["id"] != talk.conversation()).collect();
    assert_eq!(theirs.len(), 2);
    assert_eq!(theirs[0]["contact"]["id"], theirs[1]["contact"]["id"]);
    assert_eq!(theirs.iter().filter(|one| one["status"] == "open").count(), 1);
    let path = format!("/v1/contacts/{}/merges", id(&theirs[0]["contact"]));
    let merges = items(&talk.owner, &path).await;
    assert_eq!((merges.len(), &merges[0]["by"]["kind"]), (1, &json!("system")));
    talk.undoes(&merges[0]).await;
    assert_eq!(items(&talk.owner, "/v1/contacts").await.len(), 3);
}

#[tokio::test]
async fn a_viewer_merges_nobody() {
    let talk = Talking::begin().await;
    let zoe = talk.hears(ZOE, "Zoe here").await["contact"].clone();
    let path = format!("/v1/contacts/{}/merge", id(&talk.shown().await["contact"]));
    let viewer = talk.stage.tenant.invites(&talk.stage.app, "Vic", "viewer").await;
    viewer.http.post(&path, json!({ "with": zoe["id"] })).await.refused(403, "role_required");
    let agent = talk.stage.tenant.invites(&talk.stage.app, "Amy", "agent").await;
    let merge = agent.http.post(&path, json!({ "with": zoe["id"] })).await.is(201);
    let undo = format!("/v1/contacts/merges/{}/undo", id(&merge));
    viewer.http.post(&undo, json!({})).await.refused(403, "role_required");
    assert_eq!(viewer.http.get(&format!("/v1/contacts/{}/merges", id(&zoe))).await.ok()["items"][0], merge);
}
