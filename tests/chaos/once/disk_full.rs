//! REL-04: the disk is full, or does not flush. Nothing is acknowledged that is not kept, everybody is told why, what is
//! there can still be read, and messages go again by themselves as soon as there is room.

use std::path::PathBuf;
use std::time::Duration;

use harness::postgres::Postgres;
use harness::{Answer, Engine, client_id};
use reqwest::Method;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use super::disk::Disk;
use super::flushes::Failing;
use crate::check;
use crate::load::{Load, number};
use crate::stage::{Plan, Stage};

/// How soon a refusal must come, and how soon messages must go again.
const SOON: Duration = Duration::from_secs(8);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_04_a_full_disk_under_sqlite_costs_no_acknowledged_message() {
    let disk = Disk::new(48);
    let stage = Stage::on(Plan { engine: Engine::Sqlite, data: Some(&disk.path), ..Plan::default() }).await;
    let load = Load::start(&stage, 12).await;
    let (conversation, known) = some_words(&stage).await;
    sleep(seconds()).await;
    let ballast = filled(&disk, &stage, &conversation).await;
    still_read(&stage, &conversation, known).await;
    is_called_unready(&stage).await;
    sleep(seconds()).await;
    let before = load.acks.count();
    std::fs::remove_file(ballast).expect("room is made");
    let again = resumes(&load).await;
    println!("room: acknowledged again after {again:.1?}; {before} before");
    assert_eq!(stage.server.doors.http().get("/readyz").await.status, 200);
    sleep(seconds()).await;
    check::at_the_end(stage, load).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_04_a_full_disk_under_postgres_costs_no_acknowledged_message() {
    let disk = Disk::new(192);
    let mut postgres = Postgres::make(&disk.path).await;
    let stage = Stage::on(Plan { engine: Engine::Postgres(postgres.url()), ..Plan::default() }).await;
    let load = Load::start(&stage, 12).await;
    let (conversation, _) = some_words(&stage).await;
    sleep(seconds()).await;
    let ballast = filled(&disk, &stage, &conversation).await;
    sleep(seconds()).await;
    std::fs::remove_file(ballast).expect("room is made");
    // it ends itself rather than to go on with a log it cannot write; whoever runs it starts it again
    let had_ended = postgres.has_ended() || !postgres.answers().await;
    if postgres.has_ended() {
        postgres.start().await;
    }
    let again = resumes(&load).await;
    println!("room: acknowledged again after {again:.1?}; PostgreSQL had ended: {had_ended}");
    sleep(seconds()).await;
    check::at_the_end(stage, load).await;
    drop(postgres);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_04_a_disk_that_does_not_flush_is_never_believed() {
    let mut stage = Stage::on(Plan { engine: Engine::Sqlite, ..Plan::default() }).await;
    let load = Load::start(&stage, 12).await;
    let (conversation, known) = some_words(&stage).await;
    sleep(seconds()).await;
    let failing = Failing::begin(stage.server.pid()).await;
    // what was being flushed while the fault came may still be acknowledged
    sleep(Duration::from_millis(500)).await;
    let before = load.acks.count();
    let refusal = refused(&stage, &conversation).await;
    still_read(&stage, &conversation, known).await;
    is_called_unready(&stage).await;
    sleep(seconds()).await;
    assert_eq!(load.acks.count(), before, "a message was acknowledged that nobody flushed");
    let failed = failing.end().await;
    println!("{failed} flushes failed; refused with {} {}", refusal.status, refusal.body["code"]);
    let again = resumes(&load).await;
    println!("flushes work: acknowledged again after {again:.1?}");
    sleep(seconds()).await;
    // what was refused must not lie in wait in the log either: a start from what is on the disk shows it
    stage.server.kill();
    stage.server.start_again().await;
    check::at_the_end(stage, load).await;
}

fn seconds() -> Duration {
    Duration::from_secs((number("CHAOS_SECONDS", 30) / 8).clamp(2, 60))
}

/// A conversation nobody else writes to, and how many messages it has.
async fn some_words(stage: &Stage) -> (String, usize) {
    let mut visitor = stage.visitor().await;
    for words in ["one", "two", "three"] {
        visitor.says(words).await;
    }
    (visitor.conversation().to_owned(), 3)
}

/// Writes until it is refused, as it must be soon; gives the refusal. What was acknowledged until then is not counted:
/// the conversation is the test's own.
async fn refused(stage: &Stage, conversation: &str) -> Answer {
    let path = format!("/v1/conversations/{conversation}/messages");
    let began = Instant::now();
    loop {
        // a note, so that it counts for nobody as read or unread
        let body = json!({ "client_id": client_id(), "body": "x".repeat(4_000), "visibility": "note" });
        let answer = timeout(SOON, stage.owner.http.attempt(Method::POST, &path, Some(body))).await;
        let answer = answer.expect("nobody waits for a full disk").expect("an answer");
        if answer.status >= 300 {
            assert!(matches!(answer.status, 503 | 507), "{}: {}", answer.status, answer.text);
            let code = answer.body["code"].as_str().unwrap_or_default();
            assert!(code.starts_with("store_"), "{}", answer.text);
            answer.assert_is_problem();
            return answer;
        }
        assert!(began.elapsed() < SOON, "a full disk takes messages");
    }
}

async fn still_read(stage: &Stage, conversation: &str, at_least: usize) {
    let messages = timeout(SOON, stage.owner.reads(conversation)).await.expect("a full disk can be read");
    assert!(messages.len() >= at_least, "{} of {at_least} messages can be read", messages.len());
}

/// How long it took until a message was acknowledged.
async fn resumes(load: &Load) -> Duration {
    let began = Instant::now();
    timeout(SOON, load.acks.next()).await.unwrap_or_else(|_| panic!("nothing goes {SOON:?} after the fault")) - began
}

/// Fills the disk and waits until somebody is told; gives what to remove to make room.
async fn filled(disk: &Disk, stage: &Stage, conversation: &str) -> PathBuf {
    let ballast = disk.fill();
    let full = Instant::now();
    let refusal = refused(stage, conversation).await;
    println!("full: refused after {:.1?} with {} {}", full.elapsed(), refusal.status, refusal.body["code"]);
    ballast
}

/// Whoever balances load must be told to go elsewhere. A disk may have room for the one page this asks for when it has
/// none for a message; it is used up soon.
async fn is_called_unready(stage: &Stage) {
    let began = Instant::now();
    while stage.server.doors.http().get("/readyz").await.status != 503 {
        assert!(began.elapsed() < SOON, "it is called ready {SOON:?} after it refused a message");
        sleep(Duration::from_millis(100)).await;
    }
    println!("called unready {:.1?} after the refusal", began.elapsed());
}
