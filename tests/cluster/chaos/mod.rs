//! REL-01, 02, 05, 07, 08 and 09 of a whole cluster: two processes of each role, PostgreSQL that flushes, and a broker
//! behind a wire that spoils three of ten messages. While people write, listen, invite and send files, one thing after
//! the other is killed, frozen, cut off or slowed down; afterwards everything that was acknowledged is looked up.
//!
//! `CHAOS_SECONDS` says for how long (each kind of fault comes at least once), `CHAOS_SEED` which faults in which order.

mod check;
mod ears;
mod people;
#[path = "../../chaos/seed.rs"]
mod seed;
mod weather;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness::fault_proxy::FaultProxy;
use harness::postgres::Postgres;
use harness::{Agent, Doors, Engine, Visitor};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::nats::lossy::Lossy;
use crate::node::Node;
use crate::stage::Cluster;
use ears::{Ear, Heard};
use people::{Ack, Paths, Promised};
use weather::Weather;

const VISITORS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_01_a_cluster_whose_parts_die_at_random_loses_nothing() {
    let mut scene = Scene::set().await;
    let (stop, enough) = (Arc::<AtomicBool>::default(), watch::Sender::new(None));
    let paths = Paths::to(&scene.doors("api"), &stop);
    let (mut writers, mut ears) = (JoinSet::new(), JoinSet::new());
    let beginning = scene.owner.http.get("/v1/conversations").await.ok()["position"].as_str().expect("one").to_owned();
    let live = scene.doors("realtime");
    for at in 0..2 {
        ears.spawn(Ear::of_team(&scene.owner, &beginning, &live, at).hears(enough.subscribe()));
    }
    let mut conversations = Vec::new();
    for n in 0..VISITORS {
        let mut visitor = Visitor::arrives(&scene.apis()[n % 2].doors, &scene.widget, None).await;
        let ear = Ear::of_visitor(&visitor, &live, n % 2);
        visitor.says("the first words").await;
        conversations.push(visitor.conversation().to_owned());
        writers.spawn(paths.visitor(&visitor, n).writes());
        // a tab of the team's answers in every second conversation
        if n % 2 == 0 {
            ears.spawn(ear.hears(enough.subscribe()));
            writers.spawn(paths.team(&scene.owner, visitor.conversation(), n).writes());
        }
    }
    writers.spawn(paths.team(&scene.owner, "", 0).invites());
    writers.spawn(paths.team(&scene.owner, "", 1).sends_files());

    let seconds = std::env::var("CHAOS_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(30_u64);
    // tokens last ten minutes, and nobody here renews theirs
    let faults = scene.weather(Duration::from_secs(seconds.min(420))).await;
    stop.store(true, Ordering::Release);
    let mut promised = Promised::default();
    while let Some(done) = writers.join_next().await {
        promised.join(done.expect("nobody panicked"));
    }
    promised.told(&faults);
    assert!(promised.acks.len() > VISITORS * faults.len(), "too little happened to prove anything");

    let owner = check::well_again(&scene.apis(), &scene.cluster.owner).await;
    let there = check::messages(&owner, &conversations, &promised.acks).await;
    enough.send_replace(Some(there.public()));
    while let Some(heard) = ears.join_next().await {
        there.were_told(&heard.expect("an ear heard to the end"));
    }
    check::files(&owner, &promised.files).await;
    check::letters(&scene.cluster, &promised.letters).await;
    check::history(&scene.cluster).await;
    check::strangers(&scene.cluster, scene.apis()[1], &conversations).await;
    scene.strike().await;
}

/// Everything that can be hurt.
struct Scene {
    cluster: Cluster,
    nodes: Vec<Node>,
    owner: Agent,
    widget: harness::Widget,
    wire: FaultProxy,
    _hints: Lossy,
    postgres: Postgres,
    _folder: tempfile::TempDir,
}

impl Scene {
    async fn set() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let postgres = Postgres::make(folder.path()).await;
        let wire = FaultProxy::to(([127, 0, 0, 1], postgres.port()).into()).await;
        let mut cluster = Cluster::on(Engine::Postgres(postgres.url()), &[("STORE__UNSAFE_DURABILITY", "false")]).await;
        let hints = Lossy::to(cluster.broker.port(), seed::seed()).await;
        let through =
            cluster.store_url.replace(&format!(":{}/", postgres.port()), &format!(":{}/", wire.address.port()));
        cluster.sets("STORE__URL", &through);
        cluster.sets("BUS__URL", &format!("nats://{}", hints.address));
        cluster.sets("LOG__LEVEL", "warn");
        let mut nodes = Vec::new();
        for roles in ["api", "api", "realtime", "realtime", "worker", "worker"] {
            nodes.push(cluster.node(roles).await);
        }
        let owner = cluster.owner_at(&nodes[0]).await;
        let widget = cluster.widget(&owner).await;
        Self { cluster, nodes, owner, widget, wire, _hints: hints, postgres, _folder: folder }
    }

    fn apis(&self) -> Vec<&Node> {
        self.nodes.iter().filter(|node| node.roles == "api").collect()
    }

    fn doors(&self, role: &str) -> Vec<Doors> {
        self.nodes.iter().filter(|node| node.roles == role).map(|node| node.doors.clone()).collect()
    }

    /// One fault after the other; gives what they were.
    async fn weather(&mut self, lasts: Duration) -> Vec<&'static str> {
        let until = Instant::now() + lasts;
        let broker = &mut self.cluster.broker;
        let (nodes, wire, postgres) = (&mut self.nodes[..], &self.wire, &mut self.postgres);
        Weather { nodes, broker, wire, postgres, dice: seed::dice("the weather") }.rages(until).await
    }

    async fn strike(self) {
        drop(self.nodes);
        self.cluster.strike().await;
    }
}

/// What an ear heard, by conversation, in order.
type Told = std::collections::BTreeMap<String, Vec<String>>;

/// Everything that is there in the end.
struct There {
    /// Ids of public messages, by conversation, in order.
    messages: Told,
}

impl There {
    fn public(&self) -> BTreeSet<String> {
        self.messages.values().flatten().cloned().collect()
    }

    /// An ear was told of everything it may hear: each message once, in order.
    fn were_told(&self, heard: &Heard) {
        assert!(!heard.told.is_empty(), "nothing was heard");
        for (conversation, told) in &heard.told {
            assert_eq!(told, &self.messages[conversation], "{conversation}: {} was told something else", heard.who);
        }
        let wanted = if heard.who == "the team" { self.messages.len() } else { 1 };
        assert_eq!(heard.told.len(), wanted, "{} heard of conversations", heard.who);
    }
}

/// Kept apart so that a promise and its place can be compared at once.
impl Ack {
    fn place(&self) -> (&str, i64, &str) {
        (&self.id, self.seq, &self.body)
    }
}
