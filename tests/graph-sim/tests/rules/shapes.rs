//! Step 5: what a request must look like.

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage, code};

#[tokio::test]
async fn every_kind_has_its_limits() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("hello");
    stage.sim.switch(&json!({"pair_limit": false, "link_fetch": false}));
    let long = |count: usize| "x".repeat(count);
    let rows = |count: usize| (0..count).map(|at| json!({"id": at.to_string(), "title": "Row"})).collect::<Vec<_>>();
    let list = |count: usize| json!({"type": "list", "body": {"text": "?"}, "action": {"button": "Pick", "sections": [{"rows": rows(count)}]}});
    let button = |id: usize, title: &str| json!({"type": "reply", "reply": {"id": id.to_string(), "title": title}});
    let buttons = |list: Vec<Value>| json!({"type": "button", "body": {"text": "?"}, "action": {"buttons": list}});
    let cta = |text: &str| json!({"type": "cta_url", "body": {"text": "?"}, "action": {"name": "cta_url", "parameters": {"display_text": text, "url": "https://e.com"}}});
    let flow =
        |more: Value| json!({"type": "flow", "body": {"text": "?"}, "action": {"name": "flow", "parameters": more}});
    let cases: Vec<(&str, Value, u64)> = vec![
        ("text", json!({"body": long(4096)}), 0),
        ("text", json!({"body": long(4097)}), 100),
        ("text", json!({"body": ""}), 131_008),
        ("text", json!({}), 131_008),
        ("image", json!({"link": "https://example.com/a.png", "caption": long(1024)}), 0),
        ("image", json!({"link": "https://example.com/a.png", "caption": long(1025)}), 100),
        ("image", json!({}), 131_008),
        ("image", json!({"id": "1", "link": "https://example.com/a.png"}), 131_009),
        ("image", json!({"id": "12345"}), 131_009),
        ("audio", json!({"link": "https://example.com/a.mp3", "caption": "no"}), 131_009),
        ("location", json!({"latitude": 91.0, "longitude": 0}), 131_009),
        ("location", json!({"latitude": "52.5", "longitude": "13.4"}), 0),
        ("contacts", json!([{"name": {"formatted_name": "Ada"}}]), 131_008),
        ("contacts", json!([{"name": {"formatted_name": "Ada", "first_name": "Ada"}}]), 0),
        ("contacts", json!([]), 131_009),
        ("reaction", json!({"message_id": "wamid.x", "emoji": "👍🏽"}), 0),
        ("reaction", json!({"message_id": "wamid.x", "emoji": ""}), 0),
        ("reaction", json!({"message_id": "wamid.x", "emoji": "ok"}), 131_009),
        ("reaction", json!({"message_id": "wamid.x"}), 131_008),
        ("interactive", buttons(vec![button(1, "Yes"), button(2, "No"), button(3, "Later")]), 0),
        ("interactive", buttons((0..4).map(|at| button(at, &at.to_string())).collect()), 131_009),
        ("interactive", buttons(vec![button(1, "Same"), button(2, "Same")]), 131_009),
        ("interactive", buttons(vec![button(1, &long(21))]), 100),
        ("interactive", list(10), 0),
        ("interactive", list(11), 131_009),
        ("interactive", list(0), 131_009),
        ("interactive", cta("Open"), 0),
        ("interactive", cta(&long(21)), 100),
        ("interactive", flow(json!({"flow_message_version": "3", "flow_id": "1", "flow_cta": "Go"})), 0),
        ("interactive", flow(json!({"flow_cta": "Go"})), 131_008),
        (
            "interactive",
            json!({"type": "location_request_message", "body": {"text": "?"}, "action": {"name": "send_location"}}),
            0,
        ),
        ("hologram", json!({}), 100),
    ];
    for (kind, content, expected) in cases {
        let (_, answer) = stage.send("+16505551234", kind, content.clone()).await;
        assert_eq!(
            code(&answer),
            expected,
            "{kind} {} {answer}",
            &content.to_string()[..content.to_string().len().min(200)]
        );
    }
}

#[tokio::test]
async fn a_body_must_be_json_and_of_this_product() {
    let stage = Stage::set().await;
    let url = format!("{}/v26.0/{}/messages", stage.sim.base(), Setup::NUMBER);
    let answer = stage.client.post(&url).bearer_auth(Setup::TOKEN).body("{not json").send().await.expect("an answer");
    assert_eq!(answer.status(), 400);
    let path = format!("{}/messages", Setup::NUMBER);
    let body = json!({"to": "+16505551234", "type": "text", "text": {"body": "Hi"}});
    assert_eq!(code(&stage.call("POST", &path, Some(body)).await.1), 100);
    let nobody = json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}});
    assert_eq!(code(&stage.call("POST", &path, Some(nobody)).await.1), 100);
}

#[tokio::test]
async fn http_statuses_follow_the_table_or_chance_but_never_the_code() {
    for (code, status) in [
        (0, 401),
        (190, 401),
        (10, 403),
        (368, 403),
        (131_005, 403),
        (132_001, 404),
        (2, 503),
        (133_004, 503),
        (131_000, 500),
        (131_016, 500),
        (613, 429),
        (131_047, 400),
        (130_429, 400),
    ] {
        assert_eq!(graph_sim::data::http(code, None), status, "{code}");
    }
    let stage = Stage::set().await;
    stage.sim.switch(&json!({"http_status": "random"}));
    let mut statuses = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let (status, answer) = stage.send("+15550783881", "text", json!({"body": "me"})).await;
        assert_eq!(code(&answer), 131_021);
        statuses.insert(status);
    }
    assert!(statuses.len() > 3, "{statuses:?}");
}
