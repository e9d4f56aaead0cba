//! Cookies, devices and ends (security.md SES, CSRF).

use std::time::Duration;

use harness::{PASSWORD, TestApp};
use serde_json::json;

use super::{CHROME, knocks, page, refreshes, text};

#[tokio::test]
async fn csrf_01_the_cookie_counts_only_from_our_own_page() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let bare = app.http().with("cookie", &acme.owner.cookie);
    let foreign = bare.with("x-porchlight-csrf", "1").with("origin", "https://evil.example");
    let refused = [
        (bare.with("origin", app.public_url()), "csrf_header_missing"),
        (foreign, "foreign_origin"),
        (bare.with("x-porchlight-csrf", "1"), "foreign_origin"),
        (bare.with("x-porchlight-csrf", "1").with("origin", "null"), "foreign_origin"),
        (bare.with("x-porchlight-csrf", "1").with("origin", app.operator_url()), "foreign_origin"),
    ];
    for (http, code) in &refused {
        http.post("/v1/sessions/refresh", json!({})).await.refused(403, code);
        http.delete("/v1/sessions/current").await.refused(403, code);
    }
    let elsewhere = app.http().with("origin", "https://evil.example");
    let log_in = json!({ "email": acme.owner.email, "password": PASSWORD });
    elsewhere.post("/v1/sessions", log_in).await.refused(403, "foreign_origin");
    acme.owner.refreshes().await.is(200);
}

#[tokio::test]
async fn ses_01_the_cookie_is_bound_to_the_host_and_hidden_from_scripts() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let answer = knocks(&app, &acme.owner.email, PASSWORD).await;
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    for part in ["__Host-porchlight_refresh=rt_", "HttpOnly", "Secure", "SameSite=Lax", "Path=/", "Max-Age=1209600"] {
        assert!(cookie.contains(part), "{part} is missing in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    let token = acme.owner.cookie.split('=').nth(1).expect("a value");
    assert!(!answer.text.contains("rt_") && !answer.text.contains(token));
}

#[tokio::test]
async fn ses_01_without_https_on_this_machine_the_cookie_has_a_plain_name() {
    let app =
        TestApp::with(&[("public.url", "http://127.0.0.1:8080"), ("operator.url", "http://127.0.0.1:8081")]).await;
    let email = harness::found(app.ctx(), "Acme").await;
    let answer = knocks(&app, &email, PASSWORD).await;
    let cookie = answer.header("set-cookie").expect("a cookie").to_owned();
    assert!(cookie.starts_with("porchlight_refresh=rt_") && !cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn ses_02_refreshing_rotates_and_a_copied_token_ends_the_session() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let first = acme.owner.cookie.clone();
    let second = refreshes(&app, &first).await.cookie("refresh").expect("the next cookie");
    assert_ne!(first, second);
    app.later(Duration::from_secs(11));
    let third = refreshes(&app, &second).await.cookie("refresh").expect("the next cookie");
    acme.owner.http.get("/v1/me").await.ok();
    app.effects().await;
    let answer = refreshes(&app, &first).await;
    assert!(answer.header("set-cookie").expect("it is taken away").contains("Max-Age=0"));
    answer.refused(401, "session_ended");
    refreshes(&app, &third).await.refused(401, "session_ended");
    acme.owner.http.get("/v1/me").await.refused(401, "session_ended");
    assert_eq!(app.effects().await.events, ["session_ended"]);
}

#[tokio::test]
async fn ses_03_tabs_that_refresh_at_once_stay_logged_in_together() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let tabs = (0..8).map(|_| acme.owner.refreshes());
    let cookies: Vec<_> = futures::future::join_all(tabs).await.into_iter().map(|tab| tab.cookie("refresh")).collect();
    assert!(cookies[0].is_some() && cookies.iter().all(|cookie| *cookie == cookies[0]), "{cookies:?}");
    app.later(Duration::from_secs(9));
    let late = acme.owner.refreshes().await;
    assert_eq!(late.cookie("refresh"), cookies[0], "an answer that was lost is given again");
    late.is(200);
    refreshes(&app, cookies[0].as_deref().expect("a cookie")).await.is(200);
}

#[tokio::test]
async fn ses_04_devices_are_listed_and_ended_at_once() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "agent").await;
    let log_in = json!({ "email": mia.email, "password": PASSWORD });
    let other = app.http().with("user-agent", CHROME).post("/v1/sessions", log_in).await.is(201);
    let phone = app.http().bearing(&text(&other["access_token"]));
    let listed = mia.http.get("/v1/sessions").await.ok();
    let items = listed["items"].as_array().expect("items");
    assert_eq!(items.len(), 2);
    let there = items.iter().find(|item| item["current"] == false).expect("the other device");
    assert_eq!((text(&there["device"]), text(&there["ip"])), ("Chrome on Linux".to_owned(), "127.0.0.0/24".to_owned()));
    let path = format!("/v1/sessions/{}", text(&there["id"]));
    phone.get("/v1/me").await.ok();
    acme.owner.http.delete(&path).await.refused(404, "not_found");
    phone.get("/v1/me").await.ok();
    mia.http.delete(&path).await.is(204);
    phone.get("/v1/me").await.refused(401, "session_ended");
    mia.http.get("/v1/me").await.ok();
}

#[tokio::test]
async fn ses_05_a_new_password_ends_the_other_sessions() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let phone = app.signs_in(&acme.owner.email).await;
    let wrong = json!({ "current_password": "not this one", "new_password": "figs and olives and bread" });
    acme.owner.http.post("/v1/me/password", wrong).await.refused(422, "validation");
    phone.http.get("/v1/me").await.ok();
    let right = json!({ "current_password": PASSWORD, "new_password": "figs and olives and bread" });
    acme.owner.http.post("/v1/me/password", right).await.is(204);
    phone.http.get("/v1/me").await.refused(401, "session_ended");
    phone.refreshes().await.refused(401, "session_ended");
    acme.owner.http.get("/v1/me").await.ok();
}

#[tokio::test]
async fn ses_06_logging_out_ends_the_session_by_cookie_or_by_token() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let phone = app.signs_in(&acme.owner.email).await;
    let out = page(&app, &acme.owner.cookie).delete("/v1/sessions/current").await;
    assert!(out.header("set-cookie").expect("it is taken away").contains("Max-Age=0"));
    out.is(204);
    acme.owner.http.get("/v1/me").await.refused(401, "session_ended");
    acme.owner.refreshes().await.refused(401, "session_ended");
    phone.http.delete("/v1/sessions/current").await.is(204);
    phone.refreshes().await.refused(401, "session_ended");
}

#[tokio::test]
async fn ses_07_sessions_nobody_uses_end_and_none_lives_for_ever() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let day = Duration::from_secs(24 * 3600);
    let mut cookie = acme.owner.cookie.clone();
    for _ in 0..8 {
        app.later(day * 11);
        cookie = refreshes(&app, &cookie).await.cookie("refresh").expect("it was used");
    }
    app.later(day * 3);
    refreshes(&app, &cookie).await.refused(401, "session_ended");
    let phone = app.signs_in(&acme.owner.email).await;
    app.later(day * 15);
    phone.refreshes().await.refused(401, "session_ended");
}

#[tokio::test]
async fn ses_08_a_role_counts_as_it_is_now() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "admin").await;
    mia.http.get("/v1/invitations").await.ok();
    acme.owner.http.patch(&format!("/v1/agents/{}", mia.id), json!({ "role": "viewer" })).await.ok();
    mia.http.get("/v1/invitations").await.refused(403, "role_required");
    mia.http.get("/v1/agents").await.ok();
}
