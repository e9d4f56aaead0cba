//! The end of a tenant.

use std::time::Duration;

use harness::Operator;
use harness::files_check::{assert_agree, keys};
use serde_json::{Value, json};

use super::dump::dump;
use super::people::{Stage, id};

const DAY: Duration = Duration::from_secs(86_400);

fn path(stage: &Stage) -> String {
    format!("/operator/v1/tenants/{}", stage.tenant.id)
}

/// Sessions of operators end sooner than the delay.
async fn operator(stage: &Stage) -> Operator {
    stage.app.operator().await;
    Operator::signs_in(stage.app.doors(), "root@porchlight.example", harness::PASSWORD).await
}

async fn deletes(stage: &Stage) -> Value {
    stage.app.later(Duration::from_millis(1));
    let body = json!({ "reason": "the contract ended" });
    let operator = operator(stage).await;
    operator.http.send("DELETE".parse().expect("a method"), &path(stage), Some(body)).await.is(202)
}

#[tokio::test]
async fn a_deleted_tenant_is_suspended_for_seven_days_and_then_nothing_of_it_is_left() {
    let mut stage = Stage::set().await;
    stage.anna_attaches("velvet.txt", "velvet words").await;
    stage.anna_sends("velvet", &[]).await;
    let rival = stage.app.tenant("Rival").await;
    let going = operator(&stage).await.http.get(&format!("{}/deletion", path(&stage))).await.ok();
    assert_eq!((&going["people"], &going["conversations"], &going["files"]), (&json!(2), &json!(1), &json!(1)));
    assert_eq!(going["bytes"], "velvet words".len());
    let deleting = deletes(&stage).await;
    assert_eq!((&deleting["status"], &deleting["delete_reason"]), (&json!("deleting"), &json!("the contract ended")));
    stage.tenant.owner.http.get("/v1/me").await.refused(401, "tenant_suspended");
    stage.app.later(7 * DAY - Duration::from_millis(1));
    stage.app.run_due().await;
    assert!(dump(stage.app.ctx().db.platform()).await.contains("velvet"), "there is still time");
    stage.app.later(Duration::from_millis(1));
    // what happened within the last hour waits for another one
    for _ in 0..3 {
        stage.app.run_due().await;
        stage.app.later(Duration::from_secs(3_601));
    }
    let hex = stage.tenant.id.trim_start_matches("ten_");
    let everything = dump(stage.app.ctx().db.platform()).await.to_lowercase().replace('-', "");
    let left: Vec<_> = everything
        .lines()
        .filter(|line| (line.contains(hex) || line.contains("velvet")) && !line.starts_with("audit:"))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
    assert!(!everything.contains("@acme.example.com"), "its people's log-ins are gone too");
    assert_eq!(keys(&stage.app.ctx().files.blobs, hex).await, [""; 0]);
    assert_agree(stage.app.ctx()).await;
    let operator = operator(&stage).await;
    operator.http.get(&path(&stage)).await.refused(404, "not_found");
    let trail = operator.http.get(&format!("/operator/v1/audit?tenant={}", stage.tenant.id)).await.ok();
    let deeds: Vec<_> = trail["items"].as_array().expect("items").iter().map(|line| line["action"].clone()).collect();
    assert_eq!(json!(deeds[..2]), json!(["tenant_deleted", "tenant_deletion_planned"]));
    let others = stage.app.signs_in(&rival.owner.email).await;
    others.http.get("/v1/me").await.ok();
}

#[tokio::test]
async fn a_tenant_restored_in_time_works_as_before() {
    let mut stage = Stage::set().await;
    let file = stage.anna_attaches("kept.txt", "kept").await;
    deletes(&stage).await;
    let again = operator(&stage).await.http;
    let reason = json!({ "reason": "twice" });
    again.send("DELETE".parse().expect("a method"), &path(&stage), Some(reason)).await.refused(409, "tenant_deleting");
    again.post(&format!("{}/resume", path(&stage)), json!({})).await.refused(409, "tenant_deleting");
    again.post(&format!("{}/suspend", path(&stage)), json!({ "reason": "x" })).await.refused(409, "tenant_deleting");
    stage.app.later(6 * DAY);
    let operator = operator(&stage).await.http;
    let restored = operator.post(&format!("{}/restore", path(&stage)), json!({})).await.ok();
    assert_eq!((&restored["status"], &restored["delete_at"]), (&json!("active"), &Value::Null));
    operator.post(&format!("{}/restore", path(&stage)), json!({})).await.refused(409, "status_unchanged");
    stage.app.later(2 * DAY);
    stage.app.run_due().await;
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await.http;
    owner.get(&format!("/v1/files/{}", id(&file))).await.is(302);
    // the job of the first time does not come too early for the second
    deletes(&stage).await;
    stage.app.later(6 * DAY);
    stage.app.run_due().await;
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await.len(), 1);
    stage.app.later(2 * DAY);
    for _ in 0..3 {
        stage.app.run_due().await;
        stage.app.later(Duration::from_secs(3_601));
    }
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await, [""; 0]);
}

#[tokio::test]
async fn a_suspended_tenant_serves_no_file_and_links_given_before_are_dead() {
    let mut stage = Stage::set().await;
    let file = stage.anna_attaches("list.txt", "words").await;
    let owner = &stage.tenant.owner.http;
    let link = owner.get(&format!("/v1/files/{}", id(&file))).await;
    let url = link.header("location").expect("a link").to_owned();
    let place = url.find("/f/").expect("a place").to_owned();
    stage.app.http().get(&url[place..]).await.is(200);
    stage.app.operator().await.suspends(&stage.tenant.id).await;
    stage.app.http().get(&url[place..]).await.refused(404, "not_found");
    stage.app.operator().await.resumes(&stage.tenant.id).await;
    stage.app.http().get(&url[place..]).await.is(200);
}

#[tokio::test]
async fn operators_give_files_room_and_see_what_is_used() {
    let mut stage = Stage::set().await;
    stage.anna_attaches("list.txt", "twelve bytes").await;
    let (operator, path) = (operator(&stage).await.http, format!("{}/files", path(&stage)));
    let before = operator.get(&path).await.ok();
    assert_eq!((&before["max_bytes"], &before["used_bytes"]), (&Value::Null, &json!(12)));
    assert_eq!(before["quota_bytes"], 5_i64 << 30);
    for bad in [json!({ "quota_bytes": -1, "max_bytes": null }), json!({ "quota_bytes": 1, "max_bytes": 1_i64 << 40 })]
    {
        operator.put(&path, bad).await.refused(422, "validation");
    }
    let after = operator.put(&path, json!({ "quota_bytes": 20, "max_bytes": 4096 })).await.ok();
    assert_eq!(after, json!({ "quota_bytes": 20, "max_bytes": 4096, "used_bytes": 12 }));
    let full = stage.anna.http.upload("/widget/v1/files", ("b.txt", "text/plain"), b"nine more bytes").await;
    full.refused(409, "storage_full");
    operator.put(&path, json!({ "quota_bytes": 1 << 20, "max_bytes": 4096 })).await.ok();
    let large = stage.anna.http.upload("/widget/v1/files", ("c.txt", "text/plain"), &[b'x'; 5_000]).await;
    large.refused(413, "file_too_large");
    operator
        .put("/operator/v1/tenants/ten_00000000000070008000000000000000/files", after_body())
        .await
        .refused(404, "not_found");
}

fn after_body() -> Value {
    json!({ "quota_bytes": 20, "max_bytes": null })
}
