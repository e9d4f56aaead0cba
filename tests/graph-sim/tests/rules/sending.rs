//! The send pipeline, step by step.

use graph_sim::Setup;
use graph_sim::world::DAY;
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage, code};

async fn open_stage() -> Stage {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("hello");
    stage.sim.settle().await;
    stage
}

/// The code of the failed status of an accepted message, if it fails.
async fn fails(stage: &Stage, answer: &Value) -> Option<u64> {
    stage.sim.advance(10_000).await;
    let id = &answer["messages"][0]["id"];
    let all = stage.ear.all("statuses");
    let failed = all.iter().find(|status| status["id"] == *id && status["status"] == "failed");
    failed.and_then(|status| status["errors"][0]["code"].as_u64())
}

#[tokio::test]
async fn an_accepted_message_answers_its_id_and_the_canonical_recipient() {
    let stage = open_stage().await;
    let (status, answer) = stage.send("+1 (650) 555-1234", "text", json!({"body": "Hi"})).await;
    assert_eq!(status, 200);
    let contact = &answer["contacts"][0];
    assert_eq!((&contact["input"], &contact["wa_id"]), (&json!("+1 (650) 555-1234"), &json!(PABLO)));
    let id = answer["messages"][0]["id"].as_str().expect("an id");
    let bytes = data_encoding::BASE64.decode(id.strip_prefix("wamid.").expect("a wamid").as_bytes()).expect("base64");
    assert_eq!((&bytes[..3], &bytes[3..14], bytes[17]), ([0x1c, 0x18, 11].as_slice(), PABLO.as_bytes(), 0x11));
}

#[tokio::test]
async fn without_a_plus_the_business_s_country_goes_in_front() {
    let stage = open_stage().await;
    let (_, answer) = stage.send(PABLO, "text", json!({"body": "Hi"})).await;
    assert_eq!(answer["contacts"][0]["wa_id"], format!("1{PABLO}"));
    assert_eq!(fails(&stage, &answer).await, Some(131_026), "nobody is there");
    let (_, answer) = stage.send("6505551234", "text", json!({"body": "Hi"})).await;
    assert_eq!(answer["contacts"][0]["wa_id"], PABLO);
}

#[tokio::test]
async fn a_scoped_id_belongs_into_recipient_and_vanishes_in_to() {
    let stage = open_stage().await;
    let id = stage.sim.world(|world| world.bsuid(PABLO, "portfolio-1"));
    let path = format!("{}/messages", Setup::NUMBER);
    let body = |more: Value| {
        let mut body = json!({"messaging_product": "whatsapp", "type": "text", "text": {"body": "Hi"}});
        more.as_object().into_iter().flatten().for_each(|(key, value)| body[key.as_str()] = value.clone());
        Some(body)
    };
    let (status, lost) = stage.call("POST", &path, body(json!({"to": id}))).await;
    assert_eq!(status, 200);
    let (_, fine) = stage.call("POST", &path, body(json!({"recipient": id}))).await;
    let (_, both) = stage.call("POST", &path, body(json!({"recipient": "US.1", "to": format!("+{PABLO}")}))).await;
    let (_, foreign) = stage.call("POST", &path, body(json!({"recipient": "US.99"}))).await;
    stage.sim.advance(5000).await;
    let states = |answer: &Value| stage.ear.states(answer["messages"][0]["id"].as_str().expect("an id"));
    assert_eq!(states(&lost), Vec::<String>::new(), "200 and nothing ever");
    assert_eq!(states(&fine), ["sent", "delivered"]);
    assert_eq!(states(&both), ["sent", "delivered"], "to wins");
    assert_eq!(states(&foreign), ["failed"]);
    stage.sim.switch(&json!({"bsuid_target": "to"}));
    let (_, now) = stage.call("POST", &path, body(json!({"to": id}))).await;
    stage.sim.advance(5000).await;
    assert_eq!(states(&now), ["sent", "delivered"], "the other reading");
}

#[tokio::test]
async fn oneself_the_unlisted_and_the_locked_are_refused_at_once() {
    let stage = open_stage().await;
    assert_eq!(code(&stage.send("+15550783881", "text", json!({"body": "me"})).await.1), 131_021);
    stage.sim.number(Setup::NUMBER).act("allow_only", &json!({"phones": ["491701234567"]}));
    assert_eq!(code(&stage.send("+16505551234", "text", json!({"body": "Hi"})).await.1), 131_030);
    stage.sim.number(Setup::NUMBER).act("allow_only", &json!({}));
    stage.sim.number(Setup::NUMBER).act("maintenance", &json!({"ms": 1000}));
    let (status, answer) = stage.send("+16505551234", "text", json!({"body": "Hi"})).await;
    assert_eq!((status, code(&answer)), (500, 131_057));
    stage.sim.advance(2000).await;
    stage.sim.number(Setup::NUMBER).account("account_update", &json!({"event": "ACCOUNT_RESTRICTION"}));
    assert_eq!(code(&stage.send("+16505551234", "text", json!({"body": "Hi"})).await.1), 131_031);
}

#[tokio::test]
async fn the_window_closes_after_a_day_and_says_so_now_or_later() {
    let stage = open_stage().await;
    stage.sim.advance(DAY - 1000).await;
    let (_, answer) = stage.send("+16505551234", "text", json!({"body": "in time"})).await;
    assert_eq!(fails(&stage, &answer).await, None);
    let (status, answer) = stage.send("+16505551234", "text", json!({"body": "late"})).await;
    assert_eq!((status, fails(&stage, &answer).await), (200, Some(131_047)));
    stage.sim.switch(&json!({"window_verdict": "sync"}));
    let (status, answer) = stage.send("+16505551234", "text", json!({"body": "late"})).await;
    assert_eq!((status, code(&answer)), (400, 131_047));
    let template = json!({"name": "hello_world", "language": {"code": "en_US"}});
    let (_, answer) = stage.send("+16505551234", "template", template).await;
    assert_eq!((&answer["messages"][0]["message_status"], fails(&stage, &answer).await), (&json!("accepted"), None));
}

#[tokio::test]
async fn a_reaction_opens_the_window_only_if_switched_so() {
    for (opens, expected) in [(false, Some(131_047)), (true, None)] {
        let stage = open_stage().await;
        stage.sim.switch(&json!({"reaction_opens_window": opens}));
        stage.sim.advance(2 * DAY).await;
        stage.sim.user(PABLO).act("react", json!({"message": "wamid.x"}));
        let (_, answer) = stage.send("+16505551234", "text", json!({"body": "Hi"})).await;
        assert_eq!(fails(&stage, &answer).await, expected);
    }
}

#[tokio::test]
async fn a_click_on_an_ad_opens_seventy_two_hours_when_answered_in_time() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).act("ctwa", json!({}));
    stage.text("+16505551234", "in time").await;
    stage.sim.advance(2 * DAY).await;
    let (_, answer) = stage.send("+16505551234", "text", json!({"body": "after two days"})).await;
    assert_eq!(fails(&stage, &answer).await, None);
    let sent = stage.ear.all("statuses").into_iter().rfind(|status| status["status"] == "sent").expect("sent");
    assert_eq!(
        (&sent["pricing"]["type"], &sent["conversation"]["origin"]["type"]),
        (&json!("free_entry_point"), &json!("referral_conversion"))
    );
}

#[tokio::test]
async fn a_pair_may_borrow_forty_five_and_then_waits() {
    let stage = open_stage().await;
    for _ in 0..45 {
        stage.text("+16505551234", "burst").await;
    }
    assert_eq!(code(&stage.send("+16505551234", "text", json!({"body": "one too many"})).await.1), 131_056);
    stage.sim.advance(6000).await;
    stage.text("+16505551234", "six seconds later").await;
    assert_eq!(code(&stage.send("+16505551234", "text", json!({"body": "again"})).await.1), 131_056);
}

#[tokio::test]
async fn a_number_sends_so_many_a_second_and_an_app_calls_so_often_an_hour() {
    let stage = open_stage().await;
    stage.sim.world(|world| world.numbers.values_mut().for_each(|number| number.throughput = 3));
    stage.sim.switch(&json!({"pair_limit": false}));
    stage.sim.advance(2000).await;
    for _ in 0..3 {
        stage.text("+16505551234", "fast").await;
    }
    let (status, answer) = stage.send("+16505551234", "text", json!({"body": "too fast"})).await;
    assert_eq!((status, code(&answer), &answer["error"]["is_transient"]), (400, 130_429, &json!(true)));
    stage.sim.advance(1000).await;
    stage.text("+16505551234", "a second later").await;
    stage.sim.switch(&json!({"calls_an_hour": 6}));
    stage.sim.advance(1000).await;
    stage.text("+16505551234", "the last").await;
    assert_eq!(code(&stage.send("+16505551234", "text", json!({"body": "no more"})).await.1), 80_007);
    stage.sim.advance(3_700_000).await;
    stage.text("+16505551234", "an hour later").await;
}

#[tokio::test]
async fn a_portfolio_reaches_so_many_people_outside_their_windows() {
    let stage = Stage::set().await;
    stage.sim.world(|world| world.wabas.values_mut().for_each(|waba| waba.tier = "TIER_50".to_owned()));
    let template = || json!({"name": "hello_world", "language": {"code": "en_US"}});
    for at in 0..50 {
        let user = graph_sim::world::User { phone: format!("1650555{at:04}"), ..Default::default() };
        stage.sim.world(|world| world.add_user(user));
        assert_eq!(stage.send(&format!("+1650555{at:04}"), "template", template()).await.0, 200);
    }
    assert_eq!(code(&stage.send("+16505551234", "template", template()).await.1), 131_048);
    assert_eq!(stage.send("+16505550001", "template", template()).await.0, 200, "somebody already reached");
    stage.sim.user(PABLO).says("opens my window");
    assert_eq!(stage.send("+16505551234", "template", template()).await.0, 200);
}

#[tokio::test]
async fn a_template_needs_its_language_its_state_and_exactly_its_parameters() {
    let stage = open_stage().await;
    let send = async |name: &str, language: &str, components: Value| {
        let content = json!({"name": name, "language": {"code": language}, "components": components});
        let (_, answer) = stage.send("+16505551234", "template", content).await;
        code(&answer)
    };
    let body = |texts: &[&str]| {
        let parameters: Vec<_> = texts.iter().map(|text| json!({"type": "text", "text": text})).collect();
        json!({"type": "body", "parameters": parameters})
    };
    let url = json!({"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "1"}]});
    assert_eq!(send("order_update", "en_US", json!([body(&["a", "b"]), url])).await, 0);
    assert_eq!(send("order_update", "de", json!([body(&["a", "b"]), url])).await, 132_001);
    assert_eq!(send("nothing", "en_US", json!([])).await, 132_001);
    assert_eq!(send("order_update", "en_US", json!([body(&["a"]), url])).await, 132_000);
    assert_eq!(send("order_update", "en_US", json!([body(&["a", "b"])])).await, 131_008, "the button's parameter");
    assert_eq!(send("order_update", "en_US", json!([body(&["a", ""]), url])).await, 132_012);
    assert_eq!(send("order_update", "en_US", json!([body(&["a", "b\nc"]), url])).await, 132_012);
    assert_eq!(send("appointment", "en_US", json!([body(&["a", "b"])])).await, 132_012, "names are missing");
    let named = json!([{"type": "body", "parameters": [{"type": "text", "parameter_name": "first_name", "text": "Z"},
        {"type": "text", "parameter_name": "day", "text": "Monday"}]}]);
    assert_eq!(send("appointment", "en_US", named).await, 0);
    assert_eq!(send("summer_sale", "en_US", json!([body(&["10%"])])).await, 132_012, "the header's picture is missing");
    for (status, expected) in [("PAUSED", 132_015), ("DISABLED", 132_016), ("PENDING", 132_001), ("APPROVED", 0)] {
        stage.sim.fault("F16.template", &json!({"name": "hello_world", "status": status}));
        assert_eq!(send("hello_world", "en_US", json!([])).await, expected, "{status}");
    }
}

#[tokio::test]
async fn people_who_cannot_or_will_not_receive_fail_later() {
    let stage = open_stage().await;
    let marketing = json!({"name": "summer_sale", "language": {"code": "en_US"}, "components": [
        {"type": "header", "parameters": [{"type": "image", "image": {"link": "http://127.0.0.1:1/x.png"}}]},
        {"type": "body", "parameters": [{"type": "text", "text": "10%"}]}]});
    stage.sim.switch(&json!({"link_fetch": false}));
    stage.sim.user(PABLO).act("stop_marketing", json!({}));
    let (_, answer) = stage.send("+16505551234", "template", marketing.clone()).await;
    assert_eq!(fails(&stage, &answer).await, Some(131_050));
    stage.sim.user(PABLO).act("resume_marketing", json!({}));
    let (_, answer) = stage.send("+16505551234", "template", marketing).await;
    assert_eq!(fails(&stage, &answer).await, None);
    stage.sim.user(PABLO).act("block", json!({}));
    let (_, answer) = stage.send("+16505551234", "text", json!({"body": "Hi"})).await;
    assert_eq!(fails(&stage, &answer).await, Some(131_026));
    stage.sim.user(PABLO).act("unblock", json!({}));
    let blocked = json!({"messaging_product": "whatsapp", "block_users": [{"user": PABLO}]});
    assert_eq!(stage.call("POST", &format!("{}/block_users", Setup::NUMBER), Some(blocked)).await.0, 200);
    let (_, answer) = stage.send("+16505551234", "text", json!({"body": "Hi"})).await;
    assert_eq!(fails(&stage, &answer).await, Some(130_403));
}

#[tokio::test]
async fn reading_and_typing_reach_the_phone() {
    let stage = open_stage().await;
    let pablo = stage.sim.user(PABLO);
    let last = pablo.says("are you there?");
    let path = format!("{}/messages", Setup::NUMBER);
    let body = |id: &str| json!({"messaging_product": "whatsapp", "status": "read", "message_id": id, "typing_indicator": {"type": "text"}});
    assert_eq!(stage.call("POST", &path, Some(body(&last))).await.1, json!({"success": true}));
    assert!(pablo.sees().iter().all(|bubble| bubble.state == "read"), "earlier ones too");
    let typing = |at: i64| stage.sim.world(|world| world.thread(Setup::NUMBER, PABLO).typing_until > world.now() + at);
    assert!(typing(24_000) && !typing(25_001));
    assert_eq!(code(&stage.call("POST", &path, Some(body("wamid.unknown"))).await.1), 131_009);
}
