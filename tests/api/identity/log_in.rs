//! Passwords, guesses and codes (security.md AUTH).

use std::time::Duration;

use harness::{Agent, Answer, PASSWORD, TestApp};
use serde_json::json;

use super::{column, digits, knocks, knocks_with, second_factor, text};

#[tokio::test]
async fn auth_01_passwords_rest_as_argon2id_and_nowhere_else() {
    let app = TestApp::start().await;
    app.tenant("Acme").await;
    let hashes = column(&app, "account", "password_hash").await;
    assert_eq!(hashes.len(), 1);
    assert!(hashes[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hashes[0]);
}

#[tokio::test]
async fn auth_02_an_unknown_address_and_a_wrong_password_look_alike() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    knocks(&app, &acme.owner.email, PASSWORD).await.is(201);
    let wrong = knocks(&app, &acme.owner.email, "not the password at all").await;
    let unknown = knocks(&app, "nobody@example.com", "not the password at all").await;
    assert_eq!(wrong.fingerprint(), unknown.fingerprint());
    let names = |answer: &Answer| {
        let mut names: Vec<_> = answer.headers.keys().map(ToString::to_string).collect();
        names.sort();
        names
    };
    assert_eq!(names(&wrong), names(&unknown));
    wrong.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn auth_03_weak_passwords_are_refused_where_they_are_chosen() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    for weak in ["short", "aaaaaaaaaaaaaa", "password1!", acme.owner.email.as_str()] {
        let body = json!({ "current_password": PASSWORD, "new_password": weak });
        let refusal = acme.owner.http.post("/v1/me/password", body).await.refused(422, "validation");
        assert_eq!(refusal["fields"][0]["code"], "weak_password", "{weak}");
    }
    let body = json!({ "current_password": PASSWORD, "new_password": "figs and olives and bread" });
    acme.owner.http.post("/v1/me/password", body).await.is(204);
    knocks(&app, &acme.owner.email, PASSWORD).await.refused(401, "invalid_credentials");
    knocks(&app, &acme.owner.email, "figs and olives and bread").await.is(201);
}

#[tokio::test]
async fn auth_04_guessing_at_one_log_in_is_slowed_and_the_door_opens_again() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    for _ in 0..10 {
        knocks(&app, &acme.owner.email, "a wrong password").await.refused(401, "invalid_credentials");
    }
    let refused = knocks(&app, &acme.owner.email, PASSWORD).await;
    assert_eq!(refused.header("retry-after"), Some("901"));
    refused.refused(429, "too_many_attempts");
    let unknown = |n: u32| format!("nobody{n}@example.com");
    for _ in 0..10 {
        knocks(&app, &unknown(1), "a wrong password").await.refused(401, "invalid_credentials");
    }
    knocks(&app, &unknown(1), "a wrong password").await.refused(429, "too_many_attempts");
    knocks(&app, &unknown(2), "a wrong password").await.refused(401, "invalid_credentials");
    app.later(Duration::from_secs(15 * 60));
    knocks(&app, &acme.owner.email, PASSWORD).await.is(201);
}

#[tokio::test]
async fn auth_05_an_address_that_guesses_at_many_log_ins_is_slowed() {
    let app = TestApp::start().await;
    for n in 0..100 {
        knocks(&app, &format!("person{n}@example.com"), "spring 2026!!").await.refused(401, "invalid_credentials");
    }
    knocks(&app, "person100@example.com", "spring 2026!!").await.refused(429, "too_many_attempts");
}

#[tokio::test]
async fn auth_05_knocking_is_limited_per_address_before_anything_is_looked_at() {
    let app = TestApp::with(&[("limits.factor", "1")]).await;
    let mut refused = None;
    for _ in 0..40 {
        let answer = app.http().post("/v1/invitations/preview", json!({ "token": "it_unknown" })).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        answer.refused(404, "invitation_unknown");
    }
    refused.expect("forty knocks are too many").refused(429, "rate_limited");
}

#[tokio::test]
async fn auth_06_the_second_factor_is_asked_for_in_the_same_request_and_each_code_is_good_once() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let email = acme.owner.email.clone();
    let secret = second_factor(&app, &acme.owner).await;
    assert_eq!(acme.owner.http.get("/v1/me").await.ok()["agent"]["second_factor"], true);
    let before = column(&app, "session", "device").await.len();
    knocks_with(&app, &email, &digits(&app, &secret)).await.refused(401, "second_factor_required");
    app.later(Duration::from_secs(60));
    knocks(&app, &email, PASSWORD).await.refused(401, "second_factor_required");
    knocks_with(&app, &email, "000000").await.refused(401, "second_factor_required");
    let body = json!({ "email": email, "password": "a wrong password", "code": digits(&app, &secret) });
    app.http().post("/v1/sessions", body).await.refused(401, "invalid_credentials");
    assert_eq!(column(&app, "session", "device").await.len(), before, "no half-made session");
    let code = digits(&app, &secret);
    knocks_with(&app, &email, &code).await.is(201);
    knocks_with(&app, &email, &code).await.refused(401, "second_factor_required");
    assert_eq!(column(&app, "session", "device").await.len(), before + 1);
}

#[tokio::test]
async fn auth_06_the_second_factor_goes_off_only_by_a_code() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let secret = second_factor(&app, &acme.owner).await;
    acme.owner.http.post("/v1/me/second-factor", json!({})).await.refused(409, "second_factor_on");
    let off = async |code: &str| acme.owner.http.post("/v1/me/second-factor/disable", json!({ "code": code })).await;
    off("000000").await.refused(422, "validation");
    off(&digits(&app, &secret)).await.refused(422, "validation");
    app.later(Duration::from_secs(60));
    off(&digits(&app, &secret)).await.is(204);
    knocks(&app, &acme.owner.email, PASSWORD).await.is(201);
}

#[tokio::test]
async fn auth_07_a_flood_is_turned_away_and_the_next_one_is_let_in() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let emails: Vec<String> = (0..60).map(|n| format!("flood{n}@example.com")).collect();
    let flood = emails.iter().map(|email| knocks(&app, email, "a wrong password"));
    let answers = futures::future::join_all(flood).await;
    let busy: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(!busy.is_empty(), "sixty at once are more than may wait");
    busy.iter().for_each(|answer| answer.assert_is_problem());
    assert!(answers.iter().any(|answer| answer.status == 401), "some were judged");
    knocks(&app, &acme.owner.email, PASSWORD).await.is(201);
}

#[tokio::test]
async fn auth_08_who_works_in_two_places_is_asked_which() {
    let app = TestApp::start().await;
    let (acme, rival) = (app.tenant("Acme").await, app.tenant("Rival").await);
    let body = json!({ "email": rival.owner.email, "role": "agent" });
    acme.owner.http.post("/v1/invitations", body).await.is(201);
    Agent::accepts(&app, &app.letter_to(&rival.owner.email).await, "Olga").await;
    let asked = knocks(&app, &rival.owner.email, PASSWORD).await.refused(409, "tenant_required");
    let mut names: Vec<_> = asked["tenants"].as_array().expect("tenants").iter().map(|t| text(&t["name"])).collect();
    names.sort();
    assert_eq!(names, ["Acme", "Rival"]);
    let chosen = json!({ "email": rival.owner.email, "password": PASSWORD, "tenant": acme.id });
    let inside = app.http().post("/v1/sessions", chosen).await.is(201);
    assert_eq!((text(&inside["tenant"]["id"]), text(&inside["agent"]["role"])), (acme.id, "agent".to_owned()));
    let wrong = json!({ "email": rival.owner.email, "password": "a wrong password" });
    app.http().post("/v1/sessions", wrong).await.refused(401, "invalid_credentials");
}
