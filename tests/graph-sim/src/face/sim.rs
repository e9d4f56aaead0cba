//! The simulator, started and stopped.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{Number, User};
use crate::core::Core;
use crate::drive;
use crate::fault::{self, Fault, Point};
use crate::http::serve;
use crate::journal::Entry;
use crate::world::{App, Setup, Waba, World};

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running simulator; it stops when dropped.
pub struct Sim {
    core: Arc<Core>,
    driver: JoinHandle<()>,
    server: ServerHandle,
}

impl Sim {
    /// With the usual world, a clock that stands at 2026-12-01T12:00:00Z, and chance from this seed.
    pub async fn start(seed: u64) -> io::Result<Self> {
        Self::with(&Setup { seed, ..Setup::default() }, "127.0.0.1:0").await
    }

    /// As the setup says, listening here.
    pub async fn with(setup: &Setup, listen: &str) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        let address = listener.local_addr()?;
        let core = Core::new(setup);
        core.stands_at(format!("http://{address}"));
        let server = serve(Arc::clone(&core), listener)?;
        let handle = server.handle();
        tokio::spawn(server);
        let driver = tokio::spawn(drive::run(Arc::clone(&core)));
        Ok(Self { core, driver, server: handle })
    }

    /// `http://127.0.0.1:port`, to be used in place of `https://graph.facebook.com`.
    pub fn base(&self) -> &str {
        self.core.base()
    }

    /// What is behind it.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Looks at or changes the world.
    pub fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.core.with(change)
    }

    /// Has the default app call back here, without asking for a challenge.
    pub fn calls_back(&self, url: &str) {
        self.world(|world| world.apps.values_mut().for_each(|app| app.callback = Some(url.to_owned())));
    }

    /// Another app.
    pub fn app(&self, app: App) {
        self.world(|world| world.apps.insert(app.id.clone(), app));
    }

    /// Another account.
    pub fn waba(&self, waba: Waba) {
        self.world(|world| world.wabas.insert(waba.id.clone(), waba));
    }

    /// Somebody with a phone.
    pub fn user(&self, name: &str) -> User<'_> {
        User::new(self, name)
    }

    /// A business number, by its id.
    pub fn number(&self, id: &str) -> Number<'_> {
        Number::new(self, id)
    }

    /// Sets switches: `json!({"wire": "utf8"})`.
    pub fn switch(&self, patch: &Value) {
        self.world(|world| world.switches = world.switches.patched(patch).expect("switches of the ledger"));
    }

    /// Plants a fault, or plays it when it is a scene.
    pub fn fault(&self, kind: &str, more: &Value) -> Value {
        let scene = fault::kind(kind).is_some_and(|kind| kind.point == Point::Scene);
        if scene {
            return self.world(|world| fault::play(world, kind, more)).expect("a scene that can be played");
        }
        let mut whole = json!({"kind": kind, "times": 1});
        more.as_object().into_iter().flatten().for_each(|(key, value)| whole[key.as_str()] = value.clone());
        let planted: Fault = serde_json::from_value(whole).expect("a fault");
        json!(self.world(|world| world.faults.plant(planted)).expect("a kind of the catalogue"))
    }

    /// Moves the clock; returns when all that became due has been done and answered.
    pub async fn advance(&self, milliseconds: i64) {
        drive::advance(&self.core, milliseconds).await;
    }

    /// Waits until nothing is due and nothing is on its way.
    pub async fn settle(&self) {
        assert!(drive::settle(&self.core).await, "the simulator does not come to rest");
    }

    /// Everything that happened.
    pub fn journal(&self) -> Vec<Entry> {
        self.core.peek(|world| world.journal.all().to_vec())
    }

    /// What happened, of one kind.
    pub fn noted(&self, kind: &str) -> Vec<Value> {
        self.core.peek(|world| world.journal.after(0, Some(kind)).map(|entry| entry.what.clone()).collect())
    }

    /// The bodies of all pushes so far, in the order in which they were answered.
    pub fn pushed(&self) -> Vec<Value> {
        let body = |what: &Value| serde_json::from_str(what["body"].as_str().unwrap_or_default()).unwrap_or_default();
        self.noted("webhook").iter().map(body).collect()
    }

    /// Waits until somebody finds something in the journal.
    pub async fn wait<T>(&self, mut find: impl FnMut(&[Entry]) -> Option<T>) -> T {
        let found = self.core.until(PATIENCE, |world| find(world.journal.all())).await;
        found.expect("what the test waits for happens")
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.driver.abort();
        // the future only waits for the end; the order to stop is given by making it
        drop(self.server.stop(false));
    }
}
