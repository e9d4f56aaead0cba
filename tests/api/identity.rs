//! Logging in, staying logged in, people and invitations (security.md AUTH, CSRF, SES, INV, TOK).

use std::time::Duration;

use harness::{Agent, Answer, Http, PASSWORD, TestApp};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use store::sql;
use totp_rs::{Builder, Secret};

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

async fn knocks(app: &TestApp, email: &str, password: &str) -> Answer {
    app.http().post("/v1/sessions", json!({ "email": email, "password": password })).await
}

async fn knocks_with(app: &TestApp, email: &str, code: &str) -> Answer {
    app.http().post("/v1/sessions", json!({ "email": email, "password": PASSWORD, "code": code })).await
}

/// A page of ours that carries this cookie.
fn page(app: &TestApp, cookie: &str) -> Http {
    app.http().with("cookie", cookie).with("origin", app.public_url()).with("x-porchlight-csrf", "1")
}

async fn refreshes(app: &TestApp, cookie: &str) -> Answer {
    page(app, cookie).post("/v1/sessions/refresh", json!({})).await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text but {value}")).to_owned()
}

/// Every text in a column.
async fn column(app: &TestApp, table: &str, column: &str) -> Vec<String> {
    let conn = app.ctx().db.platform();
    let ask = sql(conn.get_database_backend(), &format!("select {column} from {table} where {column} is not null"), []);
    let rows = conn.query_all_raw(ask).await.expect("the table can be read");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// The digits an authenticator app shows.
fn digits(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("base32");
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().expect("an app's secret");
    totp.generate(u64::try_from(app.clock().now().seconds()).expect("after 1970")).to_string()
}

/// Switches the second factor on; gives the secret.
async fn second_factor(app: &TestApp, who: &Agent) -> String {
    let offer = who.http.post("/v1/me/second-factor", json!({})).await.ok();
    assert!(text(&offer["otpauth_url"]).starts_with("otpauth://totp/"));
    let secret = text(&offer["secret"]);
    let confirm = json!({ "code": digits(app, &secret) });
    who.http.post("/v1/me/second-factor/confirm", confirm).await.is(204);
    secret
}

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

#[tokio::test]
async fn inv_01_an_invitation_is_over_after_three_days() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    acme.owner.http.post("/v1/invitations", json!({ "email": "mia@example.com", "role": "agent" })).await.is(201);
    let token = app.letter_to("mia@example.com").await.invitation_token();
    app.later(Duration::from_secs(72 * 3600 - 1));
    previews(&app, &token).await.ok();
    app.later(Duration::from_secs(1));
    previews(&app, &token).await.refused(410, "invitation_expired");
    accepts(&app, &token, "mia@example.com", PASSWORD).await.refused(410, "invitation_expired");
    let renewed = app.signs_in(&acme.owner.email).await;
    let listed = renewed.http.get("/v1/invitations").await.ok();
    let mut items = listed["items"].as_array().expect("items").iter();
    assert_eq!(items.find(|item| item["email"] == "mia@example.com").expect("listed")["state"], "expired");
}

async fn previews(app: &TestApp, token: &str) -> Answer {
    app.http().post("/v1/invitations/preview", json!({ "token": token })).await
}

async fn accepts(app: &TestApp, token: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "email": email, "name": "Mia", "password": password });
    app.http().post("/v1/invitations/accept", body).await
}

/// Invites an agent; gives the invitation and the letter's token.
async fn invited(app: &TestApp, by: &Agent, email: &str, role: &str) -> (Value, String) {
    let made = by.http.post("/v1/invitations", json!({ "email": email, "role": role })).await.is(201);
    (made, app.letter_to(email).await.invitation_token())
}

#[tokio::test]
async fn inv_02_an_invitation_is_used_once_also_by_two_at_once() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let (_, token) = invited(&app, &acme.owner, "mia@example.com", "agent").await;
    let all = futures::future::join_all((0..6).map(|_| accepts(&app, &token, "mia@example.com", PASSWORD))).await;
    assert_eq!(all.iter().filter(|answer| answer.status == 201).count(), 1);
    accepts(&app, &token, "mia@example.com", PASSWORD).await.refused(410, "invitation_expired");
    let people = acme.owner.http.get("/v1/agents").await.ok();
    assert_eq!(people["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn inv_03_sending_again_kills_the_former_link_at_once() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let (made, first) = invited(&app, &acme.owner, "mia@example.com", "agent").await;
    previews(&app, &first).await.ok();
    let path = format!("/v1/invitations/{}/resend", text(&made["id"]));
    acme.owner.http.post(&path, json!({})).await.is(200);
    previews(&app, &first).await.refused(404, "invitation_unknown");
    let second = app.letter_to("mia@example.com").await.invitation_token();
    assert_ne!(first, second);
    accepts(&app, &second, "mia@example.com", PASSWORD).await.is(201);
    acme.owner.http.post(&path, json!({})).await.refused(409, "invitation_closed");
}

#[tokio::test]
async fn inv_03_taking_one_back_kills_the_link() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    app.later(Duration::from_millis(1));
    let (made, token) = invited(&app, &acme.owner, "mia@example.com", "agent").await;
    acme.owner.http.delete(&format!("/v1/invitations/{}", text(&made["id"]))).await.is(204);
    accepts(&app, &token, "mia@example.com", PASSWORD).await.refused(410, "invitation_expired");
    assert_eq!(acme.owner.http.get("/v1/invitations").await.ok()["items"][0]["state"], "revoked");
}

#[tokio::test]
async fn inv_04_an_invitation_is_for_one_address() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let (_, token) = invited(&app, &acme.owner, "mia@example.com", "agent").await;
    accepts(&app, &token, "eve@example.com", PASSWORD).await.refused(404, "invitation_unknown");
    accepts(&app, &token, "mia@example.com", PASSWORD).await.is(201);
}

#[tokio::test]
async fn inv_05_an_address_with_a_log_in_accepts_with_its_own_password() {
    let app = TestApp::start().await;
    let (acme, rival) = (app.tenant("Acme").await, app.tenant("Rival").await);
    let email = rival.owner.email.clone();
    let (_, token) = invited(&app, &acme.owner, &email, "agent").await;
    assert_eq!(previews(&app, &token).await.ok()["has_account"], true);
    accepts(&app, &token, &email, "a password I choose").await.refused(401, "invalid_credentials");
    knocks(&app, &email, PASSWORD).await.is(201);
    let secret = second_factor(&app, &rival.owner).await;
    app.later(Duration::from_secs(60));
    accepts(&app, &token, &email, PASSWORD).await.refused(401, "second_factor_required");
    let body =
        json!({ "token": token, "email": email, "name": "Olga", "password": PASSWORD, "code": digits(&app, &secret) });
    app.http().post("/v1/invitations/accept", body).await.is(201);
}

#[tokio::test]
async fn inv_06_the_token_is_in_the_letter_and_nowhere_else() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let (made, token) = invited(&app, &acme.owner, "mia@example.com", "agent").await;
    let letter = app.letter_to("mia@example.com").await;
    assert!(letter.text.contains(&format!("{}/app/#/accept/{token}", app.public_url())), "{}", letter.text);
    let path = format!("/v1/invitations/{}", text(&made["id"]));
    let listed = acme.owner.http.get("/v1/invitations").await.ok();
    let again = acme.owner.http.post(&format!("{path}/resend"), json!({})).await.ok();
    for shown in [&made, &listed, &again] {
        assert!(!shown.to_string().contains("it_") && !shown.to_string().contains(&token), "{shown}");
    }
    let stored = column(&app, "invitation", "token_hash").await;
    let jobs = column(&app, "job", "payload").await;
    assert!(stored.iter().chain(&jobs).all(|text| !text.contains(&token)));
    assert!(stored.iter().all(|hash| hash.len() == 64));
}

#[tokio::test]
async fn inv_07_an_empty_token_is_a_mistake_not_a_match() {
    let app = TestApp::start().await;
    app.tenant("Acme").await;
    for empty in ["", " ", "\n"] {
        previews(&app, empty).await.refused(400, "token_empty");
        accepts(&app, empty, "mia@example.com", PASSWORD).await.refused(400, "token_empty");
    }
    let null = json!({ "token": null, "email": "mia@example.com", "name": "Mia", "password": PASSWORD });
    app.http().post("/v1/invitations/accept", null).await.refused(400, "invalid_json");
    previews(&app, "it_neverissued").await.refused(404, "invitation_unknown");
}

#[tokio::test]
async fn inv_08_nobody_invites_above_their_rank_and_invitations_end_with_the_right_to_give_them() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "admin").await;
    let ben = acme.invites(&app, "Ben", "supervisor").await;
    for role in ["owner", "admin"] {
        let body = json!({ "email": "eve@example.com", "role": role });
        mia.http.post("/v1/invitations", body).await.refused(403, "role_required");
    }
    let body = json!({ "email": "eve@example.com", "role": "viewer" });
    ben.http.post("/v1/invitations", body.clone()).await.refused(403, "role_required");
    let (_, token) = invited(&app, &mia, "eve@example.com", "viewer").await;
    mia.http.post("/v1/invitations", body).await.refused(409, "already_invited");
    previews(&app, &token).await.ok();
    acme.owner.http.patch(&format!("/v1/agents/{}", mia.id), json!({ "role": "agent" })).await.ok();
    accepts(&app, &token, "eve@example.com", PASSWORD).await.refused(410, "invitation_expired");
}

#[tokio::test]
async fn admins_manage_those_below_and_an_owner_always_remains() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "admin").await;
    let ben = acme.invites(&app, "Ben", "agent").await;
    let path = |who: &Agent| format!("/v1/agents/{}", who.id);
    mia.http.patch(&path(&acme.owner), json!({ "role": "agent" })).await.refused(403, "role_required");
    mia.http.delete(&path(&acme.owner)).await.refused(403, "role_required");
    mia.http.patch(&path(&ben), json!({ "role": "owner" })).await.refused(403, "role_required");
    mia.http.patch(&path(&ben), json!({ "role": "supervisor" })).await.ok();
    ben.http.patch(&path(&mia), json!({ "role": "viewer" })).await.refused(403, "role_required");
    acme.owner.http.patch(&path(&acme.owner), json!({ "role": "admin" })).await.refused(409, "last_owner");
    acme.owner.http.delete(&path(&acme.owner)).await.refused(409, "last_owner");
    acme.owner.http.patch(&path(&mia), json!({ "role": "owner" })).await.ok();
    acme.owner.http.delete(&path(&acme.owner)).await.is(204);
}

#[tokio::test]
async fn race_two_owners_who_remove_each_other_leave_one() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "owner").await;
    let (one, other) = (format!("/v1/agents/{}", mia.id), format!("/v1/agents/{}", acme.owner.id));
    let (first, second) = futures::join!(acme.owner.http.delete(&one), mia.http.delete(&other));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert!(statuses[0] == 204 && statuses[1] != 204, "{statuses:?}");
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "agent").await;
    mia.http.get("/v1/me").await.ok();
    app.effects().await;
    acme.owner.http.delete(&format!("/v1/agents/{}", mia.id)).await.is(204);
    assert_eq!(app.effects().await.events, ["session_ended", "agent_removed"]);
    mia.http.get("/v1/me").await.refused(401, "session_ended");
    mia.refreshes().await.refused(401, "session_ended");
    knocks(&app, &mia.email, PASSWORD).await.refused(401, "invalid_credentials");
    acme.owner.http.get(&format!("/v1/agents/{}", mia.id)).await.refused(404, "not_found");
    acme.owner.http.post("/v1/invitations", json!({ "email": mia.email, "role": "agent" })).await.is(201);
    let back = app.letter_to(&mia.email).await.invitation_token();
    accepts(&app, &back, &mia.email, PASSWORD).await.is(201);
}

#[tokio::test]
async fn people_are_listed_page_by_page() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    for name in ["Ada", "Ben", "Cem"] {
        app.later(Duration::from_millis(1));
        acme.invites(&app, name, "agent").await;
    }
    let mut names = Vec::new();
    let mut path = "/v1/agents?limit=2".to_owned();
    loop {
        let page = acme.owner.http.get(&path).await.ok();
        names.extend(page["items"].as_array().expect("items").iter().map(|who| text(&who["name"])));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/agents?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(names, ["Olga Owner", "Ada", "Ben", "Cem"]);
    let free = acme.owner.http.get("/v1/agents/assignable").await.ok();
    assert_eq!(free["items"].as_array().map(Vec::len), Some(4));
    assert_eq!(
        (text(&free["items"][0]["presence"]), &free["items"][0]["open_conversations"]),
        ("offline".to_owned(), &json!(0))
    );
    acme.owner.http.get("/v1/agents?cursor=nonsense").await.refused(422, "validation");
    acme.owner.http.get("/v1/agents?limit=101").await.refused(422, "validation");
}

#[tokio::test]
async fn owners_name_the_workspace_and_people_themselves() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let mia = acme.invites(&app, "Mia", "admin").await;
    mia.http.patch("/v1/tenant", json!({ "name": "Mine" })).await.refused(403, "role_required");
    acme.owner.http.patch("/v1/tenant", json!({ "name": "Acme & Sons" })).await.ok();
    assert_eq!(mia.http.get("/v1/tenant").await.ok()["name"], "Acme & Sons");
    mia.http.patch("/v1/me", json!({ "name": "Mia M." })).await.ok();
    assert_eq!(mia.http.get("/v1/me").await.ok()["agent"]["name"], "Mia M.");
    mia.http.patch("/v1/me", json!({ "name": "Mia\u{202e}" })).await.refused(422, "validation");
}

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

#[tokio::test]
async fn a_suspended_workspace_lets_nobody_in_and_says_so() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let (_, token) = invited(&app, &acme.owner, "mia@example.com", "agent").await;
    acme.owner.http.get("/v1/me").await.ok();
    app.operator().await.suspends(&acme.id).await;
    acme.owner.http.get("/v1/me").await.refused(401, "tenant_suspended");
    acme.owner.refreshes().await.refused(401, "tenant_suspended");
    knocks(&app, &acme.owner.email, PASSWORD).await.refused(401, "tenant_suspended");
    knocks(&app, &acme.owner.email, "a wrong password").await.refused(401, "invalid_credentials");
    accepts(&app, &token, "mia@example.com", PASSWORD).await.refused(401, "tenant_suspended");
    app.operator().await.resumes(&acme.id).await;
    acme.owner.http.get("/v1/me").await.ok();
    acme.owner.refreshes().await.is(200);
    accepts(&app, &token, "mia@example.com", PASSWORD).await.is(201);
}
