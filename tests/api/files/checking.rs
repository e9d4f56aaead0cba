//! ATT-16, 20 and 22: the scanner's states, and checks that run twice, late or not to their end.

use std::time::Duration;
use store::Whose;

use harness::fakes::{Clamd, Mood};
use harness::files::{eicar, png};
use kernel::wire::FileScan;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::desk::{DESK, Desk, WIDGET, id, links, state};

const HOUR: Duration = Duration::from_secs(3_600);

async fn scanned_by(clamd: &Clamd) -> Desk {
    let settings = [
        ("files.scan", clamd.url()),
        ("files.scan_signature_hours", "0".to_owned()),
        ("files.scan_timeout_ms", "400".to_owned()),
    ];
    Desk::with(&settings.each_ref().map(|(key, value)| (*key, value.as_str()))).await
}

async fn rules(desk: &Desk, away: &str, too_large: &str) {
    desk.allows(&[("scan", json!({ "away": away, "too_large": too_large }))]).await;
}

#[track_caller]
fn stands(file: &Value, state: &str, reason: Option<&str>, scan: Option<FileScan>) {
    assert_eq!(file["state"], state, "{file}");
    assert_eq!(file["reason"].as_str(), reason, "{file}");
    assert_eq!(file["scan"].as_str(), scan.map(FileScan::word), "{file}");
}

#[tokio::test]
async fn att_20_a_clean_file_passes_and_an_infected_one_never_does() {
    let clamd = Clamd::start(Mood::Says("stream: OK")).await;
    let desk = scanned_by(&clamd).await;
    rules(&desk, "warn", "warn").await;
    let clean = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    stands(&clean, "ready", None, Some(FileScan::Clean));
    assert_eq!(clamd.heard(), [b"words".to_vec()], "the scanner saw what was sent");
    clamd.be(Mood::Says("stream: Eicar-Test-Signature FOUND"));
    let infected = desk.anna_sends_up(("b.txt", "text/plain"), &eicar()).await;
    stands(&infected, "refused", Some("infected"), None);
    assert!(links(&desk.anna.http, WIDGET, &[(&infected, "full")]).await.is_empty());
    assert_eq!(desk.objects().await.len(), 1);
    desk.agrees().await;
}

/// The scanner sees what was sent, not the picture made of it.
#[tokio::test]
async fn att_20_a_picture_is_scanned_as_it_was_sent() {
    let clamd = Clamd::start(Mood::Says("stream: OK")).await;
    let desk = scanned_by(&clamd).await;
    let picture = png(50, 50);
    desk.anna_sends_up(("a.png", "image/png"), &picture).await;
    assert_eq!(clamd.heard(), [picture]);
}

#[tokio::test]
async fn att_20_a_scanner_that_is_away_means_what_the_tenant_says() {
    for mood in [Mood::Hangs, Mood::Deaf, Mood::Resets, Mood::Says("what?")] {
        let clamd = Clamd::start(mood.clone()).await;
        let desk = scanned_by(&clamd).await;
        rules(&desk, "refuse", "refuse").await;
        let file = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
        stands(&file, "refused", Some("scan_unavailable"), None);
        rules(&desk, "warn", "refuse").await;
        let file = desk.anna_sends_up(("b.txt", "text/plain"), b"words").await;
        stands(&file, "ready", None, Some(FileScan::Unscanned));
        rules(&desk, "hold", "refuse").await;
        let file = desk.anna_sends_up(("c.txt", "text/plain"), b"words").await;
        stands(&file, "checking", None, None);
        clamd.be(Mood::Says("stream: OK"));
        desk.app.later(Duration::from_secs(5));
        desk.app.run_due().await;
        stands(&state(&desk.anna.http, WIDGET, &file).await, "ready", None, Some(FileScan::Clean));
        desk.agrees().await;
    }
}

#[tokio::test]
async fn att_20_a_file_waits_a_day_for_its_scanner_and_no_longer() {
    let clamd = Clamd::start(Mood::Resets).await;
    let desk = scanned_by(&clamd).await;
    let file = desk.mia_sends_up(("a.txt", "text/plain"), b"words").await;
    for _ in 0..23 {
        desk.app.later(HOUR);
        desk.app.run_due().await;
    }
    let mia = desk.app.signs_in(&desk.mia.email).await;
    stands(&state(&mia.http, DESK, &file).await, "checking", None, None);
    desk.app.later(2 * HOUR);
    desk.app.run_due().await;
    let mia = desk.app.signs_in(&desk.mia.email).await;
    stands(&state(&mia.http, DESK, &file).await, "refused", Some("scan_unavailable"), None);
    assert_eq!(desk.objects().await, [""; 0]);
    desk.agrees().await;
}

#[tokio::test]
async fn att_20_a_file_too_large_to_scan_means_what_the_tenant_says() {
    let clamd = Clamd::start(Mood::Full).await;
    let desk = scanned_by(&clamd).await;
    rules(&desk, "hold", "refuse").await;
    let file = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    stands(&file, "refused", Some("scan_too_large"), None);
    rules(&desk, "hold", "warn").await;
    let file = desk.anna_sends_up(("b.txt", "text/plain"), b"words").await;
    stands(&file, "ready", None, Some(FileScan::Unscanned));
}

/// Old office files are let through by a clean scan and by nothing else.
#[tokio::test]
async fn att_20_what_needs_the_scanner_passes_no_other_way() {
    let clamd = Clamd::start(Mood::Full).await;
    let desk = scanned_by(&clamd).await;
    desk.allows(&[("legacy_office", json!(true)), ("scan", json!({ "away": "warn", "too_large": "warn" }))]).await;
    let doc = harness::files::doc();
    let file = desk.mia_sends_up(("a.doc", "application/msword"), &doc).await;
    stands(&file, "refused", Some("scan_too_large"), None);
    clamd.be(Mood::Resets);
    let file = desk.mia_sends_up(("b.doc", "application/msword"), &doc).await;
    stands(&file, "checking", None, None);
}

/// Runs the check of a file once more, as a worker does whose lease ran out.
async fn leave_again(desk: &Desk, payload: &str) {
    let unit = desk.app.ctx().db.write(Whose::Platform).await.expect("a unit");
    let mut unit = unit;
    let payload = serde_json::from_str(payload).expect("JSON");
    let run_at = desk.app.clock().now();
    unit.enqueue(store::NewJob { kind: "files.check", tenant: None, payload, run_at, unique_key: None });
    unit.commit().await.expect("committed");
}

async fn payload_of_the_check(desk: &Desk) -> String {
    let conn = desk.app.ctx().db.platform();
    let ask = store::sql(conn.get_database_backend(), "select payload from job where kind = 'files.check'", []);
    let row = conn.query_one_raw(ask).await.expect("the table").expect("a job");
    row.try_get_by_index(0).expect("text")
}

#[tokio::test]
async fn att_22_a_check_that_runs_twice_changes_nothing() {
    for (name, kind, bytes) in [
        ("a.png", "image/png", png(700, 500)),
        ("a.txt", "text/plain", b"words".to_vec()),
        ("b.png", "image/png", b"none".to_vec()),
    ] {
        let mut desk = Desk::set().await;
        desk.mia.opens_inbox().await;
        let file = desk.anna.http.upload(WIDGET, (name, kind), &bytes).await.is(201)["file"].clone();
        desk.anna_posts(&[&file]).await.is(201);
        let payload = payload_of_the_check(&desk).await;
        desk.app.run_due().await;
        let (once, objects, used) =
            (state(&desk.anna.http, WIDGET, &file).await, desk.objects().await, desk.used().await);
        desk.app.effects().await;
        leave_again(&desk, &payload).await;
        leave_again(&desk, &payload).await;
        desk.app.run_due().await;
        assert_eq!(state(&desk.anna.http, WIDGET, &file).await, once);
        assert_eq!((desk.objects().await, desk.used().await), (objects, used));
        assert_eq!(desk.app.effects().await.events, [""; 0], "nobody is told twice");
        desk.agrees().await;
    }
}

#[tokio::test]
async fn att_22_two_checks_at_the_same_time_end_in_one_verdict() {
    let desk = Desk::set().await;
    let file = desk.anna.http.upload(WIDGET, ("a.png", "image/png"), &png(700, 500)).await.is(201)["file"].clone();
    desk.anna_posts(&[&file]).await.is(201);
    let payload = payload_of_the_check(&desk).await;
    leave_again(&desk, &payload).await;
    leave_again(&desk, &payload).await;
    desk.app.effects().await;
    desk.app.run_due().await;
    let told = desk.app.effects().await.events;
    assert_eq!(told.iter().filter(|kind| *kind == "file_changed").count(), 1, "{told:?}");
    assert_eq!(desk.objects().await.len(), 3);
    let url = super::desk::link(&desk.anna.http, WIDGET, &file, "small").await;
    assert_eq!(desk.follows(&url, &[]).await.status, 200);
    desk.agrees().await;
}

/// Killed after the bytes were moved and before the verdict was written down: the next run finds them where they are.
#[tokio::test]
async fn att_22_a_check_that_was_killed_half_way_is_made_good() {
    let desk = Desk::set().await;
    let file = desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201)["file"].clone();
    let payload: Value = serde_json::from_str(&payload_of_the_check(&desk).await).expect("JSON");
    let key = |name: &str| payload["keys"][name].as_str().expect("a key").parse::<blobs::Key>().expect("a key");
    desk.app.ctx().files.blobs.rename(&key("from"), &key("to")).await.expect("moved");
    desk.app.run_due().await;
    stands(&state(&desk.anna.http, WIDGET, &file).await, "ready", None, Some(FileScan::Off));
    desk.agrees().await;
}

#[tokio::test]
async fn a_file_erased_while_it_is_checked_leaves_nothing() {
    let desk = Desk::set().await;
    let file = desk.anna.http.upload(WIDGET, ("a.png", "image/png"), &png(300, 300)).await.is(201)["file"].clone();
    desk.anna.http.delete(&format!("{WIDGET}/{}", id(&file))).await.is(204);
    desk.app.run_due().await;
    assert_eq!(desk.objects().await, [""; 0]);
    desk.agrees().await;
}

/// An inspector that is not there says nothing about the file.
#[tokio::test]
async fn an_inspector_that_is_away_is_waited_for() {
    let desk = Desk::with(&[("files.inspector", "/nowhere/porchlight")]).await;
    let file = desk.mia_sends_up(("a.txt", "text/plain"), b"words").await;
    stands(&file, "checking", None, None);
    for _ in 0..12 {
        desk.app.later(HOUR);
        desk.app.run_due().await;
    }
    let mia = desk.app.signs_in(&desk.mia.email).await;
    stands(&state(&mia.http, DESK, &file).await, "checking", None, None);
}

/// Bytes that are nowhere are said to be lost.
#[tokio::test]
async fn a_file_whose_bytes_are_lost_before_the_check_is_gone() {
    let desk = Desk::set().await;
    let file = desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201)["file"].clone();
    let keys: Vec<blobs::Key> = desk.objects().await.iter().map(|key| key.parse().expect("a key")).collect();
    desk.app.ctx().files.blobs.delete(&keys).await.expect("deleted");
    desk.app.run_due().await;
    stands(&state(&desk.anna.http, WIDGET, &file).await, "gone", Some("lost"), None);
    desk.agrees().await;
}

/// With a worker at work most answers are final.
#[tokio::test]
async fn an_upload_waits_a_moment_for_its_verdict() {
    let desk = Desk::with(&[("files.wait_ms", "60000")]).await;
    let at_work = async |upload| {
        tokio::pin!(upload);
        loop {
            tokio::select! {
                answer = &mut upload => return harness::Answer::is(answer, 201)["file"].clone(),
                _ = desk.app.run_due() => tokio::task::yield_now().await,
            }
        }
    };
    let file = at_work(desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words")).await;
    stands(&file, "ready", None, Some(FileScan::Off));
    let file = at_work(desk.anna.http.upload(WIDGET, ("a.png", "image/png"), b"none!")).await;
    assert_eq!(file["state"], "refused");
}

/// What looks like a key or a password is pointed out.
#[tokio::test]
async fn a_file_with_a_secret_says_so() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("list.csv", "text/csv"), &harness::files::csv_with_secret()).await;
    assert_eq!((&file["state"], &file["findings"]), (&json!("ready"), &json!(["secret"])), "{file}");
}
