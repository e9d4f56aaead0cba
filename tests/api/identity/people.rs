//! Roles, names, removal and suspension.

use std::time::Duration;

use harness::{Agent, PASSWORD, TestApp};
use serde_json::json;

use super::{accepts, invited, knocks, text};

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
