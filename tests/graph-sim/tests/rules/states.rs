//! The states of what was sent.

use graph_sim::Setup;
use graph_sim::world::DAY;
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage};

async fn open_stage() -> Stage {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("hello");
    stage.sim.settle().await;
    stage
}

fn statuses(stage: &Stage, id: &str) -> Vec<Value> {
    stage.ear.all("statuses").into_iter().filter(|status| status["id"] == id).collect()
}

#[tokio::test]
async fn an_open_chat_reads_at_once_and_may_skip_delivered() {
    let stage = open_stage().await;
    stage.sim.user(PABLO).act("open", json!({}));
    let id = stage.text("+16505551234", "Hi").await;
    stage.sim.advance(3000).await;
    assert_eq!(stage.ear.states(&id), ["sent", "delivered", "read"]);
    stage.sim.switch(&json!({"delivered_skip": 1.0}));
    let id = stage.text("+16505551234", "Hi").await;
    stage.sim.advance(3000).await;
    assert_eq!(stage.ear.states(&id), ["sent", "read"]);
    stage.sim.user(PABLO).act("receipts", json!({"on": false}));
    let id = stage.text("+16505551234", "Hi").await;
    stage.sim.advance(3000).await;
    assert_eq!(stage.ear.states(&id), ["sent", "delivered"], "without receipts");
}

#[tokio::test]
async fn a_phone_that_is_off_receives_when_it_is_on_again() {
    let stage = open_stage().await;
    stage.sim.user(PABLO).act("offline", json!({"days": 2}));
    let id = stage.text("+16505551234", "Hi").await;
    stage.sim.advance(DAY).await;
    assert_eq!(stage.ear.states(&id), ["sent"]);
    stage.sim.advance(2 * DAY).await;
    assert_eq!(stage.ear.states(&id), ["sent", "delivered"]);
    stage.sim.user(PABLO).says("back");
    stage.sim.user(PABLO).act("offline", json!({"days": 20}));
    let id = stage.text("+16505551234", "Hi").await;
    stage.sim.advance(DAY / 2).await;
    stage.sim.user(PABLO).act("online", json!({}));
    stage.sim.settle().await;
    assert_eq!(stage.ear.states(&id), ["sent", "delivered"]);
}

#[tokio::test]
async fn a_reaction_is_only_sent_and_a_voice_note_is_played_once() {
    let stage = open_stage().await;
    let (_, answer) = stage.send("+16505551234", "reaction", json!({"message_id": "wamid.x", "emoji": "👍"})).await;
    stage.sim.switch(&json!({"link_fetch": false}));
    let (_, voice) =
        stage.send("+16505551234", "audio", json!({"link": "https://example.com/a.ogg", "voice": true})).await;
    stage.sim.advance(3000).await;
    assert_eq!(stage.ear.states(answer["messages"][0]["id"].as_str().expect("an id")), ["sent"]);
    for _ in 0..2 {
        stage.sim.user(PABLO).act("play", json!({"message": voice["messages"][0]["id"]}));
        stage.sim.settle().await;
    }
    assert_eq!(stage.ear.states(voice["messages"][0]["id"].as_str().expect("an id")), ["sent", "delivered", "played"]);
}

#[tokio::test]
async fn statuses_carry_who_what_and_the_echoed_opaque_text() {
    let stage = open_stage().await;
    let body = json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "text", "text": {"body": "Hi"}, "biz_opaque_callback_data": "uuid-1"});
    let (_, answer) = stage.call("POST", &format!("{}/messages", Setup::NUMBER), Some(body)).await;
    stage.sim.advance(3000).await;
    let id = answer["messages"][0]["id"].as_str().expect("an id");
    let all = statuses(&stage, id);
    for status in &all {
        assert_eq!((&status["recipient_id"], &status["biz_opaque_callback_data"]), (&json!(PABLO), &json!("uuid-1")));
        assert!(status["recipient_user_id"].is_string() && status["timestamp"].is_string());
        assert!(status["conversation"].is_null(), "gone from v24");
    }
    assert_eq!(all[0]["pricing"]["type"], "regular", "service is billed since October 2026");
    stage.sim.world(|world| world.apps.values_mut().for_each(|app| app.version = "23.0".to_owned()));
    let id = stage.text("+16505551234", "old app").await;
    stage.sim.advance(3000).await;
    assert!(statuses(&stage, &id)[0]["conversation"]["expiration_timestamp"].is_string());
}

#[tokio::test]
async fn a_failed_status_names_neither_card_nor_scoped_id_when_sent_to_a_phone() {
    let stage = Stage::set().await;
    let id = stage.text("+16505551234", "window closed").await;
    stage.sim.advance(3000).await;
    let value = stage.ear.heard()[0].json()["entry"][0]["changes"][0]["value"].clone();
    assert!(value["contacts"].is_null());
    let status = &statuses(&stage, &id)[0];
    assert_eq!((&status["status"], status["recipient_user_id"].is_null()), (&json!("failed"), true));
    assert_eq!(status["errors"][0]["code"], 131_047);
    assert!(status["errors"][0]["error_data"]["details"].is_string() && status["errors"][0]["href"].is_string());
    for (reading, expected) in [("sent", vec!["sent", "failed"]), ("delivered", vec!["sent", "delivered", "failed"])] {
        stage.sim.switch(&json!({"failed_after": reading}));
        let id = stage.text("+16505551234", "window closed").await;
        stage.sim.advance(3000).await;
        assert_eq!(stage.ear.states(&id), expected);
    }
}
