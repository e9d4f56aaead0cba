//! What becomes of the connection: said once, and whatever may have been missed is looked for.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use async_nats::{Event, ServerError};
use kernel::{Clock, Timestamp};
use rand::RngExt;
use tokio::sync::broadcast;

use crate::Nudge;
use crate::nats::meters;

/// How often refusals of the broker are said at most.
const OFTEN: Duration = Duration::from_secs(60);
/// Longest pause between two tries to connect.
const LONGEST: u64 = 4_000;

/// Follows the connection.
pub(crate) struct Events {
    nudges: broadcast::Sender<Nudge>,
    is_said: AtomicBool,
    refused: AtomicI64,
}

impl Events {
    pub fn new(nudges: broadcast::Sender<Nudge>) -> Self {
        meters::connected(false);
        Self { nudges, is_said: AtomicBool::new(false), refused: AtomicI64::new(0) }
    }

    pub fn take(&self, event: &Event) {
        match event {
            Event::Connected => self.is_there(),
            Event::Disconnected => self.is_away(&"the connection ended"),
            Event::ClientError(error) => self.is_away(error),
            Event::SlowConsumer(_) | Event::ServerError(ServerError::SlowConsumer(_)) => self.resync("too slow"),
            Event::ServerError(error) => self.is_refused(error),
            Event::LameDuckMode | Event::Draining | Event::Closed => tracing::debug!(%event, "NATS"),
        }
    }

    fn is_there(&self) {
        meters::connected(true);
        self.is_said.store(false, Ordering::Relaxed);
        tracing::info!("connected to NATS");
        self.resync("connected");
    }

    /// Said once for an absence, however often connecting is tried.
    fn is_away(&self, why: &dyn std::fmt::Display) {
        meters::connected(false);
        if self.is_said.swap(true, Ordering::Relaxed) {
            return tracing::debug!(%why, "NATS is still away");
        }
        tracing::warn!(%why, "NATS cannot be reached: nothing is lost, but other processes hear of things later");
    }

    fn is_refused(&self, error: &ServerError) {
        let (now, last) = (Clock::System.now(), Timestamp::from_millis(self.refused.load(Ordering::Relaxed)));
        if now.since(last) >= OFTEN {
            self.refused.store(now.millis(), Ordering::Relaxed);
            tracing::warn!(%error, "NATS refuses something: compare this process's log-in with deploy/nats/README.md");
        }
    }

    /// What was not heard is in the store.
    fn resync(&self, why: &'static str) {
        meters::resynced();
        tracing::debug!(why, "looking at everything: hints may have been missed");
        let _ = self.nudges.send(Nudge::Everything);
    }
}

/// When to try again: at random, so that a broker that comes back is not met by everybody at once.
#[expect(clippy::disallowed_methods, reason = "spreads arrivals; no secret")]
pub(crate) fn pause(attempts: usize) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or(0);
    let most = (50_u64 << doublings).min(LONGEST);
    Duration::from_millis(rand::rng().random_range(most / 2..=most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_get_rarer_but_never_stop() {
        for attempts in [0, 1, 2, 5, 9, 1_000, usize::MAX] {
            assert!((25..=LONGEST).contains(&u64::try_from(pause(attempts).as_millis()).unwrap_or(0)));
        }
        assert!(pause(100) > pause(1));
    }

    #[tokio::test]
    async fn whatever_may_have_been_missed_is_looked_for() {
        let (sender, mut nudges) = broadcast::channel(8);
        let events = Events::new(sender);
        let resyncs = [Event::Connected, Event::SlowConsumer(3), Event::ServerError(ServerError::SlowConsumer(3))];
        for event in resyncs {
            events.take(&event);
            assert_eq!(nudges.try_recv().ok(), Some(Nudge::Everything), "{event}");
        }
        events.take(&Event::Disconnected);
        assert!(nudges.try_recv().is_err());
    }
}
