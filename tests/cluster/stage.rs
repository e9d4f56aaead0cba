//! PostgreSQL, a broker, a shared folder for files, a tenant with a widget, and as many processes as a test asks for.
//!
//! There is no front door: people are told which process to go to, and a test that moves them does what a proxy would.

use std::net::TcpListener;

use harness::{Agent, Engine, Live, Visitor, Widget, found};
use kernel::Clock;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::broker::Broker;
use crate::node::Node;

/// Where browsers believe all of it is: one origin, whichever process answers.
pub const PUBLIC_URL: &str = "https://chat.porchlight.example";
/// The same of the operators' console.
pub const OPERATOR_URL: &str = "https://operator.porchlight.example";

const SECRET: &str = "a secret for clusters, longer than thirty-two bytes";
const ORIGIN: &str = "http://localhost:3000";

/// What all processes share. They are started by [`Cluster::node`] and belong to the test.
pub struct Cluster {
    /// NATS.
    pub broker: Broker,
    /// Settings of every process, as `SECTION__KEY`.
    pub settings: Vec<(String, String)>,
    /// The database.
    pub store_url: String,
    /// Address the tenant's owner signs in with.
    pub owner: String,
    engine: Engine,
    folder: TempDir,
}

impl Cluster {
    /// Everything but the processes. `None` where there is no PostgreSQL (`STORE_URL`): such a test has nothing to say.
    pub async fn set() -> Option<Self> {
        Self::with(&[]).await
    }

    /// The same with these settings of every process on top, as `SECTION__KEY`.
    pub async fn with(more: &[(&str, &str)]) -> Option<Self> {
        let engine = Engine::chosen();
        if !matches!(engine, Engine::Postgres(_)) {
            eprintln!("several processes need PostgreSQL: STORE_URL names none");
            return None;
        }
        Some(Self::on(engine, more).await)
    }

    /// The same on a PostgreSQL of the test's own.
    pub async fn on(engine: Engine, more: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store_url = engine.fresh(folder.path()).await;
        let broker = Broker::start(folder.path()).await;
        let owner = found_in_process(&store_url, &folder).await;
        let shown = folder.path().display();
        let own = [
            ("PUBLIC__URL", PUBLIC_URL.to_owned()),
            ("OPERATOR__URL", OPERATOR_URL.to_owned()),
            ("HTTP__WORKERS", "1".to_owned()),
            ("HTTP__DRAIN_SECONDS", "1".to_owned()),
            ("STORE__URL", store_url.clone()),
            // the suite's server does not flush
            ("STORE__UNSAFE_DURABILITY", "true".to_owned()),
            ("BUS__URL", broker.url()),
            ("BLOBS__URL", format!("folder://{shown}/files")),
            ("BLOBS__SHARED", "true".to_owned()),
            ("AUTH__SECRET", SECRET.to_owned()),
            ("MAIL__URL", format!("folder://{shown}/mail")),
            ("LIMITS__FACTOR", "100000".to_owned()),
            ("LOG__LEVEL", "info".to_owned()),
        ];
        let own = own.into_iter().map(|(key, value)| (key.to_owned(), value));
        let mut settings: Vec<_> = own.filter(|(key, _)| more.iter().all(|(other, _)| other != key)).collect();
        settings.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        Self { broker, settings, store_url, owner, engine, folder }
    }

    /// Sets a key of every process that is started from now on.
    pub fn sets(&mut self, key: &str, value: &str) {
        self.settings.retain(|(known, _)| known != key);
        self.settings.push((key.to_owned(), value.to_owned()));
    }

    /// A process with these roles, such as `api` or `api,realtime`, once it is ready.
    pub async fn node(&self, roles: &str) -> Node {
        Node::start(roles, self.folder.path(), &self.settings).await
    }

    /// The same with settings of its own on top.
    pub async fn node_with(&self, roles: &str, more: &[(&str, &str)]) -> Node {
        let mut node = self.node_made(roles);
        more.iter().for_each(|(key, value)| node.set(key, value));
        node.start_again().await;
        node
    }

    /// One that is not started yet.
    pub fn node_made(&self, roles: &str) -> Node {
        Node::made(roles, self.folder.path(), &self.settings)
    }

    /// Where letters, files and logs are.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The owner, signed in at a process with the role `api`.
    pub async fn owner_at(&self, api: &Node) -> Agent {
        Agent::signs_in(&api.doors, &self.owner).await
    }

    /// A widget that may run on one origin, made by somebody who is signed in.
    pub async fn widget(&self, owner: &Agent) -> Widget {
        let body = json!({ "name": "Shop", "display": "floating" });
        let id = owner.http.post("/v1/widgets", body).await.is(201)["id"].as_str().expect("an id").to_owned();
        let claim = json!({ "host": "localhost:3000", "scope": "test", "method": "http" });
        owner.http.post(&format!("/v1/widgets/{id}/domains"), claim).await.is(201);
        Widget { id, origin: ORIGIN.to_owned() }
    }

    /// The product in this process, without listeners that matter, jobs or a broker: to look behind the curtain and to
    /// leave what a process of another release would leave.
    pub async fn behind(&self) -> server::Running {
        in_process(&self.store_url, &self.folder).await
    }

    /// Gives the database back. Nodes are to be dropped first.
    pub async fn strike(self) {
        self.engine.remove(&self.store_url).await;
    }
}

/// Opens an agent's socket at a process with the role `realtime`. Gives the welcome.
pub async fn agent_listens(agent: &Agent, realtime: &Node, after: Option<&str>) -> (Live, Value) {
    let token = agent.http.token().expect("signed in");
    Live::hello(&realtime.doors.public, "/v1/live", PUBLIC_URL, token, after).await
}

/// Opens a visitor's socket at a process with the role `realtime`, where the session stood. Gives the welcome.
pub async fn visitor_listens(visitor: &Visitor, realtime: &Node) -> (Live, Value) {
    let token = visitor.http.token().expect("a session");
    Live::hello(&realtime.doors.public, "/widget/v1/live", PUBLIC_URL, token, visitor.position.as_str()).await
}

/// Waits until a socket tells of a message with these words.
pub async fn sees(live: &mut Live, words: &str) -> Value {
    live.expect(|frame| frame["type"] == "message_posted" && frame["message"]["body"] == words).await
}

/// The commands of the binary found tenants too, but wait for letters; this is what they call.
async fn found_in_process(store_url: &str, folder: &TempDir) -> String {
    let running = in_process(store_url, folder).await;
    let email = found(&running.ctx, "Acme").await;
    running.stop().await;
    email
}

async fn in_process(store_url: &str, folder: &TempDir) -> server::Running {
    let shown = folder.path().display();
    let (mail, blobs) = (format!("folder://{shown}/mail"), format!("folder://{shown}/files"));
    let inspector = harness::binary().display().to_string();
    let settings = [
        ("public.listen", "127.0.0.1:0"),
        ("public.url", PUBLIC_URL),
        ("operator.listen", "127.0.0.1:0"),
        ("operator.url", OPERATOR_URL),
        ("store.url", store_url),
        ("store.unsafe_durability", "true"),
        ("auth.secret", SECRET),
        ("mail.url", &mail),
        ("blobs.url", &blobs),
        ("files.inspector", &inspector),
        ("worker.enabled", "false"),
        ("http.workers", "1"),
        ("http.drain_seconds", "0"),
    ];
    let config = server::Config::load(None, &settings).expect("settings");
    server::start(config, Clock::System).await.expect("a server")
}

/// Below the ports of outgoing connections, one of which could take it while a process is down.
pub fn free_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| rand::random_range(20_000..32_000));
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}
