//! Erasing single files.

use harness::files_check::{assert_agree, keys};
use serde_json::json;

use super::people::{Stage, id, sent_up};

#[tokio::test]
async fn a_supervisor_erases_a_file_that_was_sent_and_nobody_gets_it_any_more() {
    let mut stage = Stage::set().await;
    let file = stage.anna_attaches("cv.txt", "my life").await;
    let path = format!("/v1/files/{}", id(&file));
    stage.tenant.owner.http.get(&path).await.is(302);
    stage.mia.opens_inbox().await;
    stage.mia.http.delete(&path).await.refused(403, "role_required");
    stage.anna.http.delete(&format!("/widget{path}")).await.refused(403, "role_required");
    let sue = stage.tenant.invites(&stage.app, "Sue", "supervisor").await;
    sue.http.delete(&path).await.is(204);
    let told = stage.mia.live().sees("file_changed").await;
    assert_eq!((&told["file"]["state"], &told["file"]["reason"]), (&json!("gone"), &json!("erased")));
    sue.http.get(&path).await.refused(410, "file_gone");
    stage.anna.http.get(&format!("/widget{path}")).await.refused(410, "file_gone");
    sue.http.delete(&path).await.is(204);
    stage.app.run_due().await;
    let shown = stage.file_in_thread().await;
    assert_eq!(
        (&shown["state"], &shown["name"]),
        (&json!("gone"), &json!("cv.txt")),
        "the tombstone stays in its place"
    );
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await, [""; 0]);
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn what_was_not_sent_is_erased_by_whoever_sent_it_up_and_by_nobody_else() {
    let stage = Stage::set().await;
    let hers = sent_up(&stage.anna.http, "/widget/v1/files", "a.txt", "words").await;
    let path = format!("/v1/files/{}", id(&hers));
    stage.tenant.owner.http.delete(&path).await.refused(404, "not_found");
    stage.anna.http.delete(&format!("/widget{path}")).await.is(204);
    stage.anna.http.delete(&format!("/widget{path}")).await.is(204);
    stage.app.run_due().await;
    stage.anna.http.delete(&format!("/widget{path}")).await.refused(404, "not_found");
    let mias = sent_up(&stage.mia.http, "/v1/files", "b.txt", "words").await;
    stage.anna.http.delete(&format!("/widget/v1/files/{}", id(&mias))).await.refused(404, "not_found");
    stage.mia.http.delete(&format!("/v1/files/{}", id(&mias))).await.is(204);
    stage.app.run_due().await;
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await, [""; 0]);
    assert_agree(stage.app.ctx()).await;
}
