//! Deleting conversations.

use std::time::Duration;

use harness::files_check::{assert_agree, keys};
use serde_json::json;
use store::Replay;

use super::dump::dump;
use super::people::{Stage, id, sent_up};

#[tokio::test]
async fn a_deleted_conversation_leaves_no_byte_behind() {
    let mut stage = Stage::set().await;
    stage.anna_attaches("velvet-list.txt", "velvet words in a file").await;
    stage.anna_sends("velvet words in a message", &[]).await;
    let owner = &stage.tenant.owner;
    let path = format!("{}/messages", stage.conversation());
    let say = async |body| owner.http.post(&path, body).await;
    say(json!({ "client_id": "n1", "body": "a velvet note", "visibility": "note" })).await.is(201);
    let note = sent_up(&owner.http, "/v1/files", "velvet-note.txt", "velvet in a note").await;
    say(json!({ "client_id": "n2", "body": "", "visibility": "note", "file_ids": [id(&note)] })).await.is(201);
    stage.app.later(Duration::from_secs(1));
    let about = json!({ "context": { "title": "Velvet sofa", "image": null, "price": null, "url": null } });
    stage.anna.http.patch("/widget/v1/visitor", about).await.ok();
    stage.app.run_due().await;
    let conn = stage.app.ctx().db.platform();
    let hex = stage.anna.conversation().trim_start_matches("cnv_").to_owned();
    assert!(dump(conn).await.to_lowercase().matches("velvet").count() > 8, "the premise: it is there");
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await.len(), 2);

    owner.http.delete(&stage.conversation()).await.is(204);
    let at_once = dump(conn).await.to_lowercase();
    let outside: Vec<_> =
        at_once.lines().filter(|line| line.contains("velvet") && !line.starts_with("outbox:")).collect();
    assert!(outside.is_empty(), "right after the answer: {outside:#?}");
    stage.app.run_due().await;
    let left = dump(conn).await.to_lowercase();
    let lines: Vec<_> = left.lines().filter(|line| line.contains("velvet")).collect();
    assert!(lines.is_empty(), "{lines:#?}");
    let named: Vec<_> = left.lines().filter(|line| line.contains(&hex) && !line.starts_with("outbox:")).collect();
    assert!(named.is_empty(), "beside the stream nothing knows of it: {named:#?}");
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await, [""; 0]);
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn nobody_reaches_a_deleted_conversation_and_the_visitor_begins_anew() {
    let mut stage = Stage::set().await;
    let file = stage.anna_attaches("list.txt", "words").await;
    let (path, own) = (stage.conversation(), stage.anna.conversation().to_owned());
    stage.mia.http.delete(&path).await.refused(403, "role_required");
    stage.tenant.owner.http.delete(&path).await.is(204);
    let owner = &stage.tenant.owner.http;
    owner.delete(&path).await.refused(404, "not_found");
    for path in
        [path.clone(), format!("{path}/messages"), format!("{path}/files"), format!("/v1/files/{}/state", id(&file))]
    {
        owner.get(&path).await.refused(404, "not_found");
    }
    let anna = &stage.anna.http;
    anna.get(&format!("/widget/v1/conversations/{own}/messages")).await.refused(404, "not_found");
    anna.post(&format!("/widget/v1/conversations/{own}/messages"), json!({ "client_id": "a", "body": "still there?" }))
        .await
        .refused(404, "not_found");
    assert_eq!(owner.get("/v1/unread").await.ok()["total"], 0);
    stage.anna.conversation = None;
    stage.anna.says("hello again").await;
    assert_ne!(stage.anna.conversation(), own);
}

#[tokio::test]
async fn everybody_who_saw_it_is_told_and_whoever_comes_back_hears_no_word_of_it() {
    let mut stage = Stage::set().await;
    let start = stage.app.ctx().db.head(stage.tenant.id.parse().expect("an id"));
    stage.mia.opens_inbox().await;
    stage.anna.listens().await;
    stage.anna_sends("a velvet secret", &[]).await;
    let conversation = stage.anna.conversation().to_owned();
    stage.app.later(Duration::from_secs(300));
    stage.tenant.owner.http.delete(&stage.conversation()).await.is(204);
    for live in [stage.mia.live(), stage.anna.live()] {
        assert_eq!(live.sees("conversation_deleted").await["conversation_id"], json!(conversation));
    }
    stage.app.run_due().await;
    let tenant = stage.tenant.id.parse().expect("an id");
    let Replay::Events(events) = stage.app.ctx().db.replay(tenant, start, 100).await.expect("events") else {
        panic!("told to start over");
    };
    assert_eq!(events.len(), 2, "the message's place is still there");
    let numbers: Vec<_> = events.iter().map(|event| event.position.n).collect();
    assert_eq!(numbers, [start.n + 1, start.n + 2], "positions are dense");
    let gone = json!({ "type": "conversation_deleted", "conversation_id": conversation }).to_string();
    for event in &events {
        let (told, gone): (serde_json::Value, serde_json::Value) =
            (serde_json::from_str(&event.body).expect("JSON"), serde_json::from_str(&gone).expect("JSON"));
        assert_eq!(told, gone);
    }
    assert_eq!(events[0].audience, events[1].audience, "who may hear a place does not change");
}

#[tokio::test]
async fn deleting_one_conversation_leaves_the_words_of_the_others() {
    let mut stage = Stage::set().await;
    let own = stage.anna.conversation().to_owned();
    let widget = harness::Widget { id: widget_of(&stage).await, origin: super::people::SHOP.to_owned() };
    let mut ben = stage.app.visitor(&widget).await;
    // a message that consists of the other's id looks like an event of it
    ben.says(&own).await;
    ben.says("plain words").await;
    stage.anna_sends("velvet", &[]).await;
    stage.tenant.owner.http.delete(&stage.conversation()).await.is(204);
    stage.app.run_due().await;
    stage.app.run_due().await;
    let words = dump(stage.app.ctx().db.platform()).await;
    assert!(!words.contains("velvet"));
    let kept = words.lines().filter(|line| line.starts_with("outbox:") && line.contains("message_posted"));
    assert_eq!(kept.count(), 2, "both of Ben's messages are still in the stream");
    assert_eq!(ben.reads().await.len(), 2);
}

async fn widget_of(stage: &Stage) -> String {
    let widgets = stage.tenant.owner.http.get("/v1/widgets").await.ok();
    widgets["items"][0]["id"].as_str().expect("an id").to_owned()
}
