//! How one process leaves, seen from outside.

use tokio::time::{Duration, Instant};

use crate::stage::{Cluster, agent_listens};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_leaves_says_so_before_it_refuses_anybody() {
    let Some(cluster) = Cluster::with(&[("HTTP__UNREADY_SECONDS", "3")]).await else { return };
    let mut node = cluster.node("api,realtime").await;
    let owner = cluster.owner_at(&node).await;
    let (mut live, _) = agent_listens(&owner, &node, None).await;
    node.signal("TERM");
    let began = Instant::now();
    while node.doors.http().get("/readyz").await.status != 503 {
        assert!(began.elapsed() < Duration::from_secs(2), "it must say that it leaves at once");
    }
    node.doors.http().get("/readyz").await.refused(503, "stopping");
    assert_eq!(owner.http.get("/v1/me").await.status, 200, "who comes meanwhile is served");
    let told = live.sees("reconnect").await;
    assert!(began.elapsed() > Duration::from_secs(2), "sockets are told after proxies noticed");
    assert!(told["after_ms"].as_u64().is_some_and(|after| after <= 1_000), "{told}");
    assert_eq!(live.is_closed().await, 1012);
    assert!(node.is_gone().await.success());
    cluster.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_twice_does_not_wait() {
    let Some(cluster) = Cluster::with(&[("HTTP__UNREADY_SECONDS", "15")]).await else { return };
    let mut node = cluster.node("api").await;
    node.signal("TERM");
    let began = Instant::now();
    while node.doors.http().get("/readyz").await.status != 503 {
        assert!(began.elapsed() < Duration::from_secs(5), "it must say that it leaves at once");
    }
    node.signal("TERM");
    let status = node.is_gone().await;
    assert!(!status.success() && began.elapsed() < Duration::from_secs(5), "{status} after {:?}", began.elapsed());
    cluster.strike().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shapes_that_lose_data_do_not_start() {
    let Some(cluster) = Cluster::set().await else { return };
    for (key, value, words) in [
        ("STORE__URL", "sqlite://data/never.db", "cannot share an SQLite file"),
        ("BUS__URL", "local", "bus.url must name NATS"),
        ("BLOBS__SHARED", "false", "blobs.shared"),
        ("PUBLIC__URL", "", "public.url must be set"),
        ("AUTH__SECRET", "short", "32 random bytes"),
        ("SERVE__ROLLS", "api", "rolls"),
    ] {
        let mut node = cluster.node_made("api");
        node.set(key, value);
        node.launch();
        let status = node.is_gone().await;
        let said = node.last_words();
        assert!(!status.success() && said.contains(words), "{key}={value}: {status}, {said}");
        assert_eq!(said.lines().filter(|line| line.starts_with("porchlight: ")).count(), 1, "one clear line: {said}");
    }
    let careful = cluster.node_made("api");
    let mut careful = careful;
    careful.set("STORE__UNSAFE_DURABILITY", "false");
    careful.launch();
    let status = careful.is_gone().await;
    // the suite's own server does not flush; one that does would start
    assert!(!status.success() && careful.last_words().contains("acknowledge before data is safe"), "{status}");
    cluster.strike().await;
}
