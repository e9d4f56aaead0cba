//! Jobs, schedules and sweeps: whatever many workers there are, each job is leased to one.

use anyhow::Result;
use chat::Ctx;
use store::{Handler, Leave, Runner};
use tokio::time::Instant;

use crate::crew::Crew;
use crate::{Config, parts};

/// A worker at work.
pub struct Worker(Leave);

/// Every kind of job there is, with its handler.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    [chat::jobs(), whatsapp::jobs()].concat()
}

/// Puts the schedules in place, which a second worker finds there, and begins.
pub async fn start(config: &Config, ctx: &Ctx, crew: &mut Crew) -> Result<Worker> {
    chat::schedule(ctx, config.store.events_days).await.map_err(parts::plain)?;
    whatsapp::schedule(ctx).await.map_err(parts::plain)?;
    let (leave, leaving) = Leave::new();
    crew.add("worker", Runner::new(ctx.db.clone(), ctx.in_background(), jobs()).run(leaving));
    crew.add("search", chat::inbox::follow(ctx.clone()));
    Ok(Worker(leave))
}

impl Worker {
    /// Takes no more jobs from now on. Those that run have until `deadline`; what is not done then is given back, so
    /// that another worker takes it at once.
    pub fn leave(&self, deadline: Instant) {
        self.0.by(deadline);
    }

    /// Waits until nothing runs any more.
    pub async fn is_gone(&self) {
        self.0.is_done().await;
    }
}
