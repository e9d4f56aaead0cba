//! Tokens, reach, callbacks, registration.

use graph_sim::Setup;
use graph_sim::world::{Number, Token, Waba};
use serde_json::json;

use crate::ear::{PABLO, Stage, code};

const TEXT: &str = r#"{"messaging_product":"whatsapp","to":"+16505551234","type":"text","text":{"body":"Hi"}}"#;

#[tokio::test]
async fn a_send_needs_a_token_that_lives_and_reaches_the_number() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("Hi");
    let path = format!("{}/messages", Setup::NUMBER);
    let body = || Some(serde_json::from_str(TEXT).expect("JSON"));
    let (status, answer) = stage.call_as(None, "POST", &path, body()).await;
    assert_eq!((status, code(&answer)), (403, 200));
    let (status, answer) = stage.call_as(Some("nonsense"), "POST", &path, body()).await;
    assert_eq!((status, code(&answer), &answer["error"]["error_subcode"]), (401, 190, &json!(467)));
    assert!(answer["error"]["fbtrace_id"].is_string());
    stage.sim.world(|world| {
        let token = |name: &str| Token { token: name.to_owned(), app: Setup::APP.to_owned(), ..Token::default() };
        let expired = Token { expires: world.now(), ..token("old") };
        let elsewhere = Token { targets: ["5".to_owned()].into(), ..token("elsewhere") };
        [expired, elsewhere].into_iter().for_each(|token| drop(world.tokens.insert(token.token.clone(), token)));
    });
    let (status, answer) = stage.call_as(Some("old"), "POST", &path, body()).await;
    assert_eq!((status, code(&answer), &answer["error"]["error_subcode"]), (401, 190, &json!(463)));
    let (status, answer) = stage.call_as(Some("elsewhere"), "POST", &path, body()).await;
    assert_eq!((status, code(&answer), &answer["error"]["error_subcode"]), (404, 100, &json!(33)));
    assert_eq!(stage.call("POST", &path, body()).await.0, 200);
}

#[tokio::test]
async fn a_path_nobody_knows_is_a_graph_error_with_and_without_a_version() {
    let stage = Stage::set().await;
    let (status, answer) = stage.call("GET", "nothing/here", None).await;
    assert_eq!((status, code(&answer)), (404, 2500));
    let (_, answer) = stage.call("GET", "123456", None).await;
    assert_eq!((code(&answer), &answer["error"]["error_subcode"]), (100, &json!(33)));
    let bare = stage.client.get(format!("{}/{}", stage.sim.base(), Setup::NUMBER)).bearer_auth(Setup::TOKEN);
    assert_eq!(bare.send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_number_registers_after_its_code_and_not_ten_times() {
    let stage = Stage::set().await;
    let new = json!({"cc": "1", "phone_number": "6505550000", "verified_name": "Porch"});
    let (_, answer) = stage.call("POST", &format!("{}/phone_numbers", Setup::WABA), Some(new)).await;
    let id = answer["id"].as_str().expect("an id").to_owned();
    let send = stage.call("POST", &format!("{id}/messages"), Some(serde_json::from_str(TEXT).expect("JSON"))).await;
    assert_eq!(code(&send.1), 133_010);
    let register = json!({"messaging_product": "whatsapp", "pin": "123456"});
    assert_eq!(code(&stage.call("POST", &format!("{id}/register"), Some(register.clone())).await.1), 133_006);
    stage.call("POST", &format!("{id}/request_code"), Some(json!({"code_method": "SMS", "language": "en"}))).await;
    let wrong = stage.call("POST", &format!("{id}/verify_code"), Some(json!({"code": "0"}))).await;
    assert_eq!(code(&wrong.1), 136_025);
    let sms = stage.sim.noted("actor").into_iter().find(|what| what["act"] == "receives_code").expect("a code");
    assert_eq!(stage.call("POST", &format!("{id}/verify_code"), Some(json!({"code": sms["code"]}))).await.0, 200);
    let other = json!({"messaging_product": "whatsapp", "pin": "654321"});
    assert_eq!(stage.call("POST", &format!("{id}/register"), Some(register)).await.0, 200);
    assert_eq!(code(&stage.call("POST", &format!("{id}/register"), Some(other.clone())).await.1), 133_005);
    for _ in 0..7 {
        stage.call("POST", &format!("{id}/register"), Some(other.clone())).await;
    }
    assert_eq!(code(&stage.call("POST", &format!("{id}/register"), Some(other)).await.1), 133_016);
}

#[tokio::test]
async fn a_callback_is_saved_only_after_it_repeats_its_challenge() {
    let stage = Stage::set().await;
    let app = format!("{}|{}", Setup::APP, Setup::SECRET);
    let path = format!("{}/subscriptions", Setup::APP);
    let body = |token: &str| {
        Some(json!({"object": "whatsapp_business_account", "callback_url": format!("{}/new?a=1", stage.ear.url),
            "verify_token": token, "fields": "messages,account_update"}))
    };
    let (status, answer) = stage.call_as(Some(&app), "POST", &path, body("wrong")).await;
    assert_eq!((status, code(&answer)), (400, 2200));
    assert_eq!(stage.call_as(Some(&app), "POST", &path, body(Setup::VERIFY)).await.0, 200);
    let (_, kept) = stage.call_as(Some(&app), "GET", &path, None).await;
    assert_eq!(kept["data"][0]["fields"].as_array().map(Vec::len), Some(2));
    assert_eq!(code(&stage.call("GET", &path, None).await.1), 190, "it needs an app token");
    stage.ear.says_to_challenges("something else");
    assert_eq!(code(&stage.call_as(Some(&app), "POST", &path, body(Setup::VERIFY)).await.1), 2200);
    stage.sim.switch(&json!({"verification_code": 100}));
    assert_eq!(code(&stage.call_as(Some(&app), "POST", &path, body(Setup::VERIFY)).await.1), 100);
}

#[tokio::test]
async fn a_number_s_callback_goes_before_its_account_s_and_the_app_s() {
    let stage = Stage::set().await;
    let says = |words: &str| stage.sim.user(PABLO).says(words);
    let over = |path: &str| format!("{}/{path}", stage.ear.url);
    let waba = json!({"override_callback_uri": over("waba"), "verify_token": Setup::VERIFY});
    assert_eq!(stage.call("POST", &format!("{}/subscribed_apps", Setup::WABA), Some(waba)).await.0, 200);
    says("to the account's");
    stage.sim.settle().await;
    let own = json!({"webhook_configuration": {"override_callback_uri": over("own"), "verify_token": Setup::VERIFY}});
    assert_eq!(stage.call("POST", Setup::NUMBER, Some(own)).await.0, 200);
    says("to the number's");
    stage.sim.settle().await;
    stage.sim.number(Setup::NUMBER).account("account_update", &json!({"event": "VERIFIED_ACCOUNT"}));
    stage.sim.settle().await;
    let clear = json!({"webhook_configuration": {"override_callback_uri": ""}});
    stage.call("POST", Setup::NUMBER, Some(clear)).await;
    stage.call("POST", &format!("{}/subscribed_apps", Setup::WABA), Some(json!({}))).await;
    says("to the app's");
    stage.sim.settle().await;
    let paths: Vec<_> = stage.ear.heard().into_iter().map(|heard| heard.path).collect();
    assert_eq!(paths, ["/hook/waba", "/hook/own", "/hook", "/hook"]);
}

#[tokio::test]
async fn nobody_hears_of_an_account_without_subscribed_apps_or_of_a_field_without_subscription() {
    let stage = Stage::set().await;
    stage.call("DELETE", &format!("{}/subscribed_apps", Setup::WABA), None).await;
    stage.sim.user(PABLO).says("into the void");
    stage.sim.settle().await;
    assert!(stage.ear.heard().is_empty());
    stage.call("POST", &format!("{}/subscribed_apps", Setup::WABA), Some(json!({}))).await;
    stage.sim.world(|world| world.apps.values_mut().for_each(|app| app.fields.retain(|field| field != "messages")));
    stage.sim.user(PABLO).says("still nobody");
    stage.sim.settle().await;
    assert!(stage.ear.heard().is_empty());
    assert_eq!(stage.sim.noted("dropped").len(), 2);
}

#[tokio::test]
async fn a_code_is_exchanged_once_and_its_token_reaches_its_account() {
    let stage = Stage::set().await;
    stage.sim.waba(Waba { id: "77".to_owned(), ..Waba::default() });
    stage.sim.world(|world| {
        world.add_number(Number {
            id: "78".to_owned(),
            waba: "77".to_owned(),
            digits: "15550001".to_owned(),
            ..Number::default()
        })
    });
    let made: serde_json::Value = serde_json::from_str(
        &stage
            .client
            .post(format!("{}/_sim/codes", stage.sim.base()))
            .body(r#"{"waba":"77"}"#)
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a text"),
    )
    .expect("JSON");
    let path = format!(
        "oauth/access_token?client_id={}&client_secret={}&code={}",
        Setup::APP,
        Setup::SECRET,
        made["code"].as_str().expect("a code")
    );
    let (_, answer) = stage.call_as(None, "GET", &path, None).await;
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(code(&stage.call_as(None, "GET", &path, None).await.1), 100, "once");
    let app = format!("{}|{}", Setup::APP, Setup::SECRET);
    let (_, seen) = stage.call_as(Some(&app), "GET", &format!("debug_token?input_token={token}"), None).await;
    assert_eq!(seen["data"]["granular_scopes"][0]["target_ids"], json!(["77"]));
    assert_eq!(stage.call_as(Some(&token), "GET", "78", None).await.0, 200);
    assert_eq!(stage.call_as(Some(&token), "GET", Setup::NUMBER, None).await.0, 404);
}
