//! Invitations (security.md INV).

use std::time::Duration;

use harness::{PASSWORD, TestApp};
use serde_json::json;

use super::{accepts, column, digits, invited, knocks, previews, second_factor, text};

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
