//! All roles in one process: start in order, stop in reverse.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::web;
use anyhow::Result;
use api::{Api, Limits};
use bus::Bus;
use chat::{Ctx, Site};
use kernel::Clock;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use realtime::{Hub, HubConfig};
use store::{Handler, Runner};
use tokio::task::JoinHandle;

use crate::doors::Door;
use crate::{Config, parts};

/// How often small chores are done: writing counts down, forgetting limits.
const CHORES: Duration = Duration::from_secs(5);

/// A server that runs.
pub struct Running {
    /// Public listener's address.
    pub public: SocketAddr,
    /// Operators' listener's address.
    pub operator: SocketAddr,
    /// The product.
    pub ctx: Ctx,
    hub: Hub,
    handles: Vec<ServerHandle>,
    tasks: Vec<JoinHandle<()>>,
}

/// Starts store → bus → worker → realtime → HTTP. Listens before it opens anything, so that a taken port is said at once.
pub async fn start(config: Config, clock: Clock) -> Result<Running> {
    api::openapi::assert_policies().map_err(parts::plain)?;
    // a second start in one process finds it installed
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let metrics = recorder();
    let (public, operator) = (Door::open(&config.public)?, Door::open(&config.operator)?);
    let addresses = (public.bound, operator.bound);
    let site = Site { public: public.origin.clone(), operator: operator.origin.clone() };
    let ctx = parts::context(&config, site, clock).await?;
    let bus = Bus::new();
    let hub = Hub::start(ctx.clone(), bus.clone(), hub_config(&config));
    let mut tasks = vec![tokio::spawn(bus.follow(ctx.db.tail()))];
    if config.worker.enabled {
        tasks.push(work(&config, &ctx).await?);
    }
    let (limits, proxies) = (Limits::new(config.limits.factor), config.http.proxies.clone());
    let whatsapp = whatsapp::inbound::Door::open(&ctx);
    let state = web::Data::new(Api { ctx: ctx.clone(), hub: hub.clone(), limits, whatsapp, proxies });
    tasks.push(tokio::spawn(chores(state.clone())));
    let servers = [public.serve_public(state.clone(), workers(&config)?)?, operator.serve_operators(state, metrics)?];
    let handles = servers.iter().map(Server::handle).collect();
    tasks.extend(servers.map(|server| tokio::spawn(attend(server))));
    Ok(Running { public: addresses.0, operator: addresses.1, ctx, hub, handles, tasks })
}

impl Running {
    /// Runs every job that is due now, for processes whose worker is off; returns how many ran.
    pub async fn run_due(&self) -> kernel::Result<usize> {
        Runner::new(self.ctx.db.clone(), self.ctx.clone(), jobs()).run_due().await
    }

    /// Live connections.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Stops: sockets are sent elsewhere, requests finish, counts are written down.
    pub async fn stop(self) {
        self.hub.drain().await;
        for handle in &self.handles {
            handle.stop(true).await;
        }
        if let Err(error) = self.ctx.tally.flush(&self.ctx).await {
            tracing::warn!(%error, "counts of page loads were not written down");
        }
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn hub_config(config: &Config) -> HubConfig {
    HubConfig { drain: Duration::from_secs(config.http.drain_seconds), ..HubConfig::default() }
}

fn workers(config: &Config) -> Result<usize> {
    match config.http.workers {
        0 => Ok(std::thread::available_parallelism()?.get()),
        workers => Ok(workers),
    }
}

async fn work(config: &Config, ctx: &Ctx) -> Result<JoinHandle<()>> {
    chat::schedule(ctx, config.store.events_days).await.map_err(parts::plain)?;
    whatsapp::schedule(ctx).await.map_err(parts::plain)?;
    Ok(tokio::spawn(Runner::new(ctx.db.clone(), ctx.clone(), jobs()).run()))
}

/// Every kind of job there is, with its handler.
pub(crate) fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    [chat::jobs(), whatsapp::jobs()].concat()
}

async fn attend(server: Server) {
    if let Err(error) = server.await {
        tracing::error!(%error, "a listener failed");
    }
}

async fn chores(state: web::Data<Api>) {
    let mut tick = tokio::time::interval(CHORES);
    loop {
        tick.tick().await;
        if let Err(error) = state.ctx.tally.flush(&state.ctx).await {
            tracing::warn!(%error, "counts of page loads wait to be written down");
        }
        state.limits.forget();
        // without it, histograms nobody asks for would grow
        recorder().run_upkeep();
    }
}

/// One recorder per process, however many servers tests start in it.
fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // only a second recorder could refuse, and there is none
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}
