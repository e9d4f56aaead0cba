//! What tokens open and where secrets show (security.md TOK).

use std::time::Duration;

use harness::{Http, PASSWORD, TestApp};
use serde_json::json;

use super::{column, invited, page, second_factor, text};

#[tokio::test]
async fn tok_01_refresh_tokens_are_random_and_rest_as_digests() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let other = app.signs_in(&acme.owner.email).await;
    let value = |cookie: &str| cookie.split('=').nth(1).expect("a value").to_owned();
    let (one, two) = (value(&acme.owner.cookie), value(&other.cookie));
    assert!(one.len() > 84 && one != two, "{one}");
    let stored = column(&app, "session", "refresh_hash").await;
    assert_eq!(stored.len(), 2);
    assert!(stored.iter().all(|hash| hash.len() == 64 && *hash != one && *hash != two));
    assert!(stored.contains(&chat::identity::digest(&one)));
}

#[tokio::test]
async fn tok_02_a_token_of_one_kind_opens_no_other_door() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let widget = acme.has_widget("http://localhost:3000").await;
    let visitor = app.visitor(&widget).await;
    let operator = app.operator().await;
    let token = |http: &Http| http.token().expect("a token").to_owned();
    let (agents, visitors, operators) = (token(&acme.owner.http), token(&visitor.http), token(&operator.http));
    for (right, path, at_operators) in [
        (&agents, "/v1/me", false),
        (&visitors, "/widget/v1/conversations", false),
        (&operators, "/operator/v1/me", true),
    ] {
        let http = if at_operators { app.operator_http() } else { app.http().with("origin", app.public_url()) };
        http.bearing(right).get(path).await.ok();
        for wrong in [&agents, &visitors, &operators].into_iter().filter(|token| *token != right) {
            http.bearing(wrong).get(path).await.refused(401, "token_invalid");
        }
        let cookie = acme.owner.cookie.split('=').nth(1).expect("a value");
        http.bearing(cookie).get(path).await.refused(401, "token_invalid");
    }
}

#[tokio::test]
async fn tok_03_tokens_are_taken_from_the_header_alone() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let token = acme.owner.http.token().expect("a token").to_owned();
    for name in ["access_token", "token", "authorization"] {
        app.http().get(&format!("/v1/me?{name}={token}")).await.refused(401, "token_missing");
    }
    let by_cookie = page(&app, &acme.owner.cookie);
    by_cookie.get("/v1/me").await.refused(401, "token_missing");
    by_cookie.with("cookie", &format!("access_token={token}")).get("/v1/me").await.refused(401, "token_missing");
    app.http().with("authorization", &format!("Basic {token}")).get("/v1/me").await.refused(401, "token_missing");
}

#[tokio::test]
async fn tok_04_access_tokens_are_over_after_ten_minutes_and_changed_ones_are_none() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let token = acme.owner.http.token().expect("a token").to_owned();
    let (head, signature) = token.rsplit_once('.').expect("three parts");
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let changed = format!("{head}.{first}{}", &signature[1..]);
    app.http().bearing(&changed).get("/v1/me").await.refused(401, "token_invalid");
    app.later(Duration::from_secs(600));
    acme.owner.http.get("/v1/me").await.ok();
    app.later(Duration::from_secs(6));
    acme.owner.http.get("/v1/me").await.refused(401, "token_expired");
    acme.owner.refreshes().await.is(200);
}

/// Canaries: what must stay secret is looked for in everything the owner can read.
#[tokio::test]
async fn tok_05_no_answer_repeats_a_secret() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let factor = second_factor(&app, &acme.owner).await;
    let key = json!({ "name": "Site", "algorithm": "HS256" });
    let key = acme.owner.http.post("/v1/identity-keys", key).await.is(201);
    let (_, invitation) = invited(&app, &acme.owner, "mia@example.com", "agent").await;
    let refresh = acme.owner.cookie.split('=').nth(1).expect("a value").to_owned();
    let mut canaries =
        vec![factor, text(&key["secret"]), invitation, refresh, PASSWORD.to_owned(), "argon2id".to_owned()];
    canaries.extend(column(&app, "session", "refresh_hash").await);
    let document = app.http().get("/openapi.json").await.ok();
    let mut read = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        let plain = path.starts_with("/v1/") && !path.contains('{') && !path.contains("/live");
        if plain && item["get"].is_object() {
            let answer = acme.owner.http.get(path).await;
            canaries.iter().for_each(|canary| assert!(!answer.text.contains(canary), "{path} repeats a secret"));
            read += 1;
        }
    }
    assert!(read > 8, "only {read} routes were read");
}

#[tokio::test]
async fn identity_keys_are_the_business_of_admins_and_shown_once() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "supervisor").await;
    let new = json!({ "name": "Site", "algorithm": "HS256" });
    mia.http.post("/v1/identity-keys", new.clone()).await.refused(403, "role_required");
    let made = acme.owner.http.post("/v1/identity-keys", new).await.is(201);
    assert!(text(&made["secret"]).len() >= 52, "256 bits in base32");
    let secret = text(&made["secret"]);
    let stored = column(&app, "identity_key", "key_text").await;
    assert!(stored.iter().all(|words| !words.contains(&secret)), "a shared secret rests readable");
    let listed = acme.owner.http.get("/v1/identity-keys").await.ok();
    assert_eq!(listed["items"][0]["id"], made["id"]);
    assert!(listed["items"][0].get("secret").is_none());
    for (algorithm, pem) in
        [("HS256", Some("mine")), ("ES256", None), ("ES256", Some("no key")), ("none", None), ("RS256", None)]
    {
        let body = json!({ "name": "Odd", "algorithm": algorithm, "public_key": pem });
        acme.owner.http.post("/v1/identity-keys", body).await.refused(422, "validation");
    }
    let path = format!("/v1/identity-keys/{}", text(&made["id"]));
    acme.owner.http.delete(&path).await.is(204);
    acme.owner.http.delete(&path).await.refused(404, "not_found");
    assert!(column(&app, "identity_key", "key_text").await.iter().all(String::is_empty), "a revoked key is forgotten");
}
