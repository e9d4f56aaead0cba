//! How fast one client may talk.

use std::time::Instant;

/// Frames a second, in the long run.
const PER_SECOND: f64 = 50.0;
/// Frames at once.
const BURST: f64 = 100.0;

/// A bucket of frames.
pub struct Pace {
    left: f64,
    at: Instant,
}

impl Pace {
    /// A full bucket.
    pub fn new(now: Instant) -> Self {
        Self { left: BURST, at: now }
    }

    /// Takes one; `false` when the client talks too fast.
    pub fn allows(&mut self, now: Instant) -> bool {
        self.left = (self.left + now.duration_since(self.at).as_secs_f64() * PER_SECOND).min(BURST);
        self.at = now;
        let allowed = self.left >= 1.0;
        if allowed {
            self.left -= 1.0;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn ws_09_a_hundred_at_once_and_fifty_a_second_after_that() {
        let start = Instant::now();
        let mut pace = Pace::new(start);
        assert_eq!((0..200).filter(|_| pace.allows(start)).count(), 100);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..200).filter(|_| pace.allows(later)).count(), 50);
        let much_later = start + Duration::from_secs(3_600);
        assert_eq!((0..200).filter(|_| pace.allows(much_later)).count(), 100);
    }
}
