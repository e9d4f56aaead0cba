//! A database with a tenant, a widget and a server on it.

use std::net::SocketAddr;
use std::path::Path;

use chat::identity::{NewAgent, create_agent_directly};
use chat::operator::{By, create_tenant};
use harness::{Agent, Engine, PASSWORD, Visitor, Widget, found};
use kernel::{Clock, Role, Secret};
use serde_json::json;
use tempfile::TempDir;

use crate::child::Server;

/// What every server of a stage signs with.
pub const SECRET: &str = "a secret for chaos, longer than thirty-two bytes";
const ORIGIN: &str = "http://localhost:3000";

/// Everything a scene needs.
pub struct Stage {
    /// The server.
    pub server: Server,
    /// The owner, signed in.
    pub owner: Agent,
    /// A widget that may run on one origin.
    pub widget: Widget,
    /// Where the tenant's stream stood before anybody wrote.
    pub beginning: String,
    stranger: String,
    engine: Engine,
    store_url: String,
    folder: TempDir,
}

/// Where a stage is built, when it is not just anywhere.
pub struct Plan<'a> {
    /// Which database.
    pub engine: Engine,
    /// Where the database's file is, when it is one.
    pub data: Option<&'a Path>,
    /// What the server is told of the database's address, when there is something between the two.
    pub through: Option<SocketAddr>,
    /// How many agents the tenant has beside its owner.
    pub staff: usize,
    /// Settings of the server on top.
    pub more: &'a [(&'static str, String)],
}

impl Default for Plan<'_> {
    fn default() -> Self {
        Self { engine: Engine::chosen(), data: None, through: None, staff: 0, more: &[] }
    }
}

impl Stage {
    /// Founds a tenant, then starts the server.
    pub async fn set() -> Self {
        Self::with(&[]).await
    }

    /// The same with these settings of the server on top.
    pub async fn with(more: &[(&'static str, String)]) -> Self {
        Self::on(Plan { more, ..Plan::default() }).await
    }

    /// The same as planned.
    pub async fn on(plan: Plan<'_>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store_url = plan.engine.fresh(plan.data.unwrap_or(folder.path())).await;
        let [email, stranger] = found_in_process(&store_url, &folder, plan.staff).await;
        let told = plan.through.map_or(store_url.clone(), |through| by_way_of(&store_url, through));
        let server = Server::start(&told, SECRET, folder.path(), plan.more).await;
        let owner = Agent::signs_in(&server.doors, &email).await;
        let body = json!({ "name": "Shop", "display": "floating" });
        let widget = owner.http.post("/v1/widgets", body).await.is(201)["id"].as_str().expect("an id").to_owned();
        let claim = json!({ "host": "localhost:3000", "scope": "test", "method": "http" });
        owner.http.post(&format!("/v1/widgets/{widget}/domains"), claim).await.is(201);
        let widget = Widget { id: widget, origin: ORIGIN.to_owned() };
        let beginning = position(&owner).await;
        Self { server, owner, widget, beginning, stranger, engine: plan.engine, store_url, folder }
    }

    /// A visitor who has not written.
    pub async fn visitor(&self) -> Visitor {
        Visitor::arrives(&self.server.doors, &self.widget, None).await
    }

    /// One more session of the owner, as another tab has.
    pub async fn another_tab(&self) -> Agent {
        Agent::signs_in(&self.server.doors, &self.owner.email).await
    }

    /// One of the agents of [`Plan::staff`], counted from one.
    pub async fn agent(&self, number: usize) -> Agent {
        Agent::signs_in(&self.server.doors, &format!("agent{number}@acme.example.com")).await
    }

    /// The owner of another business on the same server.
    pub async fn stranger(&self) -> Agent {
        Agent::signs_in(&self.server.doors, &self.stranger).await
    }

    /// Where the database is.
    pub fn store_url(&self) -> &str {
        &self.store_url
    }

    /// The first server's folder, for whoever starts another one.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The database and the files once more, in this process, under a clock that stands: for what comes after the
    /// server. `more` are settings by their names in the file.
    pub async fn afterwards(&self, clock: Clock, more: &[(&str, &str)]) -> server::Running {
        start_in_process(&self.store_url, self.folder.path(), clock, more).await
    }

    /// Looks through the tables once more, then gives the database back.
    pub async fn strike(mut self) {
        crate::check::tables(&self).await;
        self.server.end();
        self.engine.remove(&self.store_url).await;
    }
}

/// Where the tenant's stream stands.
pub async fn position(agent: &Agent) -> String {
    agent.http.get("/v1/conversations").await.ok()["position"].as_str().expect("a position").to_owned()
}

/// The same database, reached by another address.
fn by_way_of(url: &str, address: SocketAddr) -> String {
    let (front, rest) = url.split_once('@').expect("a URL with a user");
    format!("{front}@{address}/{}", rest.split_once('/').expect("a URL with a database").1)
}

/// The commands of the binary found tenants too, but wait for letters; this is what they call.
async fn found_in_process(store_url: &str, folder: &TempDir, staff: usize) -> [String; 2] {
    let running = start_in_process(store_url, folder.path(), Clock::System, &[]).await;
    let emails = [acme(&running.ctx, staff).await, found(&running.ctx, "Somebody Else").await];
    running.stop().await;
    emails
}

/// The business of the scene: its owner, and agents called `agent1@…` and so on.
async fn acme(ctx: &chat::Ctx, staff: usize) -> String {
    let email = |who: &str| format!("{who}@acme.example.com");
    let made = create_tenant(ctx, By::CommandLine, "Acme", &email("owner")).await.expect("a tenant");
    let people = (1..=staff).map(|n| (format!("agent{n}"), Role::Agent));
    for (who, role) in std::iter::once(("owner".to_owned(), Role::Owner)).chain(people) {
        let password = Secret::new(PASSWORD.to_owned());
        let new = NewAgent { email: email(&who), name: who, role, password };
        create_agent_directly(ctx, made.id, new).await.expect("an agent");
    }
    email("owner")
}

async fn start_in_process(store_url: &str, folder: &Path, clock: Clock, more: &[(&str, &str)]) -> server::Running {
    let mail = format!("folder://{}/mail", folder.display());
    let blobs = format!("folder://{}/files", folder.display());
    let inspector = harness::binary().display().to_string();
    let settings = [
        ("public.listen", "127.0.0.1:0"),
        ("operator.listen", "127.0.0.1:0"),
        ("store.url", store_url),
        ("auth.secret", SECRET),
        ("mail.url", &mail),
        ("blobs.url", &blobs),
        ("files.inspector", &inspector),
        ("worker.enabled", "false"),
        ("http.workers", "1"),
        ("http.drain_seconds", "0"),
    ];
    let config = server::Config::load(None, &[&settings, more].concat()).expect("settings");
    server::start(config, clock).await.expect("a server")
}
