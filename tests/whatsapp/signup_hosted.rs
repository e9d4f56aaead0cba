//! Joining by Meta's dialogue in a window of its own, which sends the browser back with a code and names no ids; and
//! samples for Meta's reviewers.

use graph_sim::Setup;
use serde_json::json;

use crate::world::{Stage, id};

#[tokio::test]
async fn a_code_that_opens_one_account_needs_no_ids() {
    let stage = Stage::begin().await;
    let code = stage.sim.world(|world| {
        let token = graph_sim::world::Token {
            token: "EAAGtokenOfTheHostedDialogue".to_owned(),
            app: Setup::APP.to_owned(),
            scopes: ["whatsapp_business_messaging", "whatsapp_business_management"].map(str::to_owned).into(),
            targets: [Setup::WABA.to_owned()].into(),
            ..graph_sim::world::Token::default()
        };
        world.tokens.insert(token.token.clone(), token.clone());
        let until = world.now() + 30_000;
        world.codes.insert("AQB-hosted-code".to_owned(), (token.token, until));
        "AQB-hosted-code"
    });
    let asked = json!({ "app_id": stage.meta["id"], "code": code, "redirect_uri": "https://desk.example/app/" });
    let joined = stage.tenant.owner.http.post("/v1/whatsapp/signup", asked.clone()).await.is(201);
    assert_eq!(joined["account"]["waba_id"], Setup::WABA);
    assert_eq!((&joined["number"]["phone_number_id"], &joined["registered"]), (&json!(Setup::NUMBER), &json!(true)));
    // once only
    stage.tenant.owner.http.post("/v1/whatsapp/signup", asked).await.refused(409, "meta_refused");
}

#[tokio::test]
async fn a_code_that_opens_everything_names_nothing_and_is_refused() {
    let stage = Stage::begin().await;
    stage.sim.world(|world| {
        let until = world.now() + 30_000;
        // without targets a token reaches all accounts, and says none
        world.codes.insert("AQB-wide-code".to_owned(), (Setup::TOKEN.to_owned(), until));
        if let Some(token) = world.tokens.get_mut(Setup::TOKEN) {
            token.targets.clear();
        }
    });
    let asked = json!({ "app_id": stage.meta["id"], "code": "AQB-wide-code" });
    stage.tenant.owner.http.post("/v1/whatsapp/signup", asked).await.refused(422, "validation");
    assert!(
        stage.tenant.owner.http.get("/v1/whatsapp/accounts").await.ok()["items"].as_array().is_some_and(Vec::is_empty)
    );
}

#[tokio::test]
async fn a_sample_goes_to_the_accounts_app_and_comes_back_as_a_handle() {
    let stage = Stage::connected().await;
    let account = stage.account().await;
    let path = format!("{}/v1/whatsapp/accounts/{}/sample?name=lamp.png", stage.app.doors().public, id(&account));
    let send = |kind: &'static str, bytes: Vec<u8>| {
        let request = reqwest::Client::new().post(&path).bearer_auth(stage.tenant.owner.http.token().expect("a token"));
        request.header("content-type", kind).body(bytes).send()
    };
    let taken = send("image/png", b"\x89PNG sample".to_vec()).await.expect("an answer");
    assert_eq!(taken.status().as_u16(), 201);
    let body = taken.bytes().await.expect("a body");
    let said: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
    assert!(said["handle"].as_str().is_some_and(|handle| !handle.is_empty()));
    assert_eq!(send("text/html", b"<b>".to_vec()).await.expect("an answer").status().as_u16(), 422);
    assert_eq!(send("image/png", vec![0; 5 * 1024 * 1024 + 1]).await.expect("an answer").status().as_u16(), 413);
}
