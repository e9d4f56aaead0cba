//! What becomes of each item of a delivery.

use graph_sim::Setup;
use serde_json::json;

use crate::world::{Stage, adds_app, count, items};

#[tokio::test]
async fn every_kind_of_message_and_state_has_a_line_of_its_own() {
    let stage = Stage::connected().await;
    for kind in ["text", "image", "location", "contacts", "sticker"] {
        stage.sim.user("16505551234").sends(kind, json!({}));
    }
    let lines = stage.lines().await;
    assert_eq!(count(&lines, "message", "done"), 5, "{lines:?}");
    let number = stage.number().await;
    assert!(lines.iter().all(|line| line["number_id"] == number["id"]));
}

#[tokio::test]
async fn f11_a_poisoned_item_fails_alone_and_is_listed() {
    let stage = Stage::connected().await;
    stage.sim.fault("F11.poisoned", &json!({ "items": 60, "poison": { "type": 7, "text": [] } }));
    let lines = stage.lines().await;
    assert_eq!((count(&lines, "message", "done"), count(&lines, "message", "failed")), (59, 1));
    let failed = items(&stage.tenant.owner, "/v1/whatsapp/deliveries?state=failed").await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["error"], "no_message_id");
    // again: nothing is doubled, what failed fails again
    let path = format!("/v1/whatsapp/deliveries/{}/replay", failed[0]["delivery_id"].as_str().expect("an id"));
    stage.tenant.owner.http.post(&path, json!({})).await.is(202);
    let again = stage.lines().await;
    assert_eq!((count(&again, "message", "done"), count(&again, "message", "failed")), (59, 1));
    let page = stage.tenant.owner.http.get("/v1/whatsapp/deliveries?limit=25").await.ok();
    let next = page["next_cursor"].as_str().expect("more");
    let second = items(&stage.tenant.owner, &format!("/v1/whatsapp/deliveries?limit=100&cursor={next}")).await;
    assert_eq!(second.len(), 35);
}

#[tokio::test]
async fn f12_what_is_for_somebody_else_is_theirs_and_what_is_for_nobody_is_ignored() {
    let stage = Stage::connected().await;
    stage.sim.fault("F12.unknown_number", &json!({}));
    assert_eq!(stage.lines().await.len(), 0, "a number nobody has is nobody's line");
    assert_eq!(stage.rows("wa_item").await, 1);
    // Rival signs a delivery for Acme's number with a secret of its own
    let rival = stage.app.tenant("Rival").await;
    let theirs = adds_app(&rival.owner).await;
    let door = format!("{}/inbound/whatsapp/{}", stage.app.doors().public, theirs["id"].as_str().expect("an id"));
    let message = json!({"from": "16505551234", "id": "wamid.forged", "timestamp": "1796126400", "type": "text", "text": {"body": "x"}});
    let value =
        json!({"messaging_product": "whatsapp", "metadata": {"phone_number_id": Setup::NUMBER}, "messages": [message]});
    let gone = json!({"event": "PARTNER_REMOVED"});
    let changes = json!([{"field": "messages", "value": value}, {"field": "account_update", "value": gone}]);
    let body = json!({"object": "whatsapp_business_account", "entry": [{"id": Setup::WABA, "time": 1_796_126_500, "changes": changes}]});
    let body = body.to_string();
    let signature = format!("sha256={}", graph_sim::webhook::sha256_hex(Setup::SECRET, body.as_bytes()));
    let sent = reqwest::Client::new().post(door).header("x-hub-signature-256", signature).body(body).send().await;
    assert_eq!(sent.expect("an answer").status().as_u16(), 200);
    assert_eq!(stage.lines().await.len(), 0, "an app speaks for its own accounts only");
    assert_eq!(stage.account().await["state"], "connected");
    assert_eq!(items(&rival.owner, "/v1/whatsapp/deliveries").await.len(), 0);
}

#[tokio::test]
async fn f13_oddities_are_written_down_and_nothing_is_lost() {
    let stage = Stage::connected().await;
    stage.sim.fault("F13.unknown_field", &json!({}));
    stage.sim.fault("F13.nulls", &json!({}));
    stage.sim.fault("F13.unknown_type", &json!({}));
    stage.sim.user("16505551234").says("Odd");
    let lines = stage.lines().await;
    assert_eq!(count(&lines, "message", "done"), 1, "{lines:?}");
    for why in ["unknown_field", "empty"] {
        assert_eq!(lines.iter().filter(|line| line["error"] == why).count(), 1, "{why}: {lines:?}");
    }
    assert_eq!(lines.len(), 3, "{lines:?}");
}

#[tokio::test]
async fn f20_what_meta_says_of_an_account_changes_it() {
    let stage = Stage::connected().await;
    // what is asked when an account is connected is answered first
    stage.app.run_due().await;
    let number = stage.sim.number(Setup::NUMBER);
    number.act("quality", &json!({ "quality": "RED" }));
    number.act("name", &json!({ "decision": "APPROVED", "name": "Porch & Light" }));
    number.account("business_capability_update", &json!({}));
    let lines = stage.lines().await;
    assert_eq!(count(&lines, "news", "done"), 3, "{lines:?}");
    let now = stage.number().await;
    assert_eq!((&now["state"], &now["verified_name"]), (&json!("FLAGGED"), &json!("Porch & Light")));
    assert_eq!(stage.account().await["messaging_limit"], "TIER_2K");
    number.account("account_update", &json!({ "event": "PARTNER_REMOVED" }));
    stage.lines().await;
    let (account, now) = (stage.account().await, stage.number().await);
    assert_eq!((&account["state"], &account["problem"]), (&json!("disconnected"), &json!("PARTNER_REMOVED")));
    assert_eq!(now["halted_reason"], "PARTNER_REMOVED");
    assert!(!now["halted_at"].is_null());
    // what still arrives is taken
    stage.sim.user("16505551234").says("Still here");
    assert_eq!(count(&stage.lines().await, "message", "done"), 1);
}
