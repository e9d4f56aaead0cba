//! HTTP: what every handler may use, and the small chores of a process that answers requests.

use std::time::Duration;

use actix_web::web;
use api::{Api, Limits};
use bus::{Bus, Heard, Listener};
use chat::Ctx;
use realtime::Hub;

use crate::Config;
use crate::crew::Crew;

/// How often small chores are done: writing counts down, forgetting limits.
const CHORES: Duration = Duration::from_secs(5);
/// How often other processes are told what was taken from limits here.
const TELLING: Duration = Duration::from_millis(200);
/// What such notes are called.
const TOPIC: &str = "limits";

/// What handlers share.
pub fn state(config: &Config, ctx: &Ctx, hub: &Hub) -> web::Data<Api> {
    let (limits, proxies) = (limits(config), config.http.proxies.clone());
    let whatsapp = whatsapp::inbound::Door::open(ctx);
    web::Data::new(Api { ctx: ctx.clone(), hub: hub.clone(), limits, whatsapp, proxies })
}

fn limits(config: &Config) -> Limits {
    Limits::new(config.limits.factor, config.limits.reads_at_once, config.auth.secret.reveal().as_bytes())
}

/// Begins the chores.
pub fn start(state: &web::Data<Api>, bus: &Bus, crew: &mut Crew) {
    crew.add("chores", chores(state.clone()));
    if bus.is_shared() {
        state.limits.share();
        crew.add("limits to others", tell(state.clone(), bus.clone()));
        crew.add("limits from others", hear(state.clone(), bus.listen()));
    }
}

async fn tell(state: web::Data<Api>, bus: Bus) {
    let mut tick = tokio::time::interval(TELLING);
    loop {
        tick.tick().await;
        state.limits.told().into_iter().for_each(|note| bus.note(TOPIC, note));
    }
}

async fn hear(state: web::Data<Api>, mut bus: Listener) {
    loop {
        match bus.hear().await {
            Heard::Note(note) if note.topic == TOPIC => state.limits.heard(&note.bytes),
            Heard::Over => return,
            _ => {}
        }
    }
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
