//! Sockets and long polls. A process without this role has a hub too, with nobody in it: it hears who is there from the
//! others, and what was revoked.

use std::time::Duration;

use bus::Bus;
use chat::Ctx;
use realtime::{Hub, HubConfig};

use crate::Config;

/// Begins to hand on what the bus carries.
pub fn start(config: &Config, ctx: &Ctx, bus: Bus) -> Hub {
    let drain = Duration::from_secs(config.http.drain_seconds);
    let (ping, silence) = (config.live.ping_ms, config.live.silence_ms);
    let (ping, silence) = (Duration::from_millis(ping), Duration::from_millis(silence));
    Hub::start(ctx.clone(), bus, HubConfig { drain, ping, silence, ..HubConfig::default() })
}
