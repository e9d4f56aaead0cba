//! What a worker held goes on elsewhere: at once when it was asked to leave, after the lease when it was killed.

use harness::Agent;
use harness::fakes::clamd::{Clamd, Mood};
use harness::files;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::time::{Duration, Instant, sleep};

use crate::stage::Cluster;

const PATIENCE: Duration = Duration::from_secs(40);

/// The file as it stands once it is no longer being checked.
async fn checked(owner: &Agent, file: &str) -> (String, Duration) {
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        let shown = owner.http.get(&format!("/v1/files/{file}/state")).await.ok();
        let state = shown["file"]["state"].as_str().expect("a state").to_owned();
        if state != "checking" {
            return (state, began.elapsed());
        }
        // the verdict of a file in no message is told to nobody, only asked for
        sleep(Duration::from_millis(50)).await;
    }
    panic!("{file} is still being checked");
}

async fn sent_up(owner: &Agent, name: &str) -> String {
    let file = owner.http.upload("/v1/files", (name, "image/png"), &files::png(40, 30)).await.is(201);
    file["file"]["id"].as_str().expect("an id").to_owned()
}

/// Waits until the scanner has as many files in its hands.
async fn holds(scanner: &Clamd, count: usize) {
    let began = Instant::now();
    while scanner.heard().len() < count {
        assert!(began.elapsed() < PATIENCE, "the scanner was sent {} of {count}", scanner.heard().len());
        // a stranger's memory cannot be waited for, only asked
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_held_is_given_back_when_it_leaves_and_taken_over_when_it_is_killed() {
    let scanner = Clamd::start(Mood::Hangs).await;
    let url = scanner.url();
    let more = [("FILES__SCAN", url.as_str()), ("FILES__WAIT_MS", "0"), ("FILES__SCAN_SIGNATURE_HOURS", "0")];
    let more = [&more[..], &[("HTTP__STOP_SECONDS", "7"), ("FILES__SCAN_TIMEOUT_MS", "60000")]].concat();
    let Some(cluster) = Cluster::with(&more).await else { return };
    let (api, mut first) = tokio::join!(cluster.node("api"), cluster.node("worker"));
    let owner = cluster.owner_at(&api).await;

    let asked = sent_up(&owner, "asked.png").await;
    holds(&scanner, 1).await;
    let second = cluster.node("worker").await;
    scanner.be(Mood::Says("stream: OK"));
    let (took, status) = first.ask_to_end().await;
    assert!(status.success() && took < Duration::from_secs(7), "{status} after {took:?}");
    let (state, after) = checked(&owner, &asked).await;
    assert_eq!(state, "ready");
    assert!(after < Duration::from_secs(3), "given back, it is taken at once, not after {after:?}");
    drop(second);

    scanner.be(Mood::Hangs);
    first.start_again().await;
    let killed = sent_up(&owner, "killed.png").await;
    holds(&scanner, 3).await;
    let second = cluster.node("worker").await;
    scanner.be(Mood::Says("stream: OK"));
    first.kill();
    let (state, after_kill) = checked(&owner, &killed).await;
    assert_eq!(state, "ready");
    assert!(after_kill < Duration::from_secs(23), "a lease lasts 20 s, and it took {after_kill:?}");
    println!("given back: {after:?} after the worker was gone; killed: {after_kill:?}");
    drop((api, first, second));
    cluster.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_workers_send_each_letter_once_and_keep_one_of_each_schedule() {
    let Some(cluster) = Cluster::set().await else { return };
    let api = cluster.node("api").await;
    let owner = cluster.owner_at(&api).await;
    let workers = tokio::join!(cluster.node("worker"), cluster.node("worker"), cluster.node("worker"));
    for number in 0..30 {
        let body = serde_json::json!({ "email": format!("somebody.{number}@acme.example.com"), "role": "agent", "name": "Somebody" });
        owner.http.post("/v1/invitations", body).await.is(201);
    }
    let mail = cluster.folder().join("mail");
    let letters = || std::fs::read_dir(&mail).map(|all| all.count()).unwrap_or(0);
    let began = Instant::now();
    // thirty, and the one that founded the tenant
    while letters() < 31 || count(&cluster, "select count(*) from job where claimed_until is not null").await > 0 {
        assert!(began.elapsed() < PATIENCE, "only {} letters", letters());
        // workers tell nobody when a letter went, so it is looked for
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(letters(), 31, "a letter went twice");
    let doubled = "select count(*) from (select unique_key from job where unique_key is not null group by unique_key having count(*) > 1) as twice";
    assert_eq!(count(&cluster, doubled).await, 0);
    let schedules =
        "select count(*) from job where kind in ('events.forget', 'whatsapp.forget') and gave_up_at is null";
    assert_eq!(count(&cluster, schedules).await, 2, "each schedule is there once and goes on");
    drop((api, workers));
    cluster.strike().await;
}

/// A number from the database.
pub async fn count(cluster: &Cluster, text: &str) -> i64 {
    let conn = sea_orm::Database::connect(&cluster.store_url).await.expect("the database");
    let row = conn.query_one_raw(Statement::from_string(DbBackend::Postgres, text)).await.expect("an answer");
    let number = row.expect("a row").try_get_by_index(0).expect("a number");
    conn.close().await.expect("closed");
    number
}
