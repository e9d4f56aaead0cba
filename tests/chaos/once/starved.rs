//! REL-20: the database's connections are all taken. Whoever comes is told so in time, nobody gets a false
//! acknowledgement, and all is well again moments after; and work in the background never takes what people wait for.

use std::collections::BTreeMap;
use std::time::Duration;

use harness::postgres::Postgres;
use harness::{Answer, Engine, Http, client_id};
use reqwest::Method;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, TransactionTrait};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::acks::{Ack, Acks};
use crate::check;
use crate::stage::{Plan, Stage};

/// Requests at once.
const AT_ONCE: usize = 500;
/// How soon each must be answered: two seconds, and what one test machine takes to carry five hundred at once.
const ANSWERED: Duration = Duration::from_millis(2_000 + 4_000);
/// How soon all must be well again.
const WELL: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_20_who_finds_no_connection_is_told_in_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let postgres = Postgres::make(folder.path()).await;
    let stage = Stage::on(Plan { engine: Engine::Postgres(postgres.url()), ..Plan::default() }).await;
    let (conversations, acks) = (conversations(&stage, 10).await, Acks::start());
    let conn = Database::connect(stage.store_url()).await.expect("a connection");

    let lock = locked(&conn, "conversation, message").await;
    let began = Instant::now();
    let mut asking = JoinSet::new();
    for n in 0..AT_ONCE {
        let path = conversations[n % conversations.len()].clone();
        asking.spawn(asks(stage.owner.http.clone(), path, n % 2 == 0, acks.clone()));
    }
    let (mut answers, mut slowest) = (BTreeMap::new(), Duration::ZERO);
    while let Some(one) = asking.join_next().await {
        let (answer, took) = one.expect("nobody panicked");
        if answer.status == 503 {
            answer.assert_is_problem();
        }
        slowest = slowest.max(took);
        *answers.entry((answer.status, answer.body["code"].as_str().unwrap_or_default().to_owned())).or_insert(0) += 1;
    }
    println!("{AT_ONCE} requests at once on locked tables: {answers:?}, the slowest after {slowest:.1?}");
    assert!(answers.keys().all(|(status, _)| *status == 503), "{answers:?}");
    assert!(slowest <= ANSWERED, "somebody waited for {slowest:?}");
    assert_eq!(acks.count(), 0, "a message was acknowledged through a locked table");
    lock.rollback().await.expect("unlocked");
    let (unlocked, path) = (Instant::now(), conversations[0].clone());
    while asks(stage.owner.http.clone(), path.clone(), true, acks.clone()).await.0.status != 201 {
        assert!(unlocked.elapsed() < WELL, "it is not well {WELL:?} after");
        sleep(Duration::from_millis(20)).await;
    }
    println!("well again after {:.2?}, {:.1?} after it began", unlocked.elapsed(), began.elapsed());

    let quiet = round_trips(&stage, &conversations, &acks).await;
    let lock = locked(&conn, "job").await;
    let busy = round_trips(&stage, &conversations, &acks).await;
    lock.rollback().await.expect("unlocked");
    println!("a message beside an idle background {quiet:.1?}, beside a stuck one {busy:.1?} (slowest of 100)");
    assert!(busy < quiet * 2 + Duration::from_millis(150), "work in the background holds messages up");
    conn.close().await.expect("closed");
    check::invariants(&stage, &acks.all()).await;
    stage.strike().await;
    drop(postgres);
}

/// Paths of conversations that are there.
async fn conversations(stage: &Stage, count: usize) -> Vec<String> {
    let mut paths = Vec::new();
    for _ in 0..count {
        let mut visitor = stage.visitor().await;
        visitor.says("hello").await;
        paths.push(format!("/v1/conversations/{}/messages", visitor.conversation()));
    }
    paths
}

/// Nobody else gets at these tables until it is over.
async fn locked(conn: &DatabaseConnection, tables: &str) -> DatabaseTransaction {
    let lock = conn.begin().await.expect("a transaction");
    lock.execute_unprepared(&format!("lock table {tables} in access exclusive mode")).await.expect("locked");
    lock
}

async fn asks(http: Http, path: String, writes: bool, acks: Acks) -> (Answer, Duration) {
    let began = Instant::now();
    let body = json!({ "client_id": client_id(), "body": "Is there room?" });
    let answer = match writes {
        true => http.attempt(Method::POST, &path, Some(body)).await,
        false => http.attempt(Method::GET, &path, None).await,
    };
    let answer = answer.expect("an answer");
    if writes && answer.status < 300 {
        acks.keep(Ack::of(&answer.body));
    }
    (answer, began.elapsed())
}

/// The slowest of a hundred messages, one after the other.
async fn round_trips(stage: &Stage, conversations: &[String], acks: &Acks) -> Duration {
    let mut slowest = Duration::ZERO;
    for n in 0..100 {
        let path = conversations[n % conversations.len()].clone();
        let (answer, took) = asks(stage.owner.http.clone(), path, true, acks.clone()).await;
        answer.is(201);
        slowest = slowest.max(took);
    }
    slowest
}
