//! How patient the hub is.

use std::time::Duration;

/// How patient the hub is; the defaults are what the contract promises.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Time between two pings of one connection.
    pub ping: Duration,
    /// Silence after which a peer is dead.
    pub silence: Duration,
    /// How often connections are looked at.
    pub tick: Duration,
    /// How long somebody may be away before others are told: reloading a page is not leaving.
    pub grace: Duration,
    /// Time between two signs of life to other processes; three missed, and this one's people count as gone.
    pub beat: Duration,
    /// Longest pause a client is told to make before it reconnects when this process stops.
    pub drain: Duration,
    /// Events read at a time when somebody catches up.
    pub page: u64,
    /// Events an agent may have missed before loading everything again is cheaper.
    pub most_missed: usize,
    /// Events of the whole tenant looked through for one visitor.
    pub most_scanned: usize,
    /// Frames that may wait for a slow reader.
    pub queue_frames: usize,
    /// Bytes that may wait for a slow reader.
    pub queue_bytes: usize,
    /// Sockets of one address that have not said who they are.
    pub knocks_per_address: u32,
    /// Sockets of this process that have not said who they are.
    pub knocks: u32,
    /// New sockets of this process in a second; those beyond are told to come back later, before anything is read.
    pub arrivals: u32,
    /// New sockets that may come at once before that counts.
    pub arrivals_burst: u32,
    /// Connections of one tenant to this process.
    pub per_tenant: usize,
    /// Connections of one person, agent or visitor, to this process.
    pub per_person: usize,
}

impl Default for HubConfig {
    fn default() -> Self {
        Self {
            ping: Duration::from_secs(25),
            silence: Duration::from_secs(36),
            tick: Duration::from_secs(1),
            grace: Duration::from_secs(3),
            beat: Duration::from_secs(2),
            drain: Duration::from_secs(15),
            page: 500,
            most_missed: 50_000,
            most_scanned: 5_000,
            queue_frames: 256,
            queue_bytes: 256 * 1024,
            knocks_per_address: 10,
            knocks: 1_000,
            arrivals: 300,
            arrivals_burst: 3_000,
            per_tenant: 20_000,
            per_person: 32,
        }
    }
}
