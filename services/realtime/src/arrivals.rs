//! How fast sockets may come: so many a second and process. A crowd that was sent away comes back at times of its own.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use kernel::{Error, Result};
use rand::RngExt;

use crate::HubConfig;

/// Longest pause somebody who is refused is asked to make, in seconds.
const LONGEST: u32 = 10;

/// A bucket of places.
pub(crate) struct Arrivals(Mutex<(f64, Instant)>);

impl Arrivals {
    pub fn new(config: &HubConfig) -> Self {
        Self(Mutex::new((f64::from(config.arrivals_burst), Instant::now())))
    }

    /// One more socket, or when to come again.
    #[expect(clippy::disallowed_methods, reason = "spreads a crowd; no secret")]
    pub fn admit(&self, config: &HubConfig, now: Instant) -> Result<()> {
        let mut bucket = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (places, since) = *bucket;
        let fresh = now.saturating_duration_since(since).as_secs_f64() * f64::from(config.arrivals);
        let places = (places + fresh).min(f64::from(config.arrivals_burst.max(1)));
        let is_room = places >= 1.0;
        *bucket = (if is_room { places - 1.0 } else { places }, now.max(since));
        match is_room {
            true => Ok(()),
            false => {
                Err(Error::unavailable("too_many_arrivals", "Too many connections at once. Come back in a moment.")
                    .retry_in(rand::rng().random_range(1..=LONGEST)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn rel_15_a_crowd_is_let_in_at_the_pace_that_is_set() {
        let config = HubConfig { arrivals: 300, arrivals_burst: 500, ..HubConfig::default() };
        let (arrivals, start) = (Arrivals::new(&config), Instant::now());
        let mut admitted = 0;
        for ms in 0..10_000 {
            let now = start + Duration::from_millis(ms);
            admitted += u32::from(arrivals.admit(&config, now).is_ok());
        }
        assert!((3_490..=3_510).contains(&admitted), "{admitted} in ten seconds");
        let refused = (0..600).find_map(|_| arrivals.admit(&config, start).err());
        let wait = refused.and_then(|error| error.retry_after());
        assert!(wait.is_some_and(|seconds| (1..=LONGEST).contains(&seconds)), "a clock that stands admits no more");
    }
}
