//! The product's own numbers, read where they stand: a simulation of yesterday's numbers proves nothing.

use anyhow::{Context, Result};

/// A file of the product and its text when this was compiled.
macro_rules! source {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../", $path)))
    };
}

const CONFIG: Source = source!("deploy/config.default.toml");
const CLOCK: Source = source!("widget-js/wire/clock.ts");
const LINE: Source = source!("widget-js/wire/live_connection.ts");
const HUB: Source = source!("services/realtime/src/config.rs");
const POOLS: Source = source!("services/store/src/connect.rs");
const OTHERS: Source = source!("services/realtime/src/nodes/others.rs");

type Source = (&'static str, &'static str);

/// What the simulation takes from the product.
#[derive(Clone, Debug)]
pub struct Constants {
    /// Longest pause a socket is told to make when its process leaves.
    pub drain_ms: u32,
    /// New sockets a second and process, and at once.
    pub admitted: f64,
    pub admitted_at_once: f64,
    /// Sockets of a process that have not signed in.
    pub knocks: u32,
    /// Browsers' pause: up to `base × 2^attempt`, no more than `cap`.
    pub back_off_ms: u32,
    pub back_off_cap_ms: u32,
    /// Sockets in vain before long polling begins.
    pub failures_before_poll: u32,
    /// Pause until a socket is tried beside polling.
    pub socket_again_ms: u32,
    /// Silence after which a browser gives a socket up, and the pause between two pings.
    pub silence_ms: u32,
    pub ping_ms: u32,
    /// How long a read waits for a connection of its pool.
    pub acquire_ms: u32,
    /// Connections of a process; a third each is kept for writes and for jobs.
    pub connections: u32,
    /// People of one other process that are believed.
    pub facts: u32,
    /// Events of a tenant looked through for one visitor who comes back.
    pub most_scanned: u32,
    /// Days for which events are kept.
    pub events_days: u32,
    /// Where each was found, for the reader.
    pub found: Vec<(&'static str, u32, &'static str)>,
}

impl Constants {
    pub fn read() -> Result<Self> {
        let mut found = Vec::new();
        let mut at = |(path, text): Source, before: &'static str| {
            let number = number_after(text, before).with_context(|| format!("{path} says no longer `{before}…`"))?;
            found.push((before.trim_matches(|c: char| !c.is_alphanumeric()), number, path));
            anyhow::Ok(number)
        };
        Ok(Self {
            drain_ms: at(CONFIG, "\ndrain_seconds = ")? * 1000,
            admitted: f64::from(at(CONFIG, "\nsockets_per_second = ")?),
            admitted_at_once: f64::from(at(CONFIG, "\nsockets_burst = ")?),
            knocks: at(HUB, " knocks: ")?,
            back_off_ms: at(CLOCK, "baseMs = ")?,
            back_off_cap_ms: at(CLOCK, "capMs = ")?,
            failures_before_poll: at(LINE, "failuresBeforePoll ?? ")?,
            socket_again_ms: at(LINE, "SOCKET_AGAIN_MS = ")?,
            silence_ms: at(LINE, "SILENCE_LIMIT_MS = ")?,
            ping_ms: at(CONFIG, "\nping_ms = ")?,
            acquire_ms: at(POOLS, "ACQUIRE: Duration = Duration::from_millis(")?,
            connections: at(CONFIG, "\nconnections = ")?,
            facts: at(OTHERS, "const MOST: usize = ")?,
            most_scanned: at(HUB, "most_scanned: ")?,
            events_days: at(CONFIG, "\nevents_days = ")?,
            found,
        })
    }

    /// Connections of a process for reads (`services/store/src/connect.rs`).
    pub fn readers(&self) -> u32 {
        self.connections.saturating_sub(2 * (self.connections / 3).max(2)).max(1)
    }
}

/// The number right after `before`; where that stands more than once, the first that is followed by a digit.
fn number_after(text: &str, before: &str) -> Option<u32> {
    text.match_indices(before).find_map(|(place, _)| {
        let rest = &text[place + before.len()..];
        let digits: String =
            rest.chars().take_while(|c| c.is_ascii_digit() || *c == '_').filter(|c| *c != '_').collect();
        digits.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_still_where_it_stood() {
        let constants = Constants::read().expect("each is found");
        assert_eq!(constants.found.len(), 15);
        assert!(constants.found.iter().all(|(_, number, _)| *number > 0), "{:?}", constants.found);
        assert!(constants.ping_ms < constants.silence_ms && constants.back_off_ms < constants.back_off_cap_ms);
        assert!((1..constants.connections).contains(&constants.readers()));
    }

    #[test]
    fn a_number_is_read_after_its_name_only() {
        assert_eq!(number_after("a: u32,\n a: 5_000,", " a: "), Some(5_000));
        assert_eq!(number_after("nothing", "a: "), None);
    }
}
