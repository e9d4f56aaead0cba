//! What is begun and not ended.

use std::time::Duration;

use blobs::{Area, Blobs, Key};
use bytes::Bytes;
use chat::files::{Compared, Swept, compare, sweep};
use futures::stream;
use harness::fakes::S3;
use harness::files_check::{assert_agree, keys, problems};
use harness::{TestApp, Visitor, client_id};
use kernel::{Clock, TenantId};
use sea_orm::ConnectionTrait;
use serde_json::json;
use store::{Whose, sql};

use super::people::{Stage, id, sent_up};

const HOUR: Duration = Duration::from_secs(3_600);
/// Objects carry the time of the store, which does not stand still for tests: tests move far beyond it.
const FAR: Duration = Duration::from_secs(400 * 86_400);

async fn swept(stage: &Stage) -> Swept {
    sweep(stage.app.ctx(), stage.app.clock().now()).await.expect("a sweep")
}

async fn compared(stage: &Stage) -> Compared {
    compare(stage.app.ctx(), stage.app.clock().now()).await.expect("a comparison")
}

async fn put(blobs: &Blobs, key: &Key) {
    let body = stream::iter([Ok(Bytes::from_static(b"left behind"))]);
    blobs.put(key, 100, body).await.expect("stored");
}

async fn run(stage: &Stage, text: &str) {
    let unit = stage.app.ctx().db.write(Whose::Platform).await.expect("a unit");
    unit.conn().execute_unprepared(text).await.expect("the statement runs");
    unit.commit().await.expect("committed");
}

#[tokio::test]
async fn files_nobody_sent_go_after_a_day_and_those_that_were_sent_stay() {
    let mut stage = Stage::set().await;
    stage.anna_attaches("sent.txt", "sent").await;
    let loose = stage.anna_uploads("loose.txt", "loose").await;
    stage.app.later(24 * HOUR);
    assert_eq!(swept(&stage).await.loose, 0);
    stage.app.later(Duration::from_millis(1));
    let first = swept(&stage).await;
    assert_eq!((first.loose, first.ended), (1, 1));
    assert_eq!(swept(&stage).await, Swept::default(), "safe to run twice");
    let anna = Visitor::arrives(stage.app.doors(), &widget(&stage).await, stage.anna.handle.as_deref()).await;
    anna.http.get(&format!("/widget/v1/files/{}/state", id(&loose))).await.refused(404, "not_found");
    let late = json!({ "client_id": client_id(), "body": "", "file_ids": [id(&loose)] });
    anna.posts(late).await.refused(422, "validation");
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await.len(), 1);
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn an_upload_that_stopped_gives_its_room_back_after_an_hour() {
    let stage = Stage::set().await;
    let file = stage.anna_uploads("cut.txt", "cut off").await;
    let hex = id(&file).trim_start_matches("fil_");
    // as the row stands when the server dies while bytes are coming: reserved, with its object half there or whole
    let literal = match stage.app.ctx().db.platform().get_database_backend() {
        sea_orm::DbBackend::Postgres => format!("cast('{hex}' as uuid)"),
        _ => format!("x'{hex}'"),
    };
    run(&stage, &format!("update file set state = 'uploading', sha256 = null where id = {literal}")).await;
    stage.app.later(HOUR);
    assert_eq!(swept(&stage).await.uploads, 0);
    stage.app.later(Duration::from_millis(1));
    let found = swept(&stage).await;
    assert_eq!((found.uploads, found.ended), (1, 1));
    assert_eq!(swept(&stage).await, Swept::default());
    let used = stage.tenant.owner.http.get("/v1/file-policy").await;
    assert!(used.status == 401 || used.body["used_bytes"] == 0, "{}", used.text);
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await, [""; 0]);
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn a_file_whose_check_was_lost_is_looked_at_again() {
    let mut stage = Stage::set().await;
    let file = sent_up(&stage.anna.http, "/widget/v1/files", "a.txt", "words").await;
    run(&stage, "delete from job where kind = 'files.check'").await;
    stage.anna_sends("", &[&file]).await;
    stage.app.later(HOUR + Duration::from_millis(1));
    assert_eq!(swept(&stage).await.unchecked, 1);
    assert_eq!(swept(&stage).await.unchecked, 0, "its job waits already");
    stage.app.run_due().await;
    stage.tenant.owner = stage.app.signs_in(&stage.tenant.owner.email).await;
    assert_eq!(stage.file_in_thread().await["state"], "ready");
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn a_file_that_cannot_be_looked_at_for_a_day_is_refused() {
    let mut stage = Stage::set().await;
    let file = sent_up(&stage.anna.http, "/widget/v1/files", "a.txt", "words").await;
    stage.anna_sends("", &[&file]).await;
    for _ in 0..2 {
        run(&stage, "delete from job where kind = 'files.check'").await;
        stage.app.later(13 * HOUR);
        assert_eq!(swept(&stage).await.unchecked, 1);
    }
    stage.tenant.owner = stage.app.signs_in(&stage.tenant.owner.email).await;
    let shown = stage.file_in_thread().await;
    assert_eq!((&shown["state"], &shown["reason"]), (&json!("refused"), &json!("checker_failed")));
    // its bytes have no row any more: the comparison finds them
    stage.app.later(FAR);
    assert_eq!(compared(&stage).await.orphans, 1);
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn objects_without_a_row_go_when_they_are_old_and_their_tenant_is_ours() {
    let mut stage = Stage::set().await;
    stage.anna_attaches("sent.txt", "sent").await;
    let blobs = stage.app.ctx().files.blobs.clone();
    let tenant: TenantId = stage.tenant.id.parse().expect("an id");
    let left = [Area::Files, Area::Previews, Area::Quarantine].map(|area| Key::new(tenant, area));
    let foreign = Key::new(TenantId::new(&Clock::System), Area::Files);
    for key in left.iter().chain([&foreign]) {
        put(&blobs, key).await;
    }
    let young = compare(stage.app.ctx(), Clock::System.now()).await.expect("a comparison");
    assert_eq!((young.orphans, young.foreign), (0, 0), "objects this young may be about to get a row");
    stage.app.later(FAR);
    assert_eq!(compared(&stage).await, Compared { orphans: 3, foreign: 1, lost: 0 });
    assert_eq!(compared(&stage).await, Compared { orphans: 0, foreign: 1, lost: 0 }, "safe to run twice");
    blobs.delete(&[foreign]).await.expect("deleted");
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn previews_are_known_by_their_picture() {
    let mut stage = Stage::set().await;
    let picture = picture();
    let answer = stage.anna.http.upload("/widget/v1/files", ("shoes.png", "image/png"), &picture).await.is(201);
    stage.app.run_due().await;
    stage.anna_sends("", &[&answer["file"]]).await;
    let blobs = stage.app.ctx().files.blobs.clone();
    assert!(keys(&blobs, "").await.iter().any(|key| key.contains("/previews/")), "the premise: it has previews");
    stage.app.later(FAR);
    assert_eq!(compared(&stage).await, Compared::default());
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn a_file_whose_object_is_missing_is_gone_and_a_store_that_misses_everything_is_not_believed() {
    let mut stage = Stage::set().await;
    for n in 0..25 {
        stage.mia_attaches(&format!("{n}.txt"), "words").await;
    }
    let blobs = stage.app.ctx().files.blobs.clone();
    let there: Vec<Key> = keys(&blobs, "").await.iter().map(|key| key.parse().expect("a key")).collect();
    blobs.delete(&there[..2]).await.expect("deleted");
    stage.app.later(25 * HOUR);
    assert_eq!(compared(&stage).await.lost, 2);
    assert_eq!(compared(&stage).await.lost, 0);
    stage.app.run_due().await;
    assert_agree(stage.app.ctx()).await;
    blobs.delete(&there).await.expect("deleted");
    assert_eq!(compared(&stage).await.lost, 0, "twenty-three at once are another store, not a loss");
    assert_eq!(problems(stage.app.ctx().db.platform(), &blobs).await.len(), 23);
    let ask = sql(
        stage.app.ctx().db.platform().get_database_backend(),
        "select count(*) from file where state = 'ready'",
        [],
    );
    let row = stage.app.ctx().db.platform().query_one_raw(ask).await.expect("a count").expect("a row");
    assert_eq!(row.try_get_by_index::<i64>(0).expect("a number"), 23);
}

#[tokio::test]
async fn a_store_that_is_away_stops_no_sweep_for_good() {
    let mut stage = Stage::set().await;
    chat::schedule(stage.app.ctx(), 31).await.expect("jobs are left");
    let file = stage.anna_attaches("sent.txt", "sent").await;
    stage.tenant.owner.http.delete(&format!("/v1/files/{}", id(&file))).await.is(204);
    let folder = stage.app.folder().join("files");
    let aside = stage.app.folder().join("aside");
    std::fs::rename(&folder, &aside).expect("moved away");
    std::fs::write(&folder, "no folder").expect("something in its place");
    for _ in 0..12 {
        stage.app.run_due().await;
        stage.app.later(HOUR);
    }
    std::fs::remove_file(&folder).expect("removed");
    std::fs::rename(&aside, &folder).expect("moved back");
    stage.app.later(HOUR);
    stage.app.run_due().await;
    assert_eq!(keys(&stage.app.ctx().files.blobs, "").await, [""; 0]);
    assert_agree(stage.app.ctx()).await;
}

#[tokio::test]
async fn an_s3_store_is_swept_and_compared_alike() {
    let s3 = S3::start().await;
    let (factor, store) = (("limits.factor", "1000"), s3.settings());
    let settings: Vec<_> = store.iter().map(|(name, value)| (*name, value.as_str())).chain([factor]).collect();
    let mut stage = Stage::of(TestApp::with(&settings).await).await;
    let file = stage.mia_attaches("kept.txt", "kept").await;
    stage.mia_attaches("lost.txt", "lost").await;
    sent_up(&stage.mia.http, "/v1/files", "loose.txt", "loose").await;
    stage.app.run_due().await;
    let blobs = stage.app.ctx().files.blobs.clone();
    put(&blobs, &Key::new(stage.tenant.id.parse().expect("an id"), Area::Files)).await;
    let kept = key_of(&stage, &file).await;
    let known: Vec<Key> = keys(&blobs, "").await.iter().map(|key| key.parse().expect("a key")).collect();
    assert_eq!(known.len(), 4);
    stage.app.later(FAR);
    assert_eq!(swept(&stage).await.loose, 1);
    assert_eq!(compared(&stage).await, Compared { orphans: 1, foreign: 0, lost: 0 });
    let lost = keys(&blobs, "").await.into_iter().find(|key| *key != kept).expect("the other one");
    blobs.delete(&[lost.parse().expect("a key")]).await.expect("deleted");
    assert_eq!(compared(&stage).await.lost, 1);
    stage.app.run_due().await;
    assert_eq!(keys(&blobs, "").await, [kept]);
    assert_agree(stage.app.ctx()).await;
}

/// The key under which a file lies.
async fn key_of(stage: &Stage, file: &serde_json::Value) -> String {
    let conn = stage.app.ctx().db.platform();
    let file: kernel::FileId = id(file).parse().expect("an id");
    let ask = sql(conn.get_database_backend(), "select object from file where id = ?", [file.into()]);
    conn.query_one_raw(ask).await.expect("a row").expect("a row").try_get_by_index(0).expect("a key")
}

async fn widget(stage: &Stage) -> harness::Widget {
    let owner = stage.app.signs_in(&stage.tenant.owner.email).await;
    let widgets = owner.http.get("/v1/widgets").await.ok();
    let id = widgets["items"][0]["id"].as_str().expect("an id").to_owned();
    harness::Widget { id, origin: super::people::SHOP.to_owned() }
}

/// The smallest picture there is.
fn picture() -> Vec<u8> {
    const PNG: &str =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    data_encoding::BASE64.decode(PNG.as_bytes()).expect("base64")
}
