//! What is looked up every few seconds, so that a scrape costs the database nothing.

use std::path::PathBuf;
use std::time::Duration;

use chat::Ctx;
use kernel::Timestamp;
use metrics::gauge;

use super::machine;
use crate::Config;
use crate::roles::Roles;

/// How often.
const LOOK: Duration = Duration::from_secs(15);
/// A node not heard of for so long is away.
const AWAY: Duration = Duration::from_secs(45);

/// What a process looks at.
pub struct Watch {
    pub ctx: Ctx,
    pub roles: Roles,
    pub places: Vec<(&'static str, PathBuf)>,
}

impl Watch {
    /// As configured.
    pub fn new(config: &Config, ctx: &Ctx, roles: Roles) -> Self {
        // in the background: nobody waits for it, and it must keep nobody waiting
        let ctx = Ctx { db: ctx.db.in_background(), ..ctx.clone() };
        Self { ctx, roles, places: places(config) }
    }

    /// Looks, again and again.
    pub async fn run(self) {
        let began = self.ctx.clock().now();
        gauge!("process_start_time_seconds").set(began.millis() as f64 / 1_000.0);
        let (version, roles) = (env!("CARGO_PKG_VERSION"), self.roles.to_string());
        gauge!("porchlight_build_info", "version" => version, "roles" => roles).set(1.0);
        let mut tick = tokio::time::interval(LOOK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            self.look().await;
        }
    }

    /// Looks once.
    pub async fn look(&self) {
        machine::measure();
        self.disks();
        self.pools();
        let mut troubles = Vec::new();
        troubles.extend(self.stream().await.err());
        if self.roles.worker {
            troubles.extend(self.jobs().await.err());
            troubles.extend(self.files().await.err());
            troubles.extend(self.whatsapp().await.err());
            troubles.extend(self.nodes().await.err());
        }
        // what could not be looked up keeps its last value; the errors are counted where they happen
        for error in troubles {
            tracing::debug!(%error, "a measure could not be looked up");
        }
    }

    fn disks(&self) {
        for (name, place) in &self.places {
            if let Some((free, size)) = machine::free(place) {
                gauge!("porchlight_disk_free_bytes", "place" => *name).set(free as f64);
                gauge!("porchlight_disk_size_bytes", "place" => *name).set(size as f64);
            }
        }
    }

    fn pools(&self) {
        for pool in self.ctx.db.pools() {
            gauge!("porchlight_store_connections", "pool" => pool.name, "state" => "in_use")
                .set(f64::from(pool.in_use));
            gauge!("porchlight_store_connections", "pool" => pool.name, "state" => "idle").set(f64::from(pool.idle));
            gauge!("porchlight_store_connections_max", "pool" => pool.name).set(f64::from(pool.most));
        }
    }

    async fn stream(&self) -> kernel::Result<()> {
        gauge!("porchlight_store_events_behind").set(self.ctx.db.events_behind().await? as f64);
        if let Some(lag) = self.ctx.db.replica_lag() {
            gauge!("porchlight_store_replica_lag_seconds").set(lag.map_or(-1.0, |lag| lag.as_secs_f64()));
        }
        Ok(())
    }

    async fn jobs(&self) -> kernel::Result<()> {
        let now = self.now();
        let found = self.ctx.db.jobs(now).await?;
        // a kind without jobs is told too: a gauge that is not set keeps what it said last
        for (kind, _) in crate::roles::worker::jobs() {
            let one = found.iter().find(|jobs| jobs.kind == kind);
            let number = |read: fn(&store::JobsOf) -> i64| one.map_or(0, read) as f64;
            gauge!("porchlight_jobs", "kind" => kind, "state" => "waiting").set(number(|jobs| jobs.waiting));
            gauge!("porchlight_jobs", "kind" => kind, "state" => "running").set(number(|jobs| jobs.running));
            gauge!("porchlight_jobs", "kind" => kind, "state" => "failed").set(number(|jobs| jobs.failed));
            gauge!("porchlight_jobs", "kind" => kind, "state" => "dead").set(number(|jobs| jobs.dead));
            let late = age(now, one.and_then(|jobs| jobs.due_since));
            gauge!("porchlight_jobs_oldest_due_seconds", "kind" => kind).set(late);
        }
        Ok(())
    }

    async fn files(&self) -> kernel::Result<()> {
        let (checking, since) = chat::files::checking(&self.ctx).await?;
        gauge!("porchlight_files_checking").set(checking as f64);
        gauge!("porchlight_files_checking_oldest_seconds").set(age(self.now(), since));
        Ok(())
    }

    async fn whatsapp(&self) -> kernel::Result<()> {
        let now = self.now();
        let queues = whatsapp::queues(&self.ctx, now).await?;
        for (state, number) in queues.outgoing {
            gauge!("porchlight_whatsapp_outgoing", "state" => state).set(number as f64);
        }
        gauge!("porchlight_whatsapp_outgoing_oldest_seconds").set(age(now, queues.outgoing_due_since));
        gauge!("porchlight_whatsapp_inbound_waiting").set(queues.inbound as f64);
        gauge!("porchlight_whatsapp_inbound_oldest_seconds").set(age(now, queues.inbound_since));
        gauge!("porchlight_whatsapp_halted_numbers").set(queues.halted as f64);
        Ok(())
    }

    async fn nodes(&self) -> kernel::Result<()> {
        let (now, nodes) = (self.now(), self.ctx.db.nodes().await?);
        for roles in ["api", "realtime", "worker"] {
            let there = nodes.iter().filter(|node| now.since(node.seen_at) < AWAY && node.roles.contains(roles));
            gauge!("porchlight_nodes", "roles" => roles).set(there.count() as f64);
        }
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.ctx.clock().now()
    }
}

fn age(now: Timestamp, since: Option<Timestamp>) -> f64 {
    since.map_or(0.0, |since| now.since(since).as_secs_f64())
}

/// Folders this process writes to.
pub fn places(config: &Config) -> Vec<(&'static str, PathBuf)> {
    let store = config.store.url.strip_prefix("sqlite://").map(|path| path.split('?').next().unwrap_or(path));
    let files = config.blobs.url.reveal().strip_prefix("folder://").map(str::to_owned);
    let folder = |path: &str| match PathBuf::from(path).parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let store = store.map(|path| ("store", folder(path)));
    let files = files.map(|path| ("files", PathBuf::from(path)));
    store.into_iter().chain(files).collect()
}
