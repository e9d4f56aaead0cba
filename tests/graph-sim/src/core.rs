//! What all requests, the driver and the client face hold in common: the world behind a lock, and two bells.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use reqwest::redirect::Policy;
use tokio::sync::{Notify, watch};

use crate::world::{Setup, World};

/// The running simulator.
pub struct Core {
    world: Mutex<World>,
    /// Rung after every change; the driver looks whether something is due.
    pub(crate) wake: Notify,
    changed: watch::Sender<u64>,
    /// Held by whoever moves time by hand, so that two hands never pull.
    pub(crate) stepping: tokio::sync::Mutex<()>,
    pub(crate) client: reqwest::Client,
    base: OnceLock<String>,
}

impl Core {
    /// A simulator that is not yet reachable.
    pub fn new(setup: &Setup) -> Arc<Self> {
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(64);
        let client = client.connect_timeout(Duration::from_secs(10)).build().expect("a client without options to fail");
        Arc::new(Self {
            world: Mutex::new(World::new(setup)),
            wake: Notify::new(),
            changed: watch::Sender::new(0),
            stepping: tokio::sync::Mutex::new(()),
            client,
            base: OnceLock::new(),
        })
    }

    /// Looks at or changes the world; everybody who waits looks again afterwards.
    pub fn with<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let result = self.peek(change);
        self.wake.notify_one();
        self.changed.send_modify(|count| *count += 1);
        result
    }

    /// The same without waking anybody: for looking.
    pub fn peek<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until `look` finds what it looks for, at most `patience` of real time.
    pub async fn until<T>(&self, patience: Duration, mut look: impl FnMut(&mut World) -> Option<T>) -> Option<T> {
        let mut changes = self.changed.subscribe();
        let search = async {
            loop {
                changes.borrow_and_update();
                if let Some(found) = self.peek(&mut look) {
                    return found;
                }
                let _ = changes.changed().await;
            }
        };
        tokio::time::timeout(patience, search).await.ok()
    }

    /// `http://127.0.0.1:port`
    pub fn base(&self) -> &str {
        self.base.get().map_or("", String::as_str)
    }

    /// Says once where it is reachable.
    pub(crate) fn stands_at(&self, base: String) {
        self.with(|world| world.base = base.clone());
        let _ = self.base.set(base);
    }
}
