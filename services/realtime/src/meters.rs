//! What the hub counts.

use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram};

/// Handles are looked up once: a frame is sent too often for more.
pub(crate) struct Meters {
    pub agents: Gauge,
    pub visitors: Gauge,
    pub frames: Counter,
    pub slow: Counter,
    pub dead: Counter,
    pub behind: Counter,
    /// From the commit of an event to its place in the queues of those who hear it.
    pub lag: Histogram,
}

impl Meters {
    pub fn new() -> Self {
        Self {
            agents: gauge!("porchlight_live_connections", "side" => "agent"),
            visitors: gauge!("porchlight_live_connections", "side" => "visitor"),
            frames: counter!("porchlight_live_frames_sent_total"),
            slow: counter!("porchlight_live_slow_readers_closed_total"),
            dead: counter!("porchlight_live_dead_peers_closed_total"),
            behind: counter!("porchlight_live_hub_behind_total"),
            lag: histogram!("porchlight_live_delivery_seconds"),
        }
    }
}
