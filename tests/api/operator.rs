//! Platform staff: tenants, suspension, the audit trail, and the wall between the two listeners.

use std::time::Duration;
use store::Whose;

use harness::{Operator, PASSWORD, TestApp};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text but {value}")).to_owned()
}

/// One member of each item of every page.
async fn all(operator: &Operator, path: &str, member: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut next = path.to_owned();
    loop {
        let page = operator.http.get(&next).await.ok();
        found.extend(page["items"].as_array().expect("items").iter().map(|item| text(&item[member])));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}{}cursor={cursor}", if path.contains('?') { "&" } else { "?" }),
            None => return found,
        }
    }
}

#[tokio::test]
async fn a_tenant_begins_with_a_letter_to_its_owner() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let id = operator.creates_tenant("Acme", "olga@example.com").await;
    let path = format!("/operator/v1/tenants/{id}");
    let before = operator.http.get(&path).await.ok();
    assert_eq!(before["owner"], json!({ "email": "olga@example.com", "state": "invited" }));
    let letter = app.letter_to("olga@example.com").await;
    let owner = harness::Agent::accepts(&app, &letter, "Olga").await;
    assert_eq!(owner.http.get("/v1/me").await.ok()["agent"]["role"], "owner");
    let after = operator.http.get(&path).await.ok();
    assert_eq!(after["owner"], json!({ "email": "olga@example.com", "state": "active" }));
    assert_eq!(after["usage"], json!({ "agents": 1, "widgets": 0, "contacts": 0, "conversations": 0 }));
    let bad = json!({ "name": "Acme", "owner_email": "nobody" });
    let refused = operator.http.post("/operator/v1/tenants", bad).await.refused(422, "validation");
    assert_eq!(refused["fields"][0]["field"], "owner_email");
}

#[tokio::test]
async fn tenants_are_found_filtered_and_paged() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let mut ids = Vec::new();
    for name in ["Acme", "Acme North", "100% Fresh", "Rival"] {
        app.later(Duration::from_millis(1));
        ids.push(operator.creates_tenant(name, &format!("boss{}@example.com", ids.len())).await);
    }
    assert_eq!(
        all(operator, "/operator/v1/tenants?limit=1", "name").await,
        ["Rival", "100% Fresh", "Acme North", "Acme"]
    );
    assert_eq!(all(operator, "/operator/v1/tenants?q=aCmE", "name").await, ["Acme North", "Acme"]);
    assert_eq!(all(operator, "/operator/v1/tenants?q=%25", "name").await, ["100% Fresh"]);
    operator.suspends(&ids[0]).await;
    assert_eq!(all(operator, "/operator/v1/tenants?status=suspended", "name").await, ["Acme"]);
    assert_eq!(all(operator, "/operator/v1/tenants?q=acme&status=active", "name").await, ["Acme North"]);
    operator.http.get("/operator/v1/tenants?status=sleeping").await.refused(400, "invalid_query");
    operator.http.get("/operator/v1/tenants?q=a%00b").await.refused(422, "validation");
    operator.http.get("/operator/v1/tenants?cursor=x").await.refused(422, "validation");
}

#[tokio::test]
async fn suspending_and_resuming_tell_everybody_and_are_written_down() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let acme = app.tenant("Acme").await;
    let path = format!("/operator/v1/tenants/{}", acme.id);
    app.effects().await;
    app.later(Duration::from_millis(1));
    operator.http.post(&format!("{path}/suspend"), json!({ "reason": " " })).await.refused(422, "validation");
    let suspended = operator.http.post(&format!("{path}/suspend"), json!({ "reason": "unpaid" })).await.ok();
    assert_eq!((&suspended["status"], &suspended["suspended_reason"]), (&json!("suspended"), &json!("unpaid")));
    assert_eq!(app.effects().await.events, ["tenant_suspended"]);
    operator.http.post(&format!("{path}/suspend"), json!({ "reason": "again" })).await.refused(409, "status_unchanged");
    app.later(Duration::from_millis(1));
    let resumed = operator.http.post(&format!("{path}/resume"), json!({})).await.ok();
    assert_eq!((&resumed["status"], &resumed["suspended_at"]), (&json!("active"), &Value::Null));
    assert_eq!(app.effects().await.events, ["tenant_resumed"]);
    let trail = operator.http.get(&format!("/operator/v1/audit?tenant={}", acme.id)).await.ok();
    let lines: Vec<_> = trail["items"].as_array().expect("items").iter().map(|line| text(&line["action"])).collect();
    assert_eq!(lines, ["tenant_resumed", "tenant_suspended", "tenant_created"]);
    assert_eq!(trail["items"][1]["detail"], "unpaid");
    assert_eq!(
        (text(&trail["items"][1]["operator"]["name"]), text(&trail["items"][1]["tenant"]["name"])),
        ("Root".into(), "Acme".into())
    );
}

#[tokio::test]
async fn the_trail_pages_and_only_grows() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    for n in 0..3 {
        operator.creates_tenant(&format!("Shop {n}"), &format!("boss{n}@example.com")).await;
    }
    let whole = all(operator, "/operator/v1/audit", "id").await;
    assert_eq!(whole.len(), 5, "operator made, logged in, three tenants");
    assert_eq!(all(operator, "/operator/v1/audit?limit=2", "id").await, whole);
    for change in ["update audit set action = 'nothing'", "delete from audit"] {
        let unit = app.ctx().db.write(Whose::Platform).await.expect("a unit");
        let refused = unit.conn().execute_unprepared(change).await.expect_err("the trail only grows");
        assert!(refused.to_string().contains("append-only"), "{refused}");
        unit.abandon().await.expect("given up");
    }
}

#[tokio::test]
async fn inviting_the_owner_again_kills_the_former_link() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let id = operator.creates_tenant("Acme", "olga@example.com").await;
    let first = app.letter_to("olga@example.com").await.invitation_token();
    let again = async |email: &str| {
        operator.http.post(&format!("/operator/v1/tenants/{id}/invite"), json!({ "email": email })).await
    };
    again("olga@example.com").await.ok();
    let preview = async |token: &str| app.http().post("/v1/invitations/preview", json!({ "token": token })).await;
    preview(&first).await.refused(404, "invitation_unknown");
    let second = app.letter_to("olga@example.com").await.invitation_token();
    preview(&second).await.ok();
    let moved = again("oscar@example.com").await.ok();
    assert_eq!(moved["owner"]["email"], "oscar@example.com");
    preview(&second).await.refused(410, "invitation_expired");
    let owner = harness::Agent::accepts(&app, &app.letter_to("oscar@example.com").await, "Oscar").await;
    again(&owner.email).await.refused(409, "already_member");
}

#[tokio::test]
async fn the_listeners_share_no_route_and_no_token() {
    let app = TestApp::start().await;
    let acme = app.tenant("Acme").await;
    let operator = app.operator().await;
    operator.http.get("/operator/v1/me").await.ok();
    app.operator_http().get("/operator/v1/me").await.refused(401, "token_missing");
    let agent = acme.owner.http.token().expect("a token");
    app.operator_http().bearing(agent).get("/operator/v1/tenants").await.refused(401, "token_invalid");
    let staff = operator.http.token().expect("a token");
    let at_public = app.http().bearing(staff).get("/operator/v1/tenants").await;
    assert!(at_public.body["items"].is_null(), "{}", at_public.text);
    app.http().bearing(staff).get("/v1/me").await.refused(401, "token_invalid");
    let at_operators = app.operator_http().bearing(agent).get("/v1/me").await;
    assert!(at_operators.body["agent"].is_null(), "{}", at_operators.text);
}

#[tokio::test]
async fn operators_sessions_follow_the_same_rules() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let page = app.operator_http().with("origin", app.operator_url()).with("x-porchlight-csrf", "1");
    let refresh =
        async |cookie: &str| page.with("cookie", cookie).post("/operator/v1/sessions/refresh", json!({})).await;
    let foreign = page.with("cookie", &operator.cookie).with("origin", app.public_url());
    foreign.post("/operator/v1/sessions/refresh", json!({})).await.refused(403, "foreign_origin");
    let bare = page.with("cookie", &operator.cookie).without("x-porchlight-csrf");
    bare.post("/operator/v1/sessions/refresh", json!({})).await.refused(403, "csrf_header_missing");
    let answer = refresh(&operator.cookie).await;
    let second = answer.cookie("__Host-porchlight_operator_refresh").expect("the next cookie");
    answer.is(200);
    app.later(Duration::from_secs(10));
    refresh(&operator.cookie).await.refused(401, "session_ended");
    refresh(&second).await.refused(401, "session_ended");
    operator.http.get("/operator/v1/me").await.refused(401, "session_ended");
    let again = Operator::signs_in(app.doors(), "root@porchlight.example", PASSWORD).await;
    again.http.delete("/operator/v1/sessions/current").await.is(204);
    again.http.get("/operator/v1/me").await.refused(401, "session_ended");
}

#[tokio::test]
async fn operators_have_a_second_factor() {
    let app = TestApp::start().await;
    let operator = app.operator().await;
    let offer = operator.http.post("/operator/v1/me/second-factor", json!({})).await.ok();
    let code = || {
        let secret = Secret::try_from_base32(text(&offer["secret"])).expect("base32");
        let totp = Builder::new().with_secret(secret).with_account_name("x").build().expect("a secret");
        totp.generate(u64::try_from(app.clock().now().seconds()).expect("after 1970")).to_string()
    };
    operator.http.post("/operator/v1/me/second-factor/confirm", json!({ "code": code() })).await.is(204);
    app.later(Duration::from_secs(60));
    let log_in = async |code: Option<String>| {
        let body = json!({ "email": "root@porchlight.example", "password": PASSWORD, "code": code });
        app.operator_http().post("/operator/v1/sessions", body).await
    };
    log_in(None).await.refused(401, "second_factor_required");
    log_in(Some("123456".to_owned())).await.refused(401, "second_factor_required");
    log_in(Some(code())).await.is(201);
    log_in(Some(code())).await.refused(401, "second_factor_required");
    let unknown = json!({ "email": "nobody@porchlight.example", "password": PASSWORD });
    app.operator_http().post("/operator/v1/sessions", unknown).await.refused(401, "invalid_credentials");
}

#[tokio::test]
async fn the_machine_shows_its_counters_and_dead_letters() {
    let mut app = TestApp::start().await;
    app.forgives_dead_jobs();
    let operator = app.operator().await;
    operator.creates_tenant("Acme", "olga@example.com").await;
    let before = operator.http.get("/operator/v1/system").await.ok();
    assert!(["sqlite", "postgres"].contains(&text(&before["engine"]).as_str()), "{before}");
    assert_eq!(
        (&before["jobs_dead"], before["heads"].as_array().is_some_and(|heads| !heads.is_empty())),
        (&json!(0), true)
    );
    assert!(before["jobs_waiting"].as_i64().is_some_and(|n| n >= 1), "the owner's letter waits: {before}");
    let mut unit = app.ctx().db.write(Whose::Platform).await.expect("a unit");
    let at = app.clock().now();
    unit.enqueue(store::NewJob { kind: "search.fill", tenant: None, payload: json!({}), run_at: at, unique_key: None });
    unit.commit().await.expect("committed");
    app.run_due().await;
    let after = operator.http.get("/operator/v1/system").await.ok();
    assert_eq!((&after["jobs_dead"], &after["dead_letters"][0]["kind"]), (&json!(1), &json!("search.fill")));
}
