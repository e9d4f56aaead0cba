//! What the hub counts.

use metrics::{Counter, Gauge, counter, gauge};

/// Handles are looked up once: a frame is sent too often for more.
pub(crate) struct Meters {
    pub agents: Gauge,
    pub visitors: Gauge,
    pub frames: Counter,
    pub slow: Counter,
    pub dead: Counter,
    pub behind: Counter,
}

impl Meters {
    pub fn new() -> Self {
        Self {
            agents: gauge!("live_connections", "side" => "agent"),
            visitors: gauge!("live_connections", "side" => "visitor"),
            frames: counter!("live_frames_sent_total"),
            slow: counter!("live_slow_readers_closed_total"),
            dead: counter!("live_dead_peers_closed_total"),
            behind: counter!("live_hub_behind_total"),
        }
    }
}
