//! How long files are kept.

use std::time::Duration;

use chat::files::expire;
use harness::TestApp;
use harness::files_check::{assert_agree, keys};
use serde_json::json;

use super::people::{Stage, id};

const DAY: Duration = Duration::from_secs(86_400);

#[tokio::test]
async fn files_are_kept_for_ninety_days_unless_the_tenant_says_otherwise() {
    let mut stage = Stage::set().await;
    stage.anna_attaches("old.txt", "old words").await;
    let ctx = stage.app.ctx().clone();
    stage.app.later(90 * DAY);
    assert_eq!(expire(&ctx).await.expect("a round"), 0, "ninety days are not over yet");
    stage.app.later(Duration::from_millis(1));
    assert_eq!(expire(&ctx).await.expect("a round"), 1);
    assert_eq!(expire(&ctx).await.expect("a round"), 0, "safe to run twice");
    stage.app.run_due().await;
    stage.tenant.owner = stage.app.signs_in(&stage.tenant.owner.email).await;
    let shown = stage.file_in_thread().await;
    assert_eq!((&shown["state"], &shown["reason"]), (&json!("gone"), &json!("expired")));
    assert_eq!(keys(&ctx.files.blobs, "").await, [""; 0]);
    assert_agree(&ctx).await;
}

#[tokio::test]
async fn a_tenant_decides_per_channel_how_long() {
    let mut stage = Stage::set().await;
    let owner = &stage.tenant.owner.http;
    let set = async |files| owner.put("/v1/retention", json!({ "files": files })).await;
    assert_eq!(owner.get("/v1/retention").await.ok(), json!({ "files": { "website": 90, "whatsapp": 90 } }));
    for bad in [json!({ "website": 0, "whatsapp": 1 }), json!({ "website": 1, "whatsapp": 3651 })] {
        set(bad).await.refused(422, "validation");
    }
    let refused = set(json!({ "website": 1 })).await;
    assert!(refused.status >= 400, "leaving a channel out must not mean for ever: {}", refused.text);
    stage.mia.http.get("/v1/retention").await.refused(403, "role_required");
    let decided = json!({ "website": null, "whatsapp": 1 });
    assert_eq!(set(decided.clone()).await.ok(), json!({ "files": decided }));
    stage.anna_attaches("kept.txt", "for as long as we talk").await;
    stage.app.later(4_000 * DAY);
    assert_eq!(expire(stage.app.ctx()).await.expect("a round"), 0);
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await.http;
    owner.put("/v1/retention", json!({ "files": { "website": 7, "whatsapp": null } })).await.ok();
    assert_eq!(expire(stage.app.ctx()).await.expect("a round"), 1);
}

#[tokio::test]
async fn several_workers_that_expire_at_once_end_every_file_once() {
    let mut stage = Stage::of(TestApp::start().await).await;
    let mut files = Vec::new();
    for n in 0..12 {
        files.push(stage.mia_attaches(&format!("{n}.txt"), "words").await);
    }
    stage.app.effects().await;
    stage.app.later(91 * DAY);
    let ctx = stage.app.ctx().clone();
    let rounds = futures::future::join_all((0..4).map(|_| expire(&ctx))).await;
    let ended: u64 = rounds.into_iter().map(|round| round.expect("a round")).sum();
    assert_eq!(ended, 12);
    let told = stage.app.effects().await.events;
    assert_eq!(told.iter().filter(|event| *event == "file_changed").count(), 12, "{told:?}");
    stage.app.run_due().await;
    assert_agree(&ctx).await;
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await.http;
    owner.get(&format!("/v1/files/{}", id(&files[0]))).await.refused(410, "file_gone");
}

#[tokio::test]
async fn the_jobs_of_a_running_server_end_files_by_themselves() {
    let mut stage = Stage::set().await;
    chat::schedule(stage.app.ctx(), 31).await.expect("jobs are left");
    stage.anna_attaches("old.txt", "old words").await;
    stage.app.later(91 * DAY);
    stage.app.run_due().await;
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await, [""; 0]);
    assert_agree(stage.app.ctx()).await;
}
