//! Identity: phones, wa_ids, business-scoped ids, usernames, new numbers; the business app; the account.

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage};

async fn last_value(stage: &Stage) -> Value {
    stage.sim.settle().await;
    stage.ear.heard().last().expect("a push").json()["entry"][0]["changes"][0].clone()
}

#[tokio::test]
async fn a_username_hides_the_phone_after_thirty_days_in_each_of_three_ways() {
    for (reading, from) in [("omitted", json!(null)), ("empty", json!("")), ("bsuid", json!("BSUID"))] {
        let stage = Stage::set().await;
        stage.sim.switch(&json!({"hidden_phone": reading}));
        let pablo = stage.sim.user(PABLO);
        pablo.says("before the username");
        pablo.act("adopt_username", json!({"username": "pablo.m"}));
        pablo.says("contact within 30 days");
        let value = last_value(&stage).await["value"].clone();
        assert_eq!(
            (&value["messages"][0]["from"], &value["contacts"][0]["profile"]["username"]),
            (&json!(PABLO), &json!("pablo.m"))
        );
        let id = value["contacts"][0]["user_id"].clone();
        pablo.act("forget_phone", json!({}));
        // the contact the message itself makes shows the phone again from the next one on
        pablo.says("long after");
        let message = last_value(&stage).await["value"]["messages"][0].clone();
        let expected = if from == "BSUID" { id.clone() } else { from };
        assert_eq!((&message["from"], &message["from_user_id"]), (&expected, &id), "{reading}");
    }
}

#[tokio::test]
async fn a_new_number_is_linked_in_the_system_message_or_in_a_field_of_its_own() {
    let stage = Stage::set().await;
    let pablo = stage.sim.user(PABLO);
    pablo.says("old");
    let change = pablo.act("change_number", json!({"phone": "16505550001"}));
    let value = last_value(&stage).await["value"].clone();
    assert!(value["contacts"].is_null(), "system messages have no contacts");
    let message = &value["messages"][0];
    assert_eq!((&message["from"], &message["system"]["type"]), (&json!(PABLO), &json!("user_changed_number")));
    assert_eq!(message["system"]["wa_id"], "16505550001");
    assert_eq!(message["system"]["previous_user_id"], change["previous_user_id"]);
    stage.sim.switch(&json!({"rotation_link": "user_id_update"}));
    let change = pablo.act("change_number", json!({"phone": "16505550002", "visible": false}));
    stage.sim.settle().await;
    let heard = stage.ear.heard();
    let fields: Vec<_> = heard.iter().map(|push| push.json()["entry"][0]["changes"][0].clone()).collect();
    let update = fields.iter().find(|change| change["field"] == "user_id_update").expect("the field");
    assert_eq!(update["value"]["user_id_update"][0]["user_id"]["previous"], change["previous_user_id"]);
    let system = stage.ear.all("messages").into_iter().rfind(|m| m["type"] == "system").expect("a system message");
    assert_eq!((&system["system"]["type"], &system["from"]), (&json!("user_changed_user_id"), &json!(null)));
    let legacy = pablo.act("change_number", json!({"phone": "16505550003", "legacy": "customer_changed_number"}));
    let message = last_value(&stage).await["value"]["messages"][0].clone();
    assert_eq!((&message["id"], &message["system"]["new_wa_id"]), (&legacy["id"], &json!("16505550003")));
}

#[tokio::test]
async fn brazil_and_mexico_are_called_otherwise_than_they_are_dialled() {
    let stage = Stage::set().await;
    let joao = stage.sim.user("5541998765432");
    joao.says("Oi");
    assert_eq!(last_value(&stage).await["value"]["messages"][0]["from"], "554198765432");
    for dialled in ["+5541998765432", "+554198765432"] {
        let (_, answer) = stage.send(dialled, "text", json!({"body": "Oi"})).await;
        assert_eq!(
            (&answer["contacts"][0]["input"], &answer["contacts"][0]["wa_id"]),
            (&json!(dialled), &json!("554198765432"))
        );
    }
    assert_eq!(graph_sim::world::canonical("525512345678"), "5215512345678");
    assert_eq!(graph_sim::world::canonical("541112345678"), "5491112345678");
    assert_eq!(graph_sim::world::canonical("5511987654321"), "5511987654321", "São Paulo keeps its nine");
}

#[tokio::test]
async fn the_business_app_echoes_and_shares_history_in_chunks_out_of_order() {
    let stage = Stage::set().await;
    let number = stage.sim.number(Setup::NUMBER);
    let echo = number.act("echo", &json!({"user": PABLO, "text": "from the phone"}));
    let change = last_value(&stage).await;
    assert_eq!(change["field"], "smb_message_echoes");
    assert_eq!(
        (&change["value"]["message_echoes"][0]["id"], &change["value"]["message_echoes"][0]["to"]),
        (&echo["id"], &json!(PABLO))
    );
    number.act("history", &json!({"messages": 100, "chunk": 10}));
    stage.sim.settle().await;
    let history = stage.ear.all("history");
    let order: Vec<_> =
        history.iter().map(|chunk| chunk["metadata"]["chunk_order"].as_u64().expect("an order")).collect();
    assert_eq!(order.len(), 10);
    assert!(!order.is_sorted(), "{order:?}");
    let count: usize = history
        .iter()
        .flat_map(|c| c["threads"].as_array().cloned().unwrap_or_default())
        .map(|thread| thread["messages"].as_array().map_or(0, Vec::len))
        .sum();
    assert_eq!(count, 100);
}

#[tokio::test]
async fn a_synchronisation_is_asked_for_once_and_within_a_day() {
    let stage = Stage::set().await;
    let path = format!("{}/smb_app_data", Setup::NUMBER);
    let ask = || Some(json!({"messaging_product": "whatsapp", "sync_type": "history"}));
    assert_eq!(crate::ear::code(&stage.call("POST", &path, ask()).await.1), 2_593_108, "no coexistence");
    stage.sim.world(|world| world.numbers.values_mut().for_each(|number| number.coexistence = true));
    assert!(stage.call("POST", &path, ask()).await.1["request_id"].is_string());
    assert_eq!(crate::ear::code(&stage.call("POST", &path, ask()).await.1), 2_593_107);
    let late = Some(json!({"messaging_product": "whatsapp", "sync_type": "smb_app_state_sync"}));
    stage.sim.advance(25 * 3_600_000).await;
    assert_eq!(crate::ear::code(&stage.call("POST", &path, late).await.1), 2_593_108);
}

#[tokio::test]
async fn preferences_and_template_events_are_told() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).act("stop_marketing", json!({}));
    let change = last_value(&stage).await;
    assert_eq!(change["value"]["user_preferences"][0]["value"], "stop");
    let id = stage.sim.world(|world| world.templates.keys().next().cloned()).expect("a template");
    for (reading, language) in [("dash", "en-US"), ("underscore", "en_US")] {
        stage.sim.switch(&json!({"template_language": reading}));
        stage.sim.world(|world| graph_sim::actor::template_status(world, &id, &json!({"status": "PAUSED"})));
        let value = last_value(&stage).await["value"].clone();
        assert_eq!((&value["event"], &value["message_template_language"]), (&json!("PAUSED"), &json!(language)));
        assert!(value["message_template_id"].is_u64());
    }
}
