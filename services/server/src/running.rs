//! All roles in one process: start in order, stop in reverse.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Result;
use api::{Api, Headers, Hosts, Limits, Traced};
use bus::Bus;
use chat::{Ctx, Site};
use kernel::Clock;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use realtime::{Hub, HubConfig};
use store::Runner;
use tokio::task::JoinHandle;
use utoipa_actix_web::AppExt;

use crate::{Config, listen, parts};

/// How often small chores are done: writing counts down, forgetting limits.
const CHORES: Duration = Duration::from_secs(5);

/// How long a peer that was told to go may keep its connection.
const LINGER: Duration = Duration::from_secs(5);

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
    let (public_socket, public) = listen::bind(&config.public.listen)?;
    let (operator_socket, operator) = listen::bind(&config.operator.listen)?;
    let site = Site { public: config.public.origin(public)?, operator: config.operator.origin(operator)? };
    let secure = (site.public.is_secure(), site.operator.is_secure());
    let hosts = (Hosts::of(&site.public, public), Hosts::of(&site.operator, operator));
    let ctx = parts::context(&config, site, clock).await?;
    let bus = Bus::new();
    let hub_config = HubConfig { drain: Duration::from_secs(config.http.drain_seconds), ..HubConfig::default() };
    let hub = Hub::start(ctx.clone(), bus.clone(), hub_config);
    let mut tasks = vec![tokio::spawn(bus.follow(ctx.db.tail()))];
    let state = web::Data::new(Api {
        ctx: ctx.clone(),
        hub: hub.clone(),
        limits: Limits::new(config.limits.factor),
        proxies: config.http.proxies.clone(),
    });
    tasks.push(tokio::spawn(chores(state.clone())));
    if config.worker.enabled {
        chat::schedule(&ctx, config.store.events_days).await.map_err(parts::plain)?;
        tasks.push(tokio::spawn(Runner::new(ctx.db.clone(), ctx.clone(), chat::jobs()).run()));
    }
    let workers =
        if config.http.workers == 0 { std::thread::available_parallelism()?.get() } else { config.http.workers };
    let serve_public = {
        let state = state.clone();
        HttpServer::new(move || {
            let (app, _) =
                App::new().into_utoipa_app().app_data(state.clone()).configure(api::public).split_for_parts();
            app.configure(api::public_assets)
                .default_service(web::to(nothing_here))
                .wrap(hosts.0.clone())
                .wrap(Headers { secure: secure.0 })
                .wrap(Traced)
        })
    };
    let serve_operator = HttpServer::new(move || {
        let (app, _) = App::new().into_utoipa_app().app_data(state.clone()).configure(api::operator).split_for_parts();
        let metrics = metrics.clone();
        app.route("/metrics", web::get().to(move || ready(metrics.render())))
            .configure(api::operator_assets)
            .default_service(web::to(nothing_here))
            .wrap(hosts.1.clone())
            .wrap(Headers { secure: secure.1 })
            .wrap(Traced)
    });
    // Nagle's algorithm would add tens of milliseconds to small frames
    let public_server = serve_public
        .workers(workers)
        .disable_signals()
        .shutdown_timeout(5)
        .client_disconnect_timeout(LINGER)
        .tcp_nodelay(true)
        .listen(public_socket)?
        .run();
    let operator_server = serve_operator
        .workers(1)
        .disable_signals()
        .shutdown_timeout(5)
        .client_disconnect_timeout(LINGER)
        .tcp_nodelay(true)
        .listen(operator_socket)?
        .run();
    let handles = vec![public_server.handle(), operator_server.handle()];
    for server in [public_server, operator_server] {
        tasks.push(tokio::spawn(async move {
            if let Err(error) = server.await {
                tracing::error!(%error, "a listener failed");
            }
        }));
    }
    Ok(Running { public, operator, ctx, hub, handles, tasks })
}

impl Running {
    /// Runs every job that is due now, for processes whose worker is off; returns how many ran.
    pub async fn run_due(&self) -> kernel::Result<usize> {
        Runner::new(self.ctx.db.clone(), self.ctx.clone(), chat::jobs()).run_due().await
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

async fn nothing_here() -> Result<HttpResponse, api::Problem> {
    Err(api::Problem(kernel::Error::new(kernel::Kind::NotFound, "no_such_route", "There is no such address here.")))
}

async fn ready(text: String) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text)
}

async fn chores(state: web::Data<Api>) {
    let mut tick = tokio::time::interval(CHORES);
    loop {
        tick.tick().await;
        if let Err(error) = state.ctx.tally.flush(&state.ctx).await {
            tracing::warn!(%error, "counts of page loads wait to be written down");
        }
        state.limits.forget();
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
