//! Connecting by hand, registering, and what the doctor says.

use graph_sim::{Setup, Sim};
use serde_json::{Value, json};

use crate::world::{Stage, adds_app, id};

async fn doctor(stage: &Stage) -> Vec<Value> {
    let path = format!("/v1/whatsapp/numbers/{}/doctor", id(&stage.number().await));
    stage.tenant.owner.http.get(&path).await.ok()["checks"].as_array().expect("lines").clone()
}

fn state<'a>(lines: &'a [Value], check: &str) -> &'a str {
    let line = lines.iter().find(|line| line["check"] == check).unwrap_or_else(|| panic!("no {check}: {lines:?}"));
    assert_eq!(line["state"] == "failing", line["fix"].is_string(), "a failing line has a fix: {line}");
    line["state"].as_str().expect("a state")
}

/// Points the app where the installation says it is.
fn calls_home(stage: &Stage) -> &Sim {
    stage.sim.calls_back(stage.meta["callback_url"].as_str().expect("an address"));
    &stage.sim
}

#[tokio::test]
async fn an_account_is_connected_with_its_numbers_and_the_token_is_not_shown() {
    let stage = Stage::begin().await;
    stage.sim.world(|world| {
        world.wabas.values_mut().for_each(|waba| waba.subscribed.clear());
    });
    let answer = stage.connects().await;
    assert!(!answer.text.contains(Setup::TOKEN));
    let account = answer.is(201);
    assert_eq!((&account["name"], &account["token_hint"]), (&json!("Porch Goods"), &json!("oken")));
    let number = stage.number().await;
    assert_eq!(number["phone_number_id"], Setup::NUMBER);
    assert_eq!((&number["quality"], &number["per_second"]), (&json!("GREEN"), &json!(80)));
    assert!(stage.sim.world(|world| world.wabas[Setup::WABA].subscribed.contains_key(Setup::APP)));
    // again: the same account, another token
    assert_eq!(id(&stage.connects().await.is(201)), id(&account));
    let path = format!("/v1/whatsapp/accounts/{}/credentials", id(&account));
    stage.tenant.owner.http.delete(&path).await.is(204);
    let after = stage.account().await;
    assert_eq!((&after["state"], &after["token_hint"]), (&json!("disconnected"), &Value::Null));
    assert_eq!(stage.number().await["halted_reason"], "credentials_removed");
    stage.connects().await.is(201);
    assert!(stage.number().await["halted_at"].is_null());
}

#[tokio::test]
async fn a_token_that_will_not_do_is_refused_with_the_reason_and_nothing_is_kept() {
    let stage = Stage::begin().await;
    for spoil in ["expired", "scope", "target"] {
        stage.sim.world(|world| {
            let mut token = world.tokens[Setup::TOKEN].clone();
            token.token = spoil.repeat(4);
            match spoil {
                "expired" => token.expires = 1,
                "scope" => drop(token.scopes.remove("whatsapp_business_messaging")),
                _ => drop(token.targets.insert("another".to_owned())),
            }
            world.tokens.insert(token.token.clone(), token);
        });
        let refused = stage.connects_with(&spoil.repeat(4)).await.refused(422, "validation");
        assert_eq!(refused["fields"][0]["code"], "token_unusable", "{spoil}: {refused}");
    }
    stage.connects_with("never-made-by-anybody").await.refused(422, "validation");
    assert_eq!(stage.rows("wa_account").await, 0);
    let rival = stage.app.tenant("Rival").await;
    let body = json!({ "app_id": stage.meta["id"], "waba_id": Setup::WABA, "token": Setup::TOKEN });
    rival.owner.http.post("/v1/whatsapp/accounts", body).await.refused(404, "not_found");
    stage.connects().await.is(201);
    let theirs = adds_app(&rival.owner).await;
    let body = json!({ "app_id": theirs["id"], "waba_id": Setup::WABA, "token": Setup::TOKEN });
    rival.owner.http.post("/v1/whatsapp/accounts", body).await.refused(409, "number_taken");
    assert_eq!(stage.rows("wa_account").await, 1);
}

#[tokio::test]
async fn a_number_is_registered_and_a_wrong_pin_is_metas_refusal() {
    let stage = Stage::connected().await;
    let path = format!("/v1/whatsapp/numbers/{}", id(&stage.number().await));
    let http = &stage.tenant.owner.http;
    http.post(&format!("{path}/register"), json!({ "pin": "12345" })).await.refused(422, "validation");
    let answer = http.post(&format!("{path}/register"), json!({ "pin": "482913" })).await;
    assert!(!answer.text.contains("482913"));
    assert_eq!(answer.ok()["state"], "CONNECTED");
    let refused = http.post(&format!("{path}/register"), json!({ "pin": "000000" })).await.refused(409, "meta_refused");
    assert_eq!(refused["meta"]["code"], 133_005);
    let changed = http.patch(&path, json!({ "read_receipts": false, "nudge_minutes": 60 })).await.ok();
    let expected = json!({ "read_receipts": false, "typing": true, "nudge_minutes": 60 });
    assert_eq!(changed["settings"], expected);
    http.patch(&path, json!({ "nudge_minutes": 1440 })).await.refused(422, "validation");
}

#[tokio::test]
async fn the_doctor_finds_nothing_wrong_with_a_healthy_number() {
    let stage = Stage::connected().await;
    stage.app.run_due().await;
    let lines = doctor(&stage).await;
    assert_eq!(state(&lines, "deliveries"), "unknown", "a quiet number and a deaf one look alike");
    stage.sim.user("16505551234").says("Hello");
    stage.lines().await;
    calls_home(&stage);
    let lines = doctor(&stage).await;
    assert!(lines.iter().all(|line| line["state"] == "ok"), "{lines:#?}");
    assert!(lines.len() >= 10, "{lines:#?}");
}

#[tokio::test]
async fn the_doctor_names_what_is_wrong_and_only_that() {
    let stage = Stage::connected().await;
    calls_home(&stage);
    stage.sim.world(|world| {
        world.wabas.values_mut().for_each(|waba| waba.subscribed.clear());
        world.apps.values_mut().for_each(|app| app.fields.retain(|field| field != "messages"));
    });
    stage.sim.calls_back("https://elsewhere.example.com/hook");
    let lines = doctor(&stage).await;
    for check in ["subscribed_apps", "callback", "subscribed_fields"] {
        assert_eq!(state(&lines, check), "failing", "{lines:#?}");
    }
    for check in ["token", "token_scopes", "account", "registration", "name", "quality"] {
        assert_eq!(state(&lines, check), "ok", "{lines:#?}");
    }
    stage.sim.fault("F7.token_expired", &json!({ "token": Setup::TOKEN }));
    let lines = doctor(&stage).await;
    assert_eq!(state(&lines, "token"), "failing");
    assert_eq!(state(&lines, "registration"), "failing");
}

#[tokio::test]
async fn the_doctor_says_that_it_does_not_know_when_meta_is_away() {
    let stage = Stage::connected().await;
    stage.sim.fault("F6.html", &json!({ "args": { "status": 503 }, "times": 10 }));
    let lines = doctor(&stage).await;
    let ours = |line: &&Value| !matches!(line["check"].as_str(), Some("templates" | "deliveries"));
    assert!(lines.iter().filter(ours).all(|line| line["state"] == "unknown"), "{lines:#?}");
    assert!(lines.iter().filter(ours).count() >= 4, "{lines:#?}");
}
