//! When a socket ends.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn ws_04_what_is_revoked_ends_at_once_and_stays_out() {
    let mut app = TestApp::start().await;
    app.forgives_dead_jobs();
    let (mut tenant, widget) = acme(&app).await;
    tenant.owner.opens_inbox().await;

    let mut mia = tenant.invites(&app, "Mia", "agent").await;
    mia.opens_inbox().await;
    let other = app.signs_in(&mia.email).await;
    other.http.delete(&format!("/v1/sessions/{}", mia.session)).await.ok();
    assert_eq!(mia.live().is_closed().await, 4401, "a session that was ended elsewhere");
    assert_eq!(refusal(&app, AGENTS, &token(&mia.http)).await, 4401);

    let mut tom = tenant.invites(&app, "Tom", "agent").await;
    tom.opens_inbox().await;
    tenant.owner.http.delete(&format!("/v1/agents/{}", tom.id)).await.ok();
    assert_eq!(tom.live().is_closed().await, 4401, "a person who was removed");
    assert_eq!(refusal(&app, AGENTS, &token(&tom.http)).await, 4401);

    let mut anna = writer(&app, &widget).await;
    app.operator().await.suspends(&tenant.id).await;
    assert_eq!(anna.live().is_closed().await, 4403, "a visitor of a suspended tenant");
    assert_eq!(tenant.owner.live().is_closed().await, 4403, "an agent of a suspended tenant");
    assert_eq!(refusal(&app, AGENTS, &token(&tenant.owner.http)).await, 4403);
    assert_eq!(refusal(&app, VISITORS, &token(&anna.http)).await, 4403);
}

#[tokio::test]
async fn emb_10_a_widget_or_page_that_is_switched_off_loses_its_sockets() {
    let app = TestApp::start().await;
    let tenant = app.tenant("Acme").await;
    let mut widget = tenant.has_widget("http://localhost:3001").await;
    let claim = tenant.allows(&widget.id, SHOP).await;
    let mut blog = writer(&app, &widget).await;
    widget.origin = SHOP.to_owned();
    let mut shop = writer(&app, &widget).await;
    tenant.owner.http.delete(&format!("/v1/domains/{claim}")).await.ok();
    assert_eq!(shop.live().is_closed().await, 4403);
    assert_eq!(refusal(&app, VISITORS, &token(&shop.http)).await, 4403);
    blog.says("still here").await;
    blog.sees("still here").await;
    tenant.owner.http.patch(&format!("/v1/widgets/{}", widget.id), json!({ "active": false })).await.ok();
    assert_eq!(blog.live().is_closed().await, 4403);
    assert_eq!(refusal(&app, VISITORS, &token(&blog.http)).await, 4403);
}

#[tokio::test]
async fn ws_04_a_token_that_is_over_ends_the_socket_unless_it_was_renewed() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut mia = tenant.invites(&app, "Mia", "agent").await;
    let (mut anna, mut ben) = (writer(&app, &widget).await, writer(&app, &widget).await);
    tenant.owner.opens_inbox().await;
    mia.opens_inbox().await;
    app.later(Duration::from_secs(540));
    let fresh = tenant.owner.refreshes().await.ok()["access_token"].clone();
    tenant.owner.live().send(json!({ "type": "token", "token": fresh })).await;
    let renewed = anna.http.post("/widget/v1/sessions/refresh", json!({})).await.ok();
    anna.live().send(json!({ "type": "token", "token": renewed["access_token"] })).await;
    ben.live().send(json!({ "type": "token", "token": renewed["access_token"] })).await;
    assert_eq!(ben.live().is_closed().await, 4401, "another visitor's token renews nothing");
    tenant.owner.live().settled().await;
    anna.live().settled().await;
    app.later(Duration::from_secs(61));
    assert_eq!(mia.live().is_closed().await, 4401, "nobody renewed it");
    anna.http = anna.http.bearing(renewed["access_token"].as_str().expect("a token"));
    anna.says("still here").await;
    tenant.owner.sees("still here").await;
    anna.sees("still here").await;
}

#[tokio::test]
async fn ws_05_a_log_in_without_its_second_factor_opens_nothing() {
    let app = TestApp::start().await;
    let (tenant, _) = acme(&app).await;
    let offer = tenant.owner.http.post("/v1/me/second-factor", json!({})).await.ok();
    let code = code_of(offer["secret"].as_str().expect("a secret"), app.clock().now().seconds());
    tenant.owner.http.post("/v1/me/second-factor/confirm", json!({ "code": code })).await.ok();
    let half = json!({ "email": tenant.owner.email, "password": harness::PASSWORD });
    let answer = app.http().post("/v1/sessions", half).await;
    assert_eq!(answer.cookie("refresh"), None, "a cookie before the second factor");
    let answer = answer.refused(401, "second_factor_required");
    assert!(answer["access_token"].is_null());
    for value in answer.as_object().expect("an object").values().filter_map(Value::as_str) {
        assert_eq!(refusal(&app, AGENTS, value).await, 4401, "{value} opened a socket");
    }
}

/// What an authenticator app shows.
fn code_of(secret: &str, seconds: i64) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).expect("a secret");
    let app = totp_rs::Builder::new().with_secret(secret).with_account_name("mia").build().expect("an authenticator");
    app.generate(u64::try_from(seconds).expect("after 1970")).to_string()
}

#[tokio::test]
async fn ws_06_a_lowered_or_removed_agent_loses_what_the_role_gave_while_connected() {
    let app = TestApp::start().await;
    let (mut tenant, widget) = acme(&app).await;
    let mut mia = tenant.invites(&app, "Mia", "agent").await;
    let mut anna = writer(&app, &widget).await;
    tenant.owner.opens_inbox().await;
    mia.opens_inbox().await;
    let typing = |on: bool| json!({ "type": "typing", "conversation_id": anna.conversation(), "on": on });
    let (first, second) = (typing(true), typing(false));
    mia.live().send(first).await;
    anna.live().expect(|frame| frame["type"] == "typing" && frame["on"] == true).await;

    tenant.owner.http.patch(&format!("/v1/agents/{}", mia.id), json!({ "role": "viewer" })).await.ok();
    mia.live().sees("agent_changed").await;
    mia.live().send(second).await;
    mia.live().send(json!({ "type": "seen", "conversation_id": anna.conversation(), "seq": 1, "state": "read" })).await;
    mia.live().settled().await;
    anna.says("heard by viewers").await;
    mia.sees("heard by viewers").await;
    let hers = everything_until(anna.live(), "heard by viewers").await;
    assert!(hers.iter().all(|frame| frame["type"] != "typing"), "a viewer's typing was told");
    assert!(hers.iter().all(|frame| frame["type"] != "receipt_moved"), "a viewer moved a receipt");

    tenant.owner.http.delete(&format!("/v1/agents/{}", mia.id)).await.ok();
    anna.says("after the removal").await;
    assert_eq!(mia.live().is_closed().await, 4401);
    let words: Vec<_> = mia.live().settled().await.iter().map(|frame| frame["message"]["body"].clone()).collect();
    assert!(!words.contains(&json!("after the removal")), "heard after the removal");
    tenant.owner.sees("after the removal").await;
}
