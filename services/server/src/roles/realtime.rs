//! Sockets and long polls. A process without this role has a hub too, with nobody in it: it hears who is there from the
//! others, and what was revoked.

use std::time::Duration;

use bus::Bus;
use chat::Ctx;
use realtime::{Hub, HubConfig};

use crate::Config;
use crate::config::Limits;

/// Begins to hand on what the bus carries.
pub fn start(config: &Config, ctx: &Ctx, bus: Bus) -> Hub {
    let drain = Duration::from_secs(config.http.drain_seconds);
    let (ping, silence) = (config.live.ping_ms, config.live.silence_ms);
    let (ping, silence) = (Duration::from_millis(ping), Duration::from_millis(silence));
    let patience = HubConfig { drain, ping, silence, ..HubConfig::default() };
    Hub::start(ctx.clone(), bus, crowds(&config.limits, patience))
}

/// How many may come and stay.
fn crowds(limits: &Limits, rest: HubConfig) -> HubConfig {
    let (factor, times) = (limits.factor.max(1), limits.factor.max(1) as usize);
    HubConfig {
        arrivals: limits.sockets_per_second.saturating_mul(factor),
        arrivals_burst: limits.sockets_burst.saturating_mul(factor),
        per_tenant: limits.sockets_per_tenant.saturating_mul(times),
        per_person: limits.sockets_per_person.saturating_mul(times),
        ..rest
    }
}
