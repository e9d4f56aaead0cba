//! HTTP: what every handler may use, and the small chores of a process that answers requests.

use std::time::Duration;

use actix_web::web;
use api::{Api, Limits};
use chat::Ctx;
use realtime::Hub;

use crate::Config;
use crate::crew::Crew;

/// How often small chores are done: writing counts down, forgetting limits.
const CHORES: Duration = Duration::from_secs(5);

/// What handlers share.
pub fn state(config: &Config, ctx: &Ctx, hub: &Hub) -> web::Data<Api> {
    let (limits, proxies) = (Limits::new(config.limits.factor), config.http.proxies.clone());
    let whatsapp = whatsapp::inbound::Door::open(ctx);
    web::Data::new(Api { ctx: ctx.clone(), hub: hub.clone(), limits, whatsapp, proxies })
}

/// Begins the chores.
pub fn start(state: &web::Data<Api>, crew: &mut Crew) {
    crew.add("chores", chores(state.clone()));
}

async fn chores(state: web::Data<Api>) {
    let mut tick = tokio::time::interval(CHORES);
    loop {
        tick.tick().await;
        write_down(&state.ctx).await;
        state.limits.forget();
    }
}

/// Writes down what is counted in memory.
pub async fn write_down(ctx: &Ctx) {
    if let Err(error) = ctx.tally.flush(ctx).await {
        tracing::warn!(%error, "counts of page loads wait to be written down");
    }
}
