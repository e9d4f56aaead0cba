//! How fast we may send: Meta's limits, kept by ourselves so that its refusals stay rare.
//!
//! Both are the generic cell rate algorithm: one number per limit, the moment at which it would be idle again.

use std::time::Duration;

use kernel::Timestamp;

/// When a limit would be idle again, in microseconds: at a thousand a second milliseconds are too coarse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(i64);

impl Mark {
    /// As it was kept.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// As it is kept.
    pub const fn micros(self) -> i64 {
        self.0
    }
}

/// A limit: one each `every` microseconds, and `burst` at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    every: i64,
    burst: i64,
}

impl Pace {
    /// Messages per second of one number: 80, 1,000 after an upgrade, 20 beside the phone app. A tenth of it may come
    /// at once, and what follows keeps to nine tenths, so that no second ever holds more.
    pub fn of_number(per_second: u32) -> Self {
        let rate = i64::from(per_second.max(2));
        Self { every: 10_000_000 / (rate * 9), burst: (rate / 10).max(1) }
    }

    /// To one person: one in six seconds; up to 45 at once are borrowed from the time to come.
    pub const fn of_pair() -> Self {
        Self { every: 6_000_000, burst: 45 }
    }

    /// Takes one: the new mark, or how long to wait. `mark` is what the last taking gave.
    pub fn take(self, mark: Option<Mark>, now: Timestamp) -> Result<Mark, Duration> {
        let now = now.millis().saturating_mul(1_000);
        let idle = mark.map_or(now, |Mark(idle)| idle.max(now));
        let most = now + self.every * (self.burst - 1);
        match idle > most {
            true => Err(Duration::from_micros((idle - most).unsigned_abs())),
            false => Ok(Mark(idle + self.every)),
        }
    }
}

/// How long to wait after the `n`th refusal because of too much to one person: 1, 4, 16 … seconds, at most an hour.
pub fn pair_wait(n: u32) -> Duration {
    Duration::from_secs(4_u64.saturating_pow(n).min(3_600))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn forty_five_at_once_and_then_one_in_six_seconds() {
        let (pace, mut mark) = (Pace::of_pair(), None);
        for _ in 0..45 {
            mark = Some(pace.take(mark, at(0)).expect("within the burst"));
        }
        assert_eq!(pace.take(mark, at(0)), Err(Duration::from_secs(6)));
        assert!(pace.take(mark, at(6_000)).is_ok());
        assert!(pace.take(mark, at(5_999)).is_err());
    }

    #[test]
    fn no_second_holds_more_than_the_numbers_rate() {
        for rate in [20, 80, 1_000] {
            let (pace, mut mark, mut sent) = (Pace::of_number(rate), None, vec![]);
            for millis in 0..3_000 {
                while let Ok(next) = pace.take(mark, at(millis)) {
                    mark = Some(next);
                    sent.push(millis);
                }
            }
            let in_second = |from: i64| sent.iter().filter(|at| (from..from + 1_000).contains(*at)).count();
            let most = (0..2_000).step_by(50).map(in_second).max().unwrap_or(0);
            assert!(most <= rate as usize + 1, "{most} in a second at {rate}");
            assert!(sent.len() >= rate as usize * 5 / 2, "{} in three seconds at {rate}", sent.len());
        }
    }

    #[test]
    fn waits_grow_fourfold() {
        assert_eq!([0, 1, 2, 9].map(|n| pair_wait(n).as_secs()), [1, 4, 16, 3_600]);
    }
}
