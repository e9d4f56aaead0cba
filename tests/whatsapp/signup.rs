//! Joining by Meta's own dialogue: from the code to a number that sends.

use graph_sim::Setup;
use serde_json::{Value, json};

use crate::world::{Stage, id, items};

/// A token for the account and the code that gives it, as Meta's dialogue would.
fn code(stage: &Stage, scopes: &[&str]) -> String {
    stage.sim.world(|world| {
        let code = format!("AQB-signup-code-{}", world.codes.len());
        let token = graph_sim::world::Token {
            token: "EAAGtokenOfTheBusiness".to_owned(),
            app: Setup::APP.to_owned(),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            targets: [Setup::WABA.to_owned()].into(),
            ..graph_sim::world::Token::default()
        };
        world.tokens.insert(token.token.clone(), token.clone());
        let until = world.now() + 30_000;
        world.codes.insert(code.clone(), (token.token, until));
        code
    })
}

const BOTH: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];

fn joining(stage: &Stage, code: &str) -> Value {
    json!({ "app_id": stage.meta["id"], "code": code, "waba_id": Setup::WABA, "phone_number_id": Setup::NUMBER })
}

#[tokio::test]
async fn a_browser_is_told_what_it_needs_once_an_app_is_set_up_for_it() {
    let stage = Stage::begin().await;
    let http = &stage.tenant.owner.http;
    let none = http.get("/v1/whatsapp/signup").await.ok();
    assert_eq!((&none["app_id"], &none["graph_version"]), (&Value::Null, &json!("v26.0")));
    let path = format!("/v1/whatsapp/apps/{}", id(&stage.meta));
    http.patch(&path, json!({ "signup_config": "no id" })).await.refused(422, "validation");
    http.patch(&path, json!({ "signup_config": "1234567890" })).await.ok();
    let offer = http.get("/v1/whatsapp/signup").await.ok();
    assert_eq!((&offer["app_id"], &offer["config_id"]), (&stage.meta["id"], &json!("1234567890")));
    assert_eq!(offer["meta_app_id"], Setup::APP);
    // the platform's serves whoever has none
    let shared = json!({ "meta_app_id": "777777777777777", "name": "Shared", "secret": "a_platform_secret",
        "signup_config": "555555" });
    let shared = stage.app.operator().await.http.post("/operator/v1/whatsapp/apps", shared).await.is(201);
    let rival = stage.app.tenant("Rival").await;
    let offer = rival.owner.http.get("/v1/whatsapp/signup").await.ok();
    assert_eq!((&offer["meta_app_id"], &offer["config_id"]), (&json!("777777777777777"), &json!("555555")));
    let by_hand = json!({ "app_id": shared["id"], "waba_id": Setup::WABA, "token": "not-a-token" });
    let refused = rival.owner.http.post("/v1/whatsapp/accounts", by_hand).await;
    assert_ne!(refused.body["code"], "not_found", "the platform's app is there for everybody");
    let agent = stage.tenant.invites(&stage.app, "Arne", "agent").await;
    agent.http.get("/v1/whatsapp/signup").await.is(403);
    agent.http.post("/v1/whatsapp/signup", joining(&stage, "AQB-some-code")).await.is(403);
}

#[tokio::test]
async fn a_code_becomes_an_account_with_a_registered_number_and_its_templates() {
    let stage = Stage::begin().await;
    stage.sim.world(|world| {
        let number = world.numbers.get_mut(Setup::NUMBER).expect("the number");
        (number.registered, number.status) = (false, "PENDING".to_owned());
        world.wabas.values_mut().for_each(|waba| waba.subscribed.clear());
    });
    let code = code(&stage, &BOTH);
    let answer = stage.tenant.owner.http.post("/v1/whatsapp/signup", joining(&stage, &code)).await;
    assert!(!answer.text.contains("EAAGtokenOfTheBusiness") && !answer.text.contains(&code));
    let joined = answer.is(201);
    assert_eq!((&joined["registered"], &joined["problem"]), (&json!(true), &Value::Null));
    assert_eq!((&joined["number"]["state"], &joined["account"]["state"]), (&json!("CONNECTED"), &json!("connected")));
    let pin = stage.sim.world(|world| {
        assert!(world.wabas[Setup::WABA].subscribed.contains_key(Setup::APP));
        world.numbers[Setup::NUMBER].pin.clone().expect("a PIN was chosen")
    });
    assert!(pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()));
    stage.app.run_due().await;
    assert_eq!(items(&stage.tenant.owner, "/v1/whatsapp/templates").await.len(), 5);
    // a code is good once
    let again = stage.tenant.owner.http.post("/v1/whatsapp/signup", joining(&stage, &code)).await;
    assert_eq!(again.refused(409, "meta_refused")["meta"]["subcode"], 36_009);
}

#[tokio::test]
async fn what_will_not_do_is_refused_and_nothing_is_kept() {
    let stage = Stage::begin().await;
    let http = &stage.tenant.owner.http;
    http.post("/v1/whatsapp/signup", joining(&stage, "AQB-never-made")).await.refused(409, "meta_refused");
    let late = code(&stage, &BOTH);
    stage.sim.advance(31_000).await;
    http.post("/v1/whatsapp/signup", joining(&stage, &late)).await.refused(409, "meta_refused");
    let weak = code(&stage, &BOTH[..1]);
    http.post("/v1/whatsapp/signup", joining(&stage, &weak)).await.refused(422, "validation");
    let fine = code(&stage, &BOTH);
    let mut other = joining(&stage, &fine);
    other["pin"] = json!("12345");
    http.post("/v1/whatsapp/signup", other).await.refused(422, "validation");
    assert_eq!(stage.rows("wa_account").await, 0);
    // the code was not spent by that
    http.post("/v1/whatsapp/signup", joining(&stage, &fine)).await.is(201);
    let rival = stage.app.tenant("Rival").await;
    rival.owner.http.post("/v1/whatsapp/signup", joining(&stage, "AQB-some-code")).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_number_with_a_pin_of_its_own_joins_and_says_that_it_is_not_registered() {
    let stage = Stage::begin().await;
    stage.sim.world(|world| {
        let number = world.numbers.get_mut(Setup::NUMBER).expect("the number");
        (number.registered, number.pin) = (false, Some("482913".to_owned()));
    });
    let code = code(&stage, &BOTH);
    let http = &stage.tenant.owner.http;
    let joined = http.post("/v1/whatsapp/signup", joining(&stage, &code)).await.is(201);
    assert_eq!(joined["registered"], false);
    assert!(joined["problem"].as_str().is_some_and(|words| words.contains("PIN")), "{joined}");
    let path = format!("/v1/whatsapp/numbers/{}/register", id(&joined["number"]));
    http.post(&path, json!({ "pin": "482913" })).await.ok();
    assert!(stage.sim.world(|world| world.numbers[Setup::NUMBER].registered));
}

#[tokio::test]
async fn a_number_that_stays_on_a_phone_is_not_registered() {
    let stage = Stage::begin().await;
    stage.sim.world(|world| world.numbers.get_mut(Setup::NUMBER).expect("the number").coexistence = true);
    let code = code(&stage, &BOTH);
    let mut body = joining(&stage, &code);
    body["coexistence"] = json!(true);
    let joined = stage.tenant.owner.http.post("/v1/whatsapp/signup", body).await.is(201);
    assert_eq!((&joined["registered"], &joined["number"]["coexistence"]), (&json!(true), &json!(true)));
    let attempts = stage.sim.world(|world| world.numbers[Setup::NUMBER].attempts.len());
    assert_eq!(attempts, 0, "register was not called");
}
