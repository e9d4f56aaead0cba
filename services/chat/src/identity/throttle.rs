//! Guesses are counted before they are judged, per log-in and per address, so that asking many times at once does not
//! help. In memory: a restart forgives, and each process counts for itself.

use std::net::IpAddr;
use std::time::Duration;

use dashmap::DashMap;
use kernel::{Error, Result, Timestamp};

use super::device;
use super::keys::digest;

const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Beyond this many, old windows are dropped first.
const MOST: usize = 200_000;

/// What guesses are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A log-in, whether it exists or not; only a digest is kept.
    Login(String),
    /// A network.
    Network(String),
}

impl Key {
    /// Counts by the address somebody wants to log in with.
    pub fn login(kind: &str, email: &str) -> Self {
        Self::Login(digest(&format!("{kind} {email}")))
    }
    /// Counts by where they come from.
    pub fn network(ip: IpAddr) -> Self {
        Self::Network(device::network_for_limits(ip))
    }
    const fn most(&self) -> u32 {
        match self {
            Self::Login(_) => 10,
            // offices and phone networks share addresses
            Self::Network(_) => 100,
        }
    }
}

struct Window {
    since: Timestamp,
    guesses: u32,
}

/// Guesses of the last quarter of an hour.
#[derive(Default)]
pub(crate) struct Throttle {
    windows: DashMap<Key, Window>,
}

impl Throttle {
    /// Counts a guess; too many are `too_many_attempts`, and those are not counted, so the door opens again on time.
    pub fn guess(&self, keys: &[Key], now: Timestamp) -> Result<()> {
        if self.windows.len() > MOST {
            self.windows.retain(|_, window| now.since(window.since) < WINDOW);
        }
        keys.iter().try_for_each(|key| self.count(key, now))
    }

    /// Takes a guess back that was right: forgets the log-in's, uncounts the network's.
    pub fn right(&self, keys: &[Key]) {
        for key in keys {
            match key {
                Key::Login(_) => drop(self.windows.remove(key)),
                Key::Network(_) => {
                    if let Some(mut window) = self.windows.get_mut(key) {
                        window.guesses = window.guesses.saturating_sub(1);
                    }
                }
            }
        }
    }

    fn count(&self, key: &Key, now: Timestamp) -> Result<()> {
        let mut window = self.windows.entry(key.clone()).or_insert(Window { since: now, guesses: 0 });
        if now.since(window.since) >= WINDOW {
            *window = Window { since: now, guesses: 0 };
        }
        if window.guesses >= key.most() {
            return Err(refusal(window.since.plus(WINDOW).since(now)));
        }
        window.guesses += 1;
        Ok(())
    }
}

fn refusal(wait: Duration) -> Error {
    let seconds = u32::try_from(wait.as_secs()).unwrap_or(900) + 1;
    let minutes = seconds.div_ceil(60);
    Error::limited("too_many_attempts", format!("Too many tries. Wait {minutes} min and try again."), seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T0: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    #[test]
    fn auth_04_the_eleventh_guess_waits_and_the_window_ends() {
        let throttle = Throttle::default();
        let keys = [Key::login("agent", "mia@example.com"), Key::network("192.0.2.1".parse().expect("an address"))];
        for _ in 0..10 {
            throttle.guess(&keys, T0).expect("ten are free");
        }
        let refused = throttle.guess(&keys, T0).expect_err("the eleventh is not");
        assert_eq!((refused.code(), refused.retry_after()), ("too_many_attempts", Some(901)));
        let others = [Key::login("agent", "ben@example.com")];
        throttle.guess(&others, T0).expect("other log-ins are free");
        throttle.guess(&keys, T0.plus(WINDOW)).expect("a quarter of an hour later it is open again");
    }

    #[test]
    fn auth_05_being_right_forgives() {
        let throttle = Throttle::default();
        let keys = [Key::login("agent", "mia@example.com")];
        for _ in 0..40 {
            throttle.guess(&keys, T0).expect("each is followed by a right one");
            throttle.right(&keys);
        }
    }
}
