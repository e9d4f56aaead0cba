//! A process with its roles: started in order, stopped in reverse.

use std::net::SocketAddr;

use actix_web::web;
use anyhow::Result;
use api::Health;
use chat::Ctx;
use kernel::Clock;
use realtime::Hub;
use store::Runner;

use crate::crew::{Crew, FirstToEnd};
use crate::doors::{Doors, Listening};
use crate::roles::{self, Roles, worker::Worker};
use crate::stop::Patience;
use crate::{Config, bus_wiring, observe, parts};

/// A server that runs.
pub struct Running {
    /// Public listener's address, if a role of this process has one.
    pub public: Option<SocketAddr>,
    /// Operators' listener's address.
    pub operator: SocketAddr,
    /// What it does.
    pub roles: Roles,
    /// The product.
    pub ctx: Ctx,
    pub(crate) health: web::Data<Health>,
    pub(crate) hub: Hub,
    pub(crate) worker: Option<Worker>,
    pub(crate) listening: Listening,
    pub(crate) crew: Crew,
    pub(crate) patience: Patience,
}

/// Starts store → bus → worker → realtime → HTTP. Listens before it opens anything, so that a taken port is said at once.
pub async fn start(config: Config, clock: Clock) -> Result<Running> {
    config.check()?;
    api::openapi::assert_policies().map_err(parts::plain)?;
    // a second start in one process finds it installed
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let (mut crew, roles) = (Crew::new(), config.roles());
    observe::measure(&mut crew);
    let doors = Doors::open(&config, roles)?;
    let (public, operator) = doors.bound();
    let ctx = parts::context(&config, doors.site(&config)?, clock).await?;
    let bus = bus_wiring::open(&config, roles, &ctx, &mut crew).await?;
    observe::watch(&config, &ctx, roles, &mut crew);
    let worker = match roles.worker && config.worker.enabled {
        true => Some(roles::worker::start(&config, &ctx, &mut crew).await?),
        false => None,
    };
    let hub = roles::realtime::start(&config, &ctx, bus.clone());
    let state = roles::api::state(&config, &ctx, &hub);
    roles::api::start(&state, &bus, &mut crew);
    let health = web::Data::new(Health::new(ctx.clone()));
    let listening = doors.serve(&config, roles, &state, &health, &mut crew)?;
    let patience = Patience::of(&config.http);
    Ok(Running { public, operator, roles, ctx, health, hub, worker, listening, crew, patience })
}

impl Running {
    /// Runs every job that is due now, for processes whose worker is off; returns how many ran.
    pub async fn run_due(&self) -> kernel::Result<usize> {
        chat::inbox::catch_up(&self.ctx).await?;
        Runner::new(self.ctx.db.clone(), self.ctx.clone(), roles::worker::jobs()).run_due().await
    }

    /// Live connections.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Says which part is the first to fail; the others can do nothing without it.
    pub fn first_to_fail(&self) -> FirstToEnd {
        self.crew.first_to_end()
    }
}
