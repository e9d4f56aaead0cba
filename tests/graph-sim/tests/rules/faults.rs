//! Each family of faults does what it says.

use graph_sim::Setup;
use graph_sim::fault::{KINDS, Point};
use graph_sim::webhook::escaped;
use graph_sim::world::{DAY, HOUR, Number, Waba};
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage, code};

async fn open_stage() -> Stage {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("hello");
    stage.sim.settle().await;
    stage
}

fn ids(stage: &Stage) -> Vec<String> {
    stage.ear.all("messages").iter().map(|message| message["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn f1_the_same_push_comes_again() {
    for (kind, args, wait) in [
        ("F1.serial", json!({"n": 3}), 10_000),
        ("F1.concurrent", json!({"n": 3}), 0),
        ("F1.later", json!({"days": 6.9}), 7 * DAY),
    ] {
        let stage = Stage::set().await;
        stage.sim.fault(kind, &json!({"args": args}));
        let id = stage.sim.user(PABLO).says("once");
        stage.sim.advance(wait).await;
        let heard = stage.ear.heard();
        assert_eq!(heard.len(), if kind == "F1.later" { 2 } else { 3 }, "{kind}");
        assert!(heard.iter().all(|push| push.body == heard[0].body && push.is_signed(Setup::SECRET)));
        assert!(ids(&stage).iter().all(|known| *known == id));
    }
}

#[tokio::test]
async fn f2_the_same_thing_comes_in_other_clothes() {
    for kind in ["F2.batch", "F2.key_order", "F2.escaping"] {
        let stage = Stage::set().await;
        stage.sim.fault(kind, &json!({}));
        let id = stage.sim.user(PABLO).says("é");
        stage.sim.advance(10_000).await;
        let heard = stage.ear.heard();
        assert_eq!(heard.len(), 2, "{kind}");
        assert_ne!(heard[0].body, heard[1].body, "{kind}");
        assert!(heard.iter().all(|push| push.is_signed(Setup::SECRET)));
        assert_eq!(ids(&stage), [id.clone(), id]);
    }
}

#[tokio::test]
async fn f3_and_f5_states_come_as_they_should_not() {
    for (kind, args, expected) in [
        ("F3.order", json!({"order": ["read", "sent", "delivered"]}), vec!["read", "sent", "delivered"]),
        ("F3.repeat", json!({"n": 2}), vec!["sent", "sent", "delivered", "delivered"]),
        ("F3.no_delivered", json!({}), vec!["sent", "read"]),
        ("F3.read_first", json!({}), vec!["read", "delivered", "sent"]),
        ("F3.no_sent", json!({}), vec!["delivered"]),
        ("F5.failed_after_sent", json!({"code": 131_049}), vec!["sent", "failed"]),
        ("F5.sent_after_failed", json!({}), vec!["failed", "sent"]),
        ("F5.failed_after_delivered", json!({}), vec!["sent", "delivered", "failed"]),
        ("F15.window_closed", json!({}), vec!["failed"]),
    ] {
        let stage = open_stage().await;
        stage.sim.fault(kind, &json!({"args": args}));
        let id = stage.text("+16505551234", "Hi").await;
        stage.sim.advance(5000).await;
        assert_eq!(stage.ear.states(&id), expected, "{kind}");
        let next = stage.text("+16505551234", "Hi").await;
        stage.sim.advance(5000).await;
        assert_eq!(stage.ear.states(&next), ["sent", "delivered"], "{kind} bites once");
    }
}

#[tokio::test]
async fn f4_states_overtake_the_answer_and_the_answer_gets_lost() {
    let stage = open_stage().await;
    // pushes of the same moment race, unless one follows the other
    stage.sim.switch(&json!({"parallel": 1}));
    stage.sim.fault("F4.status_first", &json!({}));
    let id = stage.text("+16505551234", "Hi").await;
    assert_eq!(stage.ear.states(&id), ["sent", "delivered"], "before the answer");
    stage.sim.fault("F4.unknown_wamid", &json!({}));
    stage.text("+16505551234", "Hi").await;
    stage.sim.advance(5000).await;
    let known = stage.sim.world(|world| world.sent.keys().cloned().collect::<Vec<_>>());
    let strangers = stage.ear.all("statuses").iter().filter(|s| !known.iter().any(|id| s["id"] == id.as_str())).count();
    assert_eq!(strangers, 1);
    stage.sim.fault("F4.lost_response", &json!({}));
    let before = known.len();
    let body = json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "text", "text": {"body": "Hi"}});
    let url = format!("{}/{}/messages", stage.sim.base(), Setup::NUMBER);
    let lost = stage
        .client
        .post(url)
        .bearer_auth(Setup::TOKEN)
        .header("content-type", "application/json")
        .body(body.to_string());
    assert!(lost.send().await.is_err(), "the connection breaks");
    assert_eq!(stage.sim.world(|world| world.sent.len()), before + 1, "and yet it was accepted");
}

#[tokio::test]
async fn f6_answers_are_errors_nonsense_late_or_none() {
    let stage = open_stage().await;
    let url = format!("{}/{}/messages", stage.sim.base(), Setup::NUMBER);
    let body = json!({"messaging_product": "whatsapp", "to": "+16505551234", "type": "text", "text": {"body": "Hi"}})
        .to_string();
    let call = async |kind: &str, args: Value| {
        stage.sim.fault(kind, &json!({"args": args, "on": {"route": "messages"}}));
        let sent = stage
            .client
            .post(&url)
            .bearer_auth(Setup::TOKEN)
            .header("content-type", "application/json")
            .body(body.clone())
            .send()
            .await;
        let response = sent.ok()?;
        Some((response.status().as_u16(), response.text().await.ok()?))
    };
    let count = || stage.sim.world(|world| world.sent.len());
    for code in [130_429, 131_056, 4, 80_007] {
        let (status, text) = call("F6.code", json!({"code": code})).await.expect("an answer");
        assert!(status == 400 && text.contains(&format!("\"code\":{code}")), "{text}");
    }
    assert_eq!(call("F6.empty_429", json!({})).await, Some((429, String::new())));
    for status in [500, 502, 503] {
        let (seen, text) = call("F6.html", json!({"status": status})).await.expect("an answer");
        assert!(seen == status && text.starts_with("<!DOCTYPE html>"));
    }
    let (status, text) = call("F6.truncated", json!({})).await.expect("an answer");
    assert!(status == 200 && serde_json::from_str::<Value>(&text).is_err());
    let (status, text) = call("F6.ok_with_error", json!({})).await.expect("an answer");
    assert!(status == 200 && text.contains("\"code\":131000"));
    let (_, text) = call("F6.text_data", json!({})).await.expect("an answer");
    assert!(serde_json::from_str::<Value>(&text).expect("JSON")["error"]["error_data"].is_string());
    assert_eq!(call("F6.reset", json!({})).await, None);
    assert_eq!(count(), 0, "nothing of all that was accepted");
    let began = std::time::Instant::now();
    assert_eq!(call("F6.slow", json!({"ms": 120})).await.expect("an answer").0, 200);
    assert!(began.elapsed().as_millis() >= 120);
    assert_eq!(call("F15.window_sync", json!({})).await.expect("an answer").0, 400);
    assert_eq!(count(), 1);
}

#[tokio::test]
async fn f7_credentials_end_and_inbound_keeps_flowing() {
    let stage = open_stage().await;
    stage.sim.fault("F7.permission_lost", &json!({"scope": "whatsapp_business_messaging"}));
    assert_eq!(code(&stage.send("+16505551234", "text", json!({"body": "Hi"})).await.1), 10);
    stage.sim.fault("F7.token_expired", &json!({}));
    assert_eq!(code(&stage.send("+16505551234", "text", json!({"body": "Hi"})).await.1), 190);
    stage.sim.fault("F7.secret_rotated", &json!({"secret": "the new secret"}));
    stage.sim.user(PABLO).says("still here");
    stage.sim.settle().await;
    let last = stage.ear.heard().pop().expect("a push");
    assert!(last.is_signed("the new secret") && !last.is_signed(Setup::SECRET));
}

#[tokio::test]
async fn f9_signatures_do_not_fit() {
    let forged = KINDS.iter().filter(|kind| kind.point == Point::Forge);
    let mut count = 0;
    for kind in forged {
        let stage = Stage::set().await;
        stage.sim.fault(kind.name, &json!({}));
        stage.sim.user(PABLO).says("é/漢");
        stage.sim.settle().await;
        let heard = &stage.ear.heard()[0];
        let genuine = heard.is_signed(Setup::SECRET);
        assert_eq!(genuine, kind.name == "F9.garbage", "{}", kind.name);
        let text = String::from_utf8_lossy(&heard.body).into_owned();
        let escaped = graph_sim::webhook::sha256_hex(Setup::SECRET, escaped(&text).as_bytes());
        let fallback = heard.signature.as_deref() == Some(format!("sha256={escaped}").as_bytes());
        assert_eq!(fallback, matches!(kind.name, "F9.signed_escaped" | "F9.garbage"), "{}", kind.name);
        assert_eq!(heard.signature.is_none(), matches!(kind.name, "F9.missing" | "F9.sha1_only"), "{}", kind.name);
        count += 1;
    }
    assert_eq!(count, 11);
}

#[tokio::test]
async fn f10_and_f11_batches_are_large_and_poisoned() {
    let stage = Stage::set().await;
    let large = stage.sim.fault("F10.large", &json!({}));
    let many = stage.sim.fault("F10.large", &json!({"items": 1000}));
    let too_large = stage.sim.fault("F10.too_large", &json!({}));
    let poisoned = stage.sim.fault("F11.poisoned", &json!({"items": 100, "poison": "not a message"}));
    stage.sim.settle().await;
    let sizes: Vec<_> = stage.ear.heard().iter().map(|heard| heard.body.len()).collect();
    let within =
        |value: &Value, low: u64, high: u64| value["bytes"].as_u64().is_some_and(|bytes| (low..high).contains(&bytes));
    assert!(
        within(&large, 2_700_000, 3_000_000) && within(&too_large, 3_000_001, 3_400_000),
        "{} {}",
        large["bytes"],
        too_large["bytes"]
    );
    assert_eq!(sizes.len(), 4);
    assert_eq!(many["ids"].as_array().map(Vec::len), Some(1000));
    let last = stage
        .ear
        .heard()
        .into_iter()
        .find(|heard| heard.all("messages").contains(&json!("not a message")))
        .expect("it");
    assert_eq!((last.all("messages").len(), poisoned["ids"].as_array().map(Vec::len)), (100, Some(99)));
}

#[tokio::test]
async fn f12_one_push_holds_several_numbers() {
    let stage = Stage::set().await;
    stage.sim.waba(Waba { id: "500".to_owned(), ..Waba::default() });
    stage.sim.world(|world| {
        world.add_number(Number {
            id: "501".to_owned(),
            waba: "500".to_owned(),
            digits: "15550002".to_owned(),
            ..Number::default()
        })
    });
    stage.sim.fault("F12.mixed", &json!({}));
    stage.sim.settle().await;
    assert_eq!(stage.ear.heard()[0].json()["entry"].as_array().map(Vec::len), Some(2));
    stage.sim.fault("F12.unknown_number", &json!({}));
    stage.sim.settle().await;
    let document = stage.ear.heard()[1].json();
    assert_eq!(document["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"], "999999999999999");
    stage.sim.fault("F12.moved", &json!({"number": "501", "waba": Setup::WABA}));
    stage.sim.user(PABLO).to("501").says("moved");
    stage.sim.settle().await;
    assert_eq!(stage.ear.heard()[2].json()["entry"][0]["id"], Setup::WABA);
}

#[tokio::test]
async fn f13_payloads_are_odd() {
    let stage = Stage::set().await;
    let mut odd: Vec<Value> = Vec::new();
    for kind in [
        "F13.no_contacts",
        "F13.no_wa_id",
        "F13.empty_wa_id",
        "F13.bsuid_wa_id",
        "F13.milliseconds",
        "F13.integers",
        "F13.unknown_type",
        "F13.id_missing",
        "F15.skew",
    ] {
        stage.sim.fault(kind, &json!({}));
        stage.sim.user(PABLO).says("odd");
        stage.sim.settle().await;
        odd.push(stage.ear.heard().last().expect("a push").json()["entry"][0]["changes"][0]["value"].clone());
    }
    assert!(odd[0]["contacts"].is_null());
    assert!(odd[1]["messages"][0]["from"].is_null() && odd[1]["contacts"][0]["wa_id"].is_null());
    assert_eq!((&odd[2]["messages"][0]["from"], &odd[2]["contacts"][0]["wa_id"]), (&json!(""), &json!("")));
    assert_eq!(odd[3]["messages"][0]["from"], odd[3]["messages"][0]["from_user_id"]);
    assert_eq!(odd[4]["messages"][0]["timestamp"].as_str().map(str::len), Some(13));
    assert!(odd[5]["messages"][0]["timestamp"].is_i64());
    assert_eq!(odd[6]["messages"][0]["type"], "hologram");
    assert!(odd[7]["messages"][0]["id"].is_null());
    let seconds = |value: &Value| {
        value["messages"][0]["timestamp"].as_str().and_then(|text| text.parse::<i64>().ok()).expect("seconds")
    };
    assert_eq!(seconds(&odd[8]), seconds(&odd[0]) + 90);
    for (scene, check) in
        [("F13.unknown_field", "unheard_of_field"), ("F13.nulls", "messages"), ("F13.contacts_turned", "messages")]
    {
        stage.sim.fault(scene, &json!({}));
        stage.sim.settle().await;
        assert_eq!(stage.ear.heard().last().expect("a push").json()["entry"][0]["changes"][0]["field"], check);
    }
    let turned = stage.ear.heard().last().expect("a push").json()["entry"][0]["changes"][0]["value"].clone();
    assert_eq!(turned["contacts"][1]["wa_id"], turned["messages"][0]["from"]);
}

#[tokio::test]
async fn f14_f16_f17_and_f20_are_stories() {
    let stage = open_stage().await;
    let story = stage.sim.fault("F14.number_change", &json!({"user": PABLO, "phone": "16505550009"}));
    stage.sim.advance(5000).await;
    let all = stage.ear.all("messages");
    let from = |key: &str| all.iter().find(|m| m["id"] == story[key]).map(|m| m["from"].clone()).expect("it");
    assert_eq!(
        [from("before"), from("change"), from("after"), from("late")],
        [json!(PABLO), json!(PABLO), json!("16505550009"), json!(PABLO)]
    );
    let last = stage.text("+16505550009", "Hi").await;
    stage.sim.fault("F17.echo", &json!({}));
    stage.sim.settle().await;
    assert_eq!(stage.ear.all("message_echoes")[0]["id"], last.as_str());
    stage.sim.fault("F17.echo_first", &json!({}));
    let first = stage.text("+16505550009", "Hi").await;
    assert_eq!(stage.ear.all("message_echoes")[1]["id"], first.as_str(), "before the answer");
    stage.sim.fault("F16.category", &json!({"name": "hello_world", "category": "MARKETING"}));
    for kind in ["F20.restriction", "F20.ban", "F20.violation", "F20.partner_removed", "F20.deleted", "F20.reconnected"]
    {
        stage.sim.fault(kind, &json!({}));
        stage.sim.settle().await;
    }
    let fields: Vec<_> = stage.ear.heard().iter().map(|push| push.json()["entry"][0]["changes"][0].clone()).collect();
    assert!(fields.iter().any(|change| change["field"] == "template_category_update"));
    let events: Vec<_> =
        fields.iter().filter(|c| c["field"] == "account_update").map(|c| c["value"]["event"].clone()).collect();
    assert_eq!(
        events,
        [
            "ACCOUNT_RESTRICTION",
            "DISABLED_UPDATE",
            "ACCOUNT_VIOLATION",
            "PARTNER_REMOVED",
            "ACCOUNT_DELETED",
            "ACCOUNT_RECONNECTED"
        ]
    );
}

#[tokio::test]
async fn f18_history_floods() {
    let stage = Stage::set().await;
    stage.sim.fault("F18.flood", &json!({"messages": 5000, "media": false}));
    stage.sim.user(PABLO).says("live meanwhile");
    stage.sim.settle().await;
    assert_eq!((stage.ear.all("history").len(), stage.ear.all("messages").len()), (10, 1));
}

#[tokio::test]
async fn f19_an_endpoint_is_away_and_then_everything_comes() {
    let stage = Stage::set().await;
    stage.sim.fault("F19.storm", &json!({"hours": 2}));
    let mut said = Vec::new();
    for at in 0..5 {
        said.push(stage.sim.user(PABLO).says(&format!("while away {at}")));
        stage.sim.advance(60_000).await;
    }
    assert!(stage.ear.heard().is_empty());
    stage.sim.advance(3 * HOUR).await;
    let heard = ids(&stage);
    assert_eq!(heard.iter().collect::<std::collections::BTreeSet<_>>(), said.iter().collect());
    assert_ne!(heard, said, "not the oldest first");
}

#[tokio::test]
async fn every_kind_of_the_catalogue_can_be_planted_or_played() {
    let stage = open_stage().await;
    stage.text("+16505551234", "Hi").await;
    for kind in KINDS.iter().filter(|kind| kind.point == Point::Scene) {
        let args =
            json!({"name": "hello_world", "waba": Setup::WABA, "number": Setup::NUMBER, "messages": 10, "items": 3});
        stage.sim.fault(kind.name, &args);
    }
    for kind in KINDS.iter().filter(|kind| kind.point != Point::Scene) {
        stage.sim.fault(kind.name, &json!({}));
    }
    let families: std::collections::BTreeSet<_> =
        KINDS.iter().map(|kind| kind.name.split('.').next().unwrap_or_default()).collect();
    assert_eq!(families.len(), 20);
}

#[tokio::test]
async fn a_push_names_another_hash_or_a_state_nobody_has_heard_of() {
    let stage = open_stage().await;
    stage.sim.fault("F8.wrong_hash", &json!({}));
    for _ in 0..2 {
        stage.sim.user(PABLO).sends("image", json!({}));
        stage.sim.settle().await;
    }
    let hashes: Vec<_> = stage.ear.all("messages").iter().map(|message| message["image"]["sha256"].clone()).collect();
    assert_ne!(hashes[1], hashes[2], "the same picture twice");
    stage.sim.fault("F13.unknown_status", &json!({}));
    let id = stage.text("+16505551234", "Hi").await;
    stage.sim.advance(5000).await;
    assert_eq!(stage.ear.states(&id), ["levitating", "sent", "delivered"]);
}

#[tokio::test]
async fn a_fault_bites_only_where_how_often_and_how_probably_it_was_planted() {
    let stage = open_stage().await;
    let fails = async |to: &str| stage.send(to, "text", json!({"body": "Hi"})).await.0 != 200;
    stage.sim.fault("F6.code", &json!({"on": {"user": "491701234567"}, "times": 2, "skip": 1}));
    assert!(!fails("+16505551234").await, "somebody else");
    assert!(!fails("+491701234567").await, "the first chance passes");
    assert!(fails("+491701234567").await && fails("+491701234567").await);
    assert!(!fails("+491701234567").await, "twice is enough");
    stage.sim.fault("F6.code", &json!({"times": null, "probability": 0.5}));
    let mut bitten = 0;
    for _ in 0..40 {
        bitten += u32::from(fails("+16505551234").await);
    }
    assert!((8..=32).contains(&bitten), "{bitten} of 40");
}
