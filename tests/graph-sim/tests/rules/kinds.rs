//! Every kind of message arrives, with what the dossier says is in it.

use graph_sim::actor::KINDS;
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage};

async fn one(stage: &Stage, kind: &str, args: Value) -> Value {
    let id = stage.sim.user(PABLO).sends(kind, args);
    stage.sim.settle().await;
    stage.ear.all("messages").into_iter().find(|message| message["id"] == id.as_str()).expect("it is pushed")
}

#[tokio::test]
async fn every_kind_arrives_with_a_type_and_what_belongs_to_it() {
    let stage = Stage::set().await;
    for kind in KINDS {
        let message = one(&stage, kind, json!({})).await;
        let name = message["type"].as_str().expect("a type");
        assert!(message["timestamp"].as_str().is_some_and(|stamp| stamp.parse::<i64>().is_ok()));
        assert!(message["from_user_id"].as_str().is_some_and(|id| id.starts_with("US.")));
        let bare = ["unsupported", "unknown", "request_welcome"].contains(&name);
        assert!(bare || !message[name].is_null(), "{kind}: {message}");
    }
}

#[tokio::test]
async fn media_carry_what_the_dossier_says() {
    let stage = Stage::set().await;
    let image = one(&stage, "image", json!({"caption": "See"})).await["image"].clone();
    assert!(image["url"].as_str().is_some_and(|url| url.contains("ext=")));
    assert_eq!((&image["caption"], image["sha256"].as_str().map(str::len)), (&json!("See"), Some(44)));
    stage.sim.switch(&json!({"media_url": false, "webhook_sha256": "hex"}));
    let image = one(&stage, "image", json!({})).await["image"].clone();
    assert_eq!((image["url"].is_null(), image["sha256"].as_str().map(str::len)), (true, Some(64)));
    assert_eq!(one(&stage, "voice", json!({})).await["audio"]["voice"], true);
    assert_eq!(one(&stage, "audio", json!({})).await["audio"]["voice"], false);
    assert_eq!(one(&stage, "document", json!({})).await["document"]["filename"], "Currículum café.pdf");
    assert!(one(&stage, "document_without_name", json!({})).await["document"]["filename"].is_null());
    assert_eq!(one(&stage, "animated_sticker", json!({})).await["sticker"]["animated"], true);
    assert_eq!(one(&stage, "media_error", json!({})).await["errors"][0]["code"], 131_052);
    assert_eq!(one(&stage, "unsupported_poll", json!({})).await["errors"][0]["code"], 131_051);
}

#[tokio::test]
async fn context_says_quoted_forwarded_and_product() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("hello");
    let ours = stage.text("+16505551234", "quote me").await;
    let reply = one(&stage, "text", json!({"reply_to": ours})).await;
    assert_eq!(reply["context"], json!({"from": "15550783881", "id": ours}));
    stage.sim.switch(&json!({"context_from": "phone_number_id"}));
    let reply = one(&stage, "text", json!({"reply_to": "wamid.unknown"})).await;
    assert_eq!(reply["context"], json!({"from": "106540352242922", "id": "wamid.unknown"}));
    let forwarded = one(&stage, "text", json!({"forwarded": true})).await;
    assert_eq!(forwarded["context"], json!({"forwarded": true}), "without an id");
    assert_eq!(
        one(&stage, "text", json!({"forwarded": "frequently"})).await["context"],
        json!({"frequently_forwarded": true})
    );
    let group = one(&stage, "text", json!({"group_id": "Y2Fw"})).await;
    assert_eq!((&group["group_id"], &group["from"]), (&json!("Y2Fw"), &json!(PABLO)));
}

#[tokio::test]
async fn a_reaction_is_taken_back_by_leaving_the_emoji_out_or_empty() {
    let stage = Stage::set().await;
    let pablo = stage.sim.user(PABLO);
    let id = pablo.says("hello");
    pablo.act("react", json!({"message": id, "emoji": "❤️"}));
    pablo.act("unreact", json!({"message": id}));
    stage.sim.settle().await;
    stage.sim.switch(&json!({"reaction_removal": "empty"}));
    pablo.act("unreact", json!({"message": id}));
    stage.sim.settle().await;
    let all = stage.ear.all("messages");
    let reactions: Vec<_> =
        all.iter().filter(|message| message["type"] == "reaction").map(|m| m["reaction"].clone()).collect();
    assert!(reactions.contains(&json!({"message_id": id, "emoji": "❤️"})));
    assert!(reactions.contains(&json!({"message_id": id})));
    assert!(reactions.contains(&json!({"message_id": id, "emoji": ""})));
}

#[tokio::test]
async fn edits_and_revocations_name_the_original_and_have_ids_of_their_own() {
    let stage = Stage::set().await;
    let pablo = stage.sim.user(PABLO);
    let id = pablo.says("helo");
    pablo.act("edit", json!({"message": id, "text": "hello"}));
    stage.sim.settle().await;
    pablo.act("revoke", json!({"message": id}));
    stage.sim.settle().await;
    let all = stage.ear.all("messages");
    assert_eq!(all[1]["edit"]["original_message_id"], id.as_str());
    assert_eq!(all[1]["edit"]["message"]["text"]["body"], "hello");
    assert_eq!(all[2]["revoke"], json!({"original_message_id": id}));
    assert!(all[1]["id"] != id.as_str() && all[2]["id"] != all[1]["id"]);
    assert!(pablo.sees()[0].edited && pablo.sees()[0].revoked);
}

#[tokio::test]
async fn what_was_sent_can_be_tapped() {
    let stage = Stage::set().await;
    let pablo = stage.sim.user(PABLO);
    pablo.says("hello");
    let button = |id: &str, title: &str| json!({"type": "reply", "reply": {"id": id, "title": title}});
    let buttons = json!({"type": "button", "body": {"text": "?"}, "action": {"buttons": [button("y", "Yes"), button("n", "No")]}});
    let rows = json!([{"id": "r1", "title": "One"}, {"id": "r2", "title": "Two", "description": "second"}]);
    let list = json!({"type": "list", "body": {"text": "?"}, "action": {"button": "Pick", "sections": [{"title": "S", "rows": rows}]}});
    let (_, first) = stage.send("+16505551234", "interactive", buttons).await;
    let (_, second) = stage.send("+16505551234", "interactive", list).await;
    let template = json!({"name": "order_update", "language": {"code": "en_US"}, "components": [
        {"type": "body", "parameters": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
        {"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": "P"}]},
        {"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": "1"}]}]});
    let (_, third) = stage.send("+16505551234", "template", template).await;
    for (answer, choice) in [(&first, 1), (&second, 1), (&third, 0)] {
        pablo.act("tap", json!({"message": answer["messages"][0]["id"], "choice": choice}));
        stage.sim.settle().await;
    }
    let all = stage.ear.all("messages");
    assert_eq!(all[1]["interactive"], json!({"type": "button_reply", "button_reply": {"id": "n", "title": "No"}}));
    assert_eq!(all[2]["interactive"]["list_reply"], json!({"id": "r2", "title": "Two", "description": "second"}));
    assert_eq!(all[3]["button"], json!({"payload": "P", "text": "Thanks"}));
    assert_eq!(all[1]["context"]["id"], first["messages"][0]["id"]);
}

#[tokio::test]
async fn an_album_is_as_many_pushes_at_once_and_an_ad_brings_its_referral() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).act("album", json!({"n": 10}));
    stage.sim.settle().await;
    assert_eq!(stage.ear.heard().len(), 10);
    let ad = stage.sim.user(PABLO).act("ctwa", json!({"text": "From the ad"}));
    stage.sim.settle().await;
    let message = stage.ear.all("messages").into_iter().find(|message| message["id"] == ad["id"]).expect("it");
    assert!(message["referral"]["ctwa_clid"].is_string());
    assert!(one(&stage, "referral_status", json!({})).await["referral"]["ctwa_clid"].is_null());
}
