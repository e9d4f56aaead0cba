//! REL-02: PostgreSQL is killed with -9, or stopped at once, again and again under load. Nothing acknowledged is lost, and
//! as soon as it accepts connections again messages are acknowledged again.

use std::sync::atomic::Ordering;
use std::time::Duration;

use harness::Engine;
use harness::postgres::Postgres;
use rand::RngExt;
use tokio::time::{Instant, sleep, timeout};

use crate::check;
use crate::load::{FEWEST, Load, number};
use crate::seed::dice;
use crate::stage::{Plan, Stage};

/// How soon the first message must be acknowledged after PostgreSQL accepts connections.
const SOON: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_02_nothing_acknowledged_is_lost_when_postgres_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut postgres = Postgres::make(folder.path()).await;
    let stage = Stage::on(Plan { engine: Engine::Postgres(postgres.url()), ..Plan::default() }).await;
    let mut load = Load::start(&stage, 20).await;
    let mut dice = dice("PostgreSQL's end");
    let (deadline, mut back) = (Instant::now() + Duration::from_secs(number("CHAOS_SECONDS", 30)), Vec::new());
    while Instant::now() < deadline || back.len() < FEWEST {
        sleep(Duration::from_millis(dice.random_range(1_500..3_500))).await;
        let before = load.acks.count();
        assert!(before > back.len() * 20, "too little is acknowledged between two ends to prove anything: {before}");
        if dice.random_bool(0.5) {
            postgres.kill()
        } else {
            postgres.stop_at_once()
        }
        sleep(Duration::from_millis(dice.random_range(0..1_500))).await;
        postgres.start().await;
        let accepts = Instant::now();
        let acked = timeout(SOON * 4, load.acks.next()).await.expect("messages are acknowledged again");
        back.push(acked - accepts);
    }
    load.end().await;
    let acks = load.acks.all();
    back.sort_unstable();
    let (middle, most) = (back[back.len() / 2], back[back.len() - 1]);
    let retries = load.retries.load(Ordering::Relaxed);
    println!("{} acknowledged, PostgreSQL ended {} times, {retries} retries", acks.len(), back.len());
    println!("first acknowledgement after it accepts: median {middle:.0?}, most {most:.0?}");
    assert!(back.len() > 2, "too little happened to prove anything");
    assert!(most <= SOON, "it took {most:?} until a message was acknowledged");
    check::invariants(&stage, &acks).await;
    stage.strike().await;
}
