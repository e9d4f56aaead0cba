//! REL-05: hints that are lost, doubled and out of order cost time and nothing else.

use std::sync::atomic::Ordering::Relaxed;

use super::guarded::{Guarded, url_at};
use super::lossy::Lossy;
use super::talk::{LATEST, Talk, print};
use crate::stage::Cluster;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rel_05_three_of_ten_hints_spoiled_lose_nothing() {
    let Some(cluster) = Cluster::set().await else { return };
    let guarded = Guarded::start().await;
    let seed = rand::random();
    let (near, far) = tokio::join!(Lossy::to(guarded.broker.port(), seed), Lossy::to(guarded.broker.port(), seed + 1));
    let urls = [&near, &far].map(|lossy| url_at("all", lossy.address.port()));
    let mut talk = Talk::begins(&cluster, &urls[0], &urls[1]).await;
    let times = talk.times(25).await;
    print(&format!("REL-05 three of ten hints spoiled (seed {seed})"), &times);
    assert!(times[times.len() - 1] <= LATEST, "{times:?}");
    talk.is_whole().await;
    let sum = |what: fn(&Lossy) -> u32| what(&near) + what(&far);
    assert!(sum(|lossy| lossy.counts.lost.load(Relaxed)) > 0, "seed {seed}: the test could not fail otherwise");
    assert!(sum(|lossy| lossy.counts.doubled.load(Relaxed)) > 0, "seed {seed}");
    assert!(sum(|lossy| lossy.counts.swapped.load(Relaxed)) > 0, "seed {seed}");
    drop(talk);
    cluster.strike().await;
}
