//! A database with a tenant, a widget and a server on it.

use std::path::Path;

use harness::{Agent, Engine, Visitor, Widget, found};
use kernel::Clock;
use serde_json::json;
use tempfile::TempDir;

use crate::child::Server;

const SECRET: &str = "a secret for chaos, longer than thirty-two bytes";
const ORIGIN: &str = "http://localhost:3000";

/// Everything a scene needs.
pub struct Stage {
    /// The server.
    pub server: Server,
    /// The owner, signed in.
    pub owner: Agent,
    /// A widget that may run on one origin.
    pub widget: Widget,
    engine: Engine,
    store_url: String,
    _folder: TempDir,
}

impl Stage {
    /// Founds a tenant, then starts the server.
    pub async fn set() -> Self {
        Self::with(&[]).await
    }

    /// The same with these settings of the server on top.
    pub async fn with(more: &[(&'static str, String)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::chosen();
        let store_url = engine.fresh(folder.path()).await;
        let email = found_in_process(&store_url, &folder).await;
        let server = Server::start(&store_url, SECRET, folder.path(), more).await;
        let owner = Agent::signs_in(&server.doors, &email).await;
        let body = json!({ "name": "Shop", "display": "floating" });
        let widget = owner.http.post("/v1/widgets", body).await.is(201)["id"].as_str().expect("an id").to_owned();
        let claim = json!({ "host": "localhost:3000", "scope": "test", "method": "http" });
        owner.http.post(&format!("/v1/widgets/{widget}/domains"), claim).await.is(201);
        let widget = Widget { id: widget, origin: ORIGIN.to_owned() };
        Self { server, owner, widget, engine, store_url, _folder: folder }
    }

    /// A visitor who has not written.
    pub async fn visitor(&self) -> Visitor {
        Visitor::arrives(&self.server.doors, &self.widget, None).await
    }

    /// One more session of the owner, as another tab has.
    pub async fn another_tab(&self) -> Agent {
        Agent::signs_in(&self.server.doors, &self.owner.email).await
    }

    /// The database and the files once more, in this process, under a clock that stands: for what comes after the
    /// server. `more` are settings by their names in the file.
    pub async fn afterwards(&self, clock: Clock, more: &[(&str, &str)]) -> server::Running {
        start_in_process(&self.store_url, self._folder.path(), clock, more).await
    }

    /// Gives the database back.
    pub async fn strike(mut self) {
        self.server.end();
        self.engine.remove(&self.store_url).await;
    }
}

/// The commands of the binary found tenants too, but wait for letters; this is what they call.
async fn found_in_process(store_url: &str, folder: &TempDir) -> String {
    let running = start_in_process(store_url, folder.path(), Clock::System, &[]).await;
    let email = found(&running.ctx, "Acme").await;
    running.stop().await;
    email
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
