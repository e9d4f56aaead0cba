//! PostgreSQL behind a wire that goes bad: late, dead, cut. No acknowledgement is false, nobody waits for ever, and all
//! goes on by itself when the wire is good again.

use std::net::SocketAddr;
use std::time::Duration;

use harness::fault_proxy::{FaultProxy, Wire};
use harness::postgres::Postgres;
use harness::{Agent, Engine, client_id};
use rand::RngExt;
use reqwest::Method;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};

use crate::check;
use crate::load::{Load, number};
use crate::seed::dice;
use crate::stage::{Plan, Stage};

/// Longest time anybody waits to be told that the database is away.
const TOLD: Duration = Duration::from_secs(8);
/// What the bad wire adds each way. A message takes a dozen ways there and back: from about 100 ms on, callers are told to
/// come back before it is done.
const LATE: Duration = Duration::from_millis(60);
/// How long a handful of messages may take on it.
const SLOW: Duration = Duration::from_secs(20);
/// How soon messages must be acknowledged when the wire is good again.
const SOON: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_02_a_bad_wire_to_postgres_costs_time_and_never_a_message() {
    let folder = tempfile::tempdir().expect("a folder");
    let postgres = Postgres::make(folder.path()).await;
    let proxy = FaultProxy::to(SocketAddr::from(([127, 0, 0, 1], postgres.port()))).await;
    let engine = Engine::Postgres(postgres.url());
    let stage = Stage::on(Plan { engine, through: Some(proxy.address), ..Plan::default() }).await;
    let load = Load::start(&stage, 12).await;
    let mut dice = dice("the wire");
    let bad = Duration::from_secs(number("CHAOS_SECONDS", 30)) / 3;

    proxy.set(Wire::Late(LATE));
    let (before, from) = (load.acks.count(), Instant::now());
    sleep(bad).await;
    while load.acks.count() <= before + 5 {
        assert!(from.elapsed() < SLOW, "a slow wire stops everything: {} in {SLOW:?}", load.acks.count() - before);
        sleep(Duration::from_millis(100)).await;
    }
    println!("{LATE:?} each way: {} acknowledged in {:.1?}", load.acks.count() - before, from.elapsed());
    proxy.set(Wire::Clear);
    load.acks.next().await;

    proxy.set(Wire::Blackhole);
    let longest = told(&stage, bad).await;
    assert_eq!(stage.server.doors.http().get("/healthz").await.status, 200, "the process itself is well");
    proxy.set(Wire::Clear);
    let back = again(&load).await;
    println!("black hole for {bad:?}: told after {longest:.1?} at most, acknowledged again after {back:.1?}");

    let (mut cuts, mut slowest, deadline) = (0, Duration::ZERO, Instant::now() + bad);
    while Instant::now() < deadline {
        proxy.cut();
        cuts += 1;
        slowest = slowest.max(again(&load).await);
        sleep(Duration::from_millis(dice.random_range(200..1_200))).await;
    }
    println!("{cuts} times all connections reset: acknowledged again after {slowest:.1?} at most");
    check::at_the_end(stage, load).await;
    drop(postgres);
}

/// For so long, every request is answered: with 503 and a code, in time. Gives the longest wait.
async fn told(stage: &Stage, bad: Duration) -> Duration {
    let deadline = Instant::now() + bad;
    let mut longest = Duration::ZERO;
    while Instant::now() < deadline {
        let began = Instant::now();
        let (read, write, ready) = tokio::join!(lists(&stage.owner), opens(stage), is_ready(stage));
        for status in [read, write, ready] {
            // what was remembered may still be told; nothing is acknowledged
            assert!(status == 503 || (status == 200 && began.elapsed() < TOLD), "answered {status}");
        }
        longest = longest.max(began.elapsed());
        sleep(Duration::from_millis(100)).await;
    }
    longest
}

async fn lists(owner: &Agent) -> u16 {
    asked(owner.http.attempt(Method::GET, "/v1/conversations", None)).await
}

async fn opens(stage: &Stage) -> u16 {
    let body = json!({ "client_id": client_id(), "body": "Is anybody there?" });
    let path = format!("/v1/conversations/{}/messages", kernel::ConversationId::new(&kernel::Clock::System));
    asked(stage.owner.http.attempt(Method::POST, &path, Some(body))).await
}

async fn is_ready(stage: &Stage) -> u16 {
    asked(stage.server.doors.http().attempt(Method::GET, "/readyz", None)).await
}

async fn asked(request: impl Future<Output = reqwest::Result<harness::Answer>>) -> u16 {
    let answer = timeout(TOLD, request).await.expect("somebody waited for too long").expect("an answer");
    if answer.status == 503 {
        answer.assert_is_problem();
    }
    answer.status
}

/// How long it took until a message was acknowledged.
async fn again(load: &Load) -> Duration {
    let began = Instant::now();
    let acked = timeout(SOON, load.acks.next()).await;
    acked.unwrap_or_else(|_| panic!("nothing was acknowledged for {SOON:?}")) - began
}
