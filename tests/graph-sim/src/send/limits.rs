//! Steps 4, 7 and 8: call budget, messages a second, and the pair of business and user.

use std::collections::BTreeMap;

use super::Draft;
use crate::data::GraphError;
use crate::world::{HOUR, SECOND, World};

/// One message in six seconds for a pair, 45 of them borrowed from the future.
const PAIR_PAUSE: i64 = 6 * SECOND;
const PAIR_BURST: i64 = 45;

/// The buckets, as theoretical arrival times (GCRA) in microseconds or milliseconds.
#[derive(Default)]
pub struct Limits {
    pairs: BTreeMap<(String, String), i64>,
    seconds: BTreeMap<String, i64>,
    calls: BTreeMap<(String, String), Vec<i64>>,
    reached: BTreeMap<String, BTreeMap<String, i64>>,
}

impl Limits {
    /// Counts a call of an app for an account; gives the share of the hour's budget in per cent.
    pub fn call(&mut self, app: &str, waba: &str, now: i64, budget: u32) -> usize {
        let calls = self.calls.entry((app.to_owned(), waba.to_owned())).or_default();
        calls.push(now);
        self.used(app, waba, now, budget)
    }

    /// The share of the hour's budget that is used, in per cent.
    pub fn used(&mut self, app: &str, waba: &str, now: i64, budget: u32) -> usize {
        let calls = self.calls.entry((app.to_owned(), waba.to_owned())).or_default();
        calls.retain(|at| now - at < HOUR);
        (calls.len() * 100).div_ceil(budget.max(1) as usize)
    }

    /// Counts a message through a number, inbound ones too.
    pub fn tick(&mut self, number: &str, now: i64, mps: u32) -> bool {
        let tat = self.seconds.entry(number.to_owned()).or_default();
        let (now, pause) = (now * 1000, 1_000_000 / i64::from(mps.max(1)));
        gcra(tat, now, pause, i64::from(mps))
    }

    /// Counts somebody written to outside a window; false when that is one too many for the portfolio.
    pub(super) fn reach(&mut self, portfolio: &str, user: &str, now: i64, most: usize) -> bool {
        let people = self.reached.entry(portfolio.to_owned()).or_default();
        people.retain(|_, at| now - *at < 24 * HOUR);
        let fits = people.contains_key(user) || people.len() < most;
        if fits {
            people.insert(user.to_owned(), now);
        }
        fits
    }
}

fn gcra(tat: &mut i64, now: i64, pause: i64, burst: i64) -> bool {
    let next = (*tat).max(now);
    let fits = next - now <= pause * (burst - 1);
    if fits {
        *tat = next + pause;
    }
    fits
}

/// Step 7.
pub(super) fn throughput(world: &mut World, draft: &Draft) -> Result<(), GraphError> {
    let mps = world.numbers.get(&draft.number).map_or(80, crate::world::Number::mps);
    let now = world.now();
    let fits = world.limits.tick(&draft.number, now, mps);
    fits.then_some(()).ok_or_else(|| GraphError::new(130_429, "Cloud API message throughput has been reached."))
}

/// Step 8.
pub(super) fn pair(world: &mut World, draft: &Draft) -> Result<(), GraphError> {
    let (now, Some(user)) = (world.now(), draft.user()) else { return Ok(()) };
    if !world.switches.pair_limit {
        return Ok(());
    }
    let tat = world.limits.pairs.entry((draft.number.clone(), user.to_owned())).or_default();
    gcra(tat, now, PAIR_PAUSE, PAIR_BURST).then_some(()).ok_or_else(|| {
        GraphError::new(131_056, "Too many messages sent from this number to the same recipient in a short time.")
    })
}
