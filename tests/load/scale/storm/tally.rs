//! What is counted while a storm lasts.

use crate::scale::storm::crowd::TICK_MS;

/// Stops of processes that are still to come, each at its step.
#[derive(Default)]
pub struct Stops(Vec<(u32, usize)>);

impl Stops {
    pub fn push(&mut self, stop: (u32, usize)) {
        self.0.push(stop);
    }

    pub fn last(&self) -> Option<&(u32, usize)> {
        self.0.last()
    }

    pub fn pop_if_due(&mut self, now: u32) -> Option<(u32, usize)> {
        let is_due = self.0.first().is_some_and(|(at, _)| *at < now);
        is_due.then(|| self.0.remove(0))
    }
}

impl FromIterator<(u32, usize)> for Stops {
    fn from_iter<T: IntoIterator<Item = (u32, usize)>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}

/// Everything counted.
#[derive(Default)]
pub struct Tally {
    pub stops: Stops,
    /// Of this second; then the most of any.
    pub dials: u64,
    pub sign_ins: u64,
    pub most_dials: u64,
    pub most_sign_ins: u64,
    pub most_at_one: u32,
    pub most_pollers: usize,
    pub refused: u64,
    /// Sent away because the database had no time.
    pub late: u64,
    /// Steps from the end of a socket until its browser hears again, by poll or by socket.
    deaf: Vec<u32>,
    /// The same until it has a socket.
    away: Vec<u32>,
    last: u32,
    pub never: usize,
}

impl Tally {
    pub fn pollers(&mut self, pollers: usize) {
        self.most_pollers = self.most_pollers.max(pollers);
    }

    /// A second is over, in which the busiest process was dialled so often.
    pub fn second(&mut self, busiest: u32) {
        self.most_dials = self.most_dials.max(std::mem::take(&mut self.dials));
        self.most_sign_ins = self.most_sign_ins.max(std::mem::take(&mut self.sign_ins));
        self.most_at_one = self.most_at_one.max(busiest);
    }

    pub fn heard(&mut self, now: u32, lost_at: u32) {
        self.deaf.push(now.saturating_sub(lost_at));
    }

    pub fn back(&mut self, now: u32, lost_at: u32) {
        self.away.push(now.saturating_sub(lost_at));
        self.last = now;
    }

    pub fn finish(&mut self, never: usize) {
        self.second(0);
        self.never = never;
        self.deaf.sort_unstable();
        self.away.sort_unstable();
    }

    /// Seconds of silence that this part of all had at most.
    pub fn deaf(&self, part: f64) -> f64 {
        at(&self.deaf, part)
    }

    /// Seconds without a socket.
    pub fn away(&self, part: f64) -> f64 {
        at(&self.away, part)
    }

    /// Seconds from the blow until the last has a socket.
    pub fn last(&self) -> f64 {
        seconds(self.last)
    }
}

fn at(sorted: &[u32], part: f64) -> f64 {
    let place = ((sorted.len() as f64 * part) as usize).min(sorted.len().saturating_sub(1));
    seconds(sorted.get(place).copied().unwrap_or(0))
}

fn seconds(steps: u32) -> f64 {
    f64::from(steps) * f64::from(TICK_MS) / 1000.0
}
