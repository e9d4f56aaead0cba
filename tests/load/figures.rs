//! Numbers, and how they are printed.

use std::time::{Duration, Instant};

/// Times of many things of one kind, in microseconds.
#[derive(Default)]
pub struct Times(Vec<u32>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(u32::try_from(time.as_micros()).unwrap_or(u32::MAX));
    }

    pub fn take_in(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// `p50 1.20 ms, p99 4.00 ms, most 9.10 ms`
    pub fn shown(&mut self) -> String {
        self.0.sort_unstable();
        let at = |part: f64| {
            let last = self.0.len().saturating_sub(1);
            let place = ((self.0.len() as f64 * part) as usize).min(last);
            f64::from(self.0.get(place).copied().unwrap_or(0)) / 1000.0
        };
        format!("p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, most {:.2} ms", at(0.5), at(0.9), at(0.99), at(1.0))
    }
}

/// CPU and time at one moment, to take the difference of two.
#[derive(Clone, Copy)]
pub struct Meter {
    at: Instant,
    server: f64,
    database: f64,
    own: f64,
}

impl Meter {
    pub fn read(server: &[u32], database: Option<u32>) -> Self {
        Self {
            at: Instant::now(),
            server: server.iter().copied().map(crate::machine::cpu_of).sum(),
            database: database.map_or(0.0, crate::machine::cpu_of_family),
            own: crate::machine::own_cpu(),
        }
    }

    pub fn since(&self, start: &Self) -> Spent {
        Spent {
            seconds: self.at.duration_since(start.at).as_secs_f64(),
            server: self.server - start.server,
            database: self.database - start.database,
            own: self.own - start.own,
        }
    }
}

/// What was spent between two looks at the meter.
pub struct Spent {
    pub seconds: f64,
    pub server: f64,
    pub database: f64,
    pub own: f64,
}

impl Spent {
    /// Rate, CPU seconds for a thousand, and what the generator itself took.
    pub fn shown(&self, count: u64, what: &str) -> String {
        let thousand = (count.max(1) as f64) / 1000.0;
        format!(
            "{:.0} {what}/s, CPU s per 1,000: {:.4} (server {:.4} + database {:.4}), generator {:.2} of a core, all CPU {:.2} cores",
            count as f64 / self.seconds,
            (self.server + self.database) / thousand,
            self.server / thousand,
            self.database / thousand,
            self.own / self.seconds,
            (self.server + self.database + self.own) / self.seconds,
        )
    }
}
