//! REL-05: NATS killed, started again, cut off, and away from the start.

use std::time::Duration;

use harness::PATIENCE;
use harness::fault_proxy::{FaultProxy, Wire};
use tokio::time::Instant;

use super::guarded::{Guarded, url_at};
use super::talk::{LATEST, Talk, percentile, print};
use crate::stage::Cluster;

/// What is aimed at with NATS, for the 99th of a hundred. Other work on the machine may hold one of them up, so the
/// test asks it of the middle, and of the last that it is not later than without.
const QUICK: Duration = Duration::from_millis(150);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_05_without_nats_everything_comes_a_little_later() {
    let Some(cluster) = Cluster::set().await else { return };
    let mut guarded = Guarded::start().await;
    let wire = FaultProxy::to(([127, 0, 0, 1], guarded.broker.port()).into()).await;
    let mut talk = Talk::begins(&cluster, &guarded.url("all"), &url_at("all", wire.address.port())).await;
    is_quick(&mut talk).await;

    let times = talk.times(rounds() * 4).await;
    print("REL-05 with NATS", &times);
    assert!(percentile(&times, 50) <= QUICK && times[times.len() - 1] <= LATEST, "{times:?}");

    guarded.broker.kill();
    in_time(&mut talk, "REL-05 NATS killed").await;
    guarded.broker.start_again().await;
    is_quick(&mut talk).await;

    wire.set(Wire::Blackhole);
    in_time(&mut talk, "REL-05 one process cut off").await;
    wire.set(Wire::Clear);
    is_quick(&mut talk).await;
    wire.cut();
    in_time(&mut talk, "REL-05 connection reset").await;

    talk.is_whole().await;
    drop(talk);
    cluster.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_05_a_start_without_nats_is_a_start() {
    let Some(cluster) = Cluster::set().await else { return };
    let mut guarded = Guarded::start().await;
    let url = guarded.url("all");
    guarded.broker.kill();
    let mut talk = Talk::begins(&cluster, &url, &url).await;
    in_time(&mut talk, "REL-05 NATS away from the start").await;
    let warned = talk.near.last_words().matches("NATS cannot be reached").count();
    assert_eq!(warned, 1, "said once:\n{}", talk.near.last_words());
    guarded.broker.start_again().await;
    is_quick(&mut talk).await;
    talk.is_whole().await;
    drop(talk);
    cluster.strike().await;
}

async fn in_time(talk: &mut Talk, what: &str) {
    let times = talk.times(rounds()).await;
    print(what, &times);
    assert!(times[times.len() - 1] <= LATEST, "{what}: {times:?}");
}

/// Waits until hints arrive: a handful in a row comes sooner than any look without them would find it.
async fn is_quick(talk: &mut Talk) {
    let began = Instant::now();
    while talk.times(4).await[7] > QUICK {
        assert!(began.elapsed() < PATIENCE * 3, "hints do not arrive again");
    }
}

/// `CLUSTER_ROUNDS` makes it long.
fn rounds() -> usize {
    std::env::var("CLUSTER_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(6)
}
