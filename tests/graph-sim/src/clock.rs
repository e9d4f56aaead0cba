//! The virtual clock: milliseconds since 1970 that run at a rate of real time, or stand still at rate 0.

use std::time::{Duration, Instant};

/// Where time stands and how fast it runs.
pub struct Clock {
    base: i64,
    rate: f64,
    since: Instant,
}

impl Clock {
    /// A clock at this time.
    pub fn at(now: i64, rate: f64) -> Self {
        Self { base: now, rate, since: Instant::now() }
    }

    /// Now, in milliseconds.
    pub fn now(&self) -> i64 {
        self.base + (self.since.elapsed().as_secs_f64() * self.rate * 1000.0) as i64
    }

    /// How fast it runs; 0 stands still.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// Puts the hands here.
    pub fn set(&mut self, now: i64) {
        *self = Self::at(now, self.rate);
    }

    /// Runs at this rate from now on.
    pub fn run(&mut self, rate: f64) {
        *self = Self::at(self.now(), rate.max(0.0));
    }

    /// Real time until the hands stand at `due`; `None` when they never will by themselves.
    pub fn until(&self, due: i64) -> Option<Duration> {
        let left = (due - self.now()).max(0) as f64;
        if left == 0.0 {
            return Some(Duration::ZERO);
        }
        (self.rate > 0.0).then(|| Duration::from_secs_f64(left / self.rate / 1000.0))
    }
}
