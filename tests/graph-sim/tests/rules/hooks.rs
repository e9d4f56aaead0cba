//! The bytes and the batches of pushes.

use graph_sim::Setup;
use graph_sim::world::{Number, Waba};
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage};

#[tokio::test]
async fn every_wire_form_carries_the_same_document() {
    let mut texts = Vec::new();
    for form in ["meta", "escaped", "utf8", "pretty"] {
        let stage = Stage::set().await;
        stage.sim.switch(&json!({"wire": form, "key_order": "stable"}));
        stage.sim.user(PABLO).says("é/漢 \"quoted\"\n\u{1}");
        stage.sim.settle().await;
        let heard = &stage.ear.heard()[0];
        assert!(heard.is_signed(Setup::SECRET));
        assert_eq!(heard.all("messages")[0]["text"]["body"], "é/漢 \"quoted\"\n\u{1}");
        texts.push(String::from_utf8(heard.body.clone()).expect("UTF-8"));
    }
    assert!(texts[0].contains(r"\u00e9\/\u6f22"));
    assert!(texts[1].contains(r"\u00e9/\u6f22"));
    assert!(texts[2].contains("é/漢"));
    assert!(texts[3].contains("\n  "));
}

#[tokio::test]
async fn a_batch_mixes_messages_and_statuses_of_several_numbers_and_accounts() {
    let stage = Stage::set().await;
    stage.sim.waba(Waba {
        id: "500".to_owned(),
        subscribed: [(Setup::APP.to_owned(), None)].into(),
        ..Waba::default()
    });
    stage.sim.world(|world| {
        world.add_number(Number {
            id: "501".to_owned(),
            waba: "500".to_owned(),
            digits: "15550002".to_owned(),
            ..Number::default()
        })
    });
    stage.sim.user(PABLO).says("opens the window");
    stage.sim.settle().await;
    stage.sim.switch(&json!({"batch_ms": 5000, "batch_items": 1000}));
    stage.text("+16505551234", "answer").await;
    for words in ["one", "two"] {
        stage.sim.user(PABLO).says(words);
    }
    stage.sim.user("491701234567").to("501").says("three");
    stage.sim.advance(10_000).await;
    let heard = stage.ear.heard();
    assert_eq!(heard.len(), 2, "one before, one batch");
    let entries = heard[1].json()["entry"].as_array().cloned().expect("entries");
    assert_eq!(entries.len(), 2);
    assert_eq!((heard[1].all("messages").len(), heard[1].all("statuses").len()), (3, 2));
    assert_eq!(entries[0]["changes"].as_array().map(Vec::len), Some(2), "messages and statuses apart");
    stage.sim.switch(&json!({"mix": true}));
    stage.text("+16505551234", "again").await;
    stage.sim.user(PABLO).says("four");
    stage.sim.advance(10_000).await;
    let mixed = &stage.ear.heard()[2].json()["entry"][0]["changes"];
    assert_eq!(mixed.as_array().map(Vec::len), Some(1), "together: {mixed}");
}

#[tokio::test]
async fn a_batch_holds_at_most_what_it_may() {
    let stage = Stage::set().await;
    stage.sim.switch(&json!({"batch_ms": 1000, "batch_items": 1000, "pair_limit": false}));
    for at in 0..1001 {
        stage.sim.user(PABLO).says(&format!("number {at}"));
    }
    stage.sim.advance(2000).await;
    let sizes: Vec<_> = stage.ear.heard().iter().map(|heard| heard.all("messages").len()).collect();
    assert_eq!(sizes, [1000, 1]);
}

#[tokio::test]
async fn account_fields_carry_a_time_and_no_metadata() {
    let stage = Stage::set().await;
    stage.sim.number(Setup::NUMBER).act("quality", &json!({}));
    stage.sim.settle().await;
    let document = stage.ear.heard()[0].json();
    let entry = &document["entry"][0];
    assert!(entry["time"].is_i64() && entry["id"] == Setup::WABA);
    assert_eq!(entry["changes"][0]["field"], "phone_number_quality_update");
    assert!(entry["changes"][0]["value"]["metadata"].is_null());
    stage.sim.user(PABLO).says("messages carry metadata and no time");
    stage.sim.settle().await;
    let document = stage.ear.heard()[1].json();
    assert!(document["entry"][0]["time"].is_null());
    assert_eq!(document["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"], Setup::NUMBER);
}

#[tokio::test]
async fn the_display_number_is_digits_or_formatted() {
    let stage = Stage::set().await;
    for (reading, shown) in [("digits", "15550783881"), ("formatted", "+1 555-078-3881")] {
        stage.sim.switch(&json!({"display_number": reading}));
        stage.sim.user(PABLO).says("hello");
        stage.sim.settle().await;
        let document = stage.ear.heard().last().expect("a push").json();
        assert_eq!(document["entry"][0]["changes"][0]["value"]["metadata"]["display_phone_number"], shown);
    }
}

#[tokio::test]
async fn a_replayed_payload_comes_for_our_number_with_fresh_ids() {
    let stage = Stage::set().await;
    let message = json!({"from": "1650", "id": "wamid.OLD", "timestamp": "1", "type": "text", "text": {"body": "old"}, "extra": {"kept": true}});
    let value = json!({"messaging_product": "whatsapp", "metadata": {"display_phone_number": "1", "phone_number_id": "2"}, "messages": [message]});
    let payload = json!({"object": "whatsapp_business_account", "entry": [{"id": "3", "changes": [{"field": "messages", "value": value}]}]});
    stage.sim.world(|world| graph_sim::actor::replay(world, &json!({"payload": payload}))).expect("a replay");
    stage.sim.settle().await;
    let heard = &stage.ear.heard()[0];
    let message: &Value = &heard.all("messages")[0];
    assert_ne!(message["id"], "wamid.OLD");
    assert_eq!(message["extra"], json!({"kept": true}), "unknown keys are kept");
    assert_eq!(heard.json()["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"], Setup::NUMBER);
}
