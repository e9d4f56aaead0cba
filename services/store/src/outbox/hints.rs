//! Word from other processes that a shard has come further, and word for them.
//!
//! A hint may be lost, late, twice or a lie: it is only ever a reason to look. However many come, looks are
//! [`SPACING`] apart, and hints that prove empty make the next look wait longer, up to what is waited without any hint.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::outbox::Shard;

/// Shortest time between two looks that hints ask for.
const SPACING: Duration = Duration::from_millis(10);
/// Longest, while hints lie.
const LONGEST: Duration = Duration::from_millis(250);

/// How far other processes say the shards have come.
pub(crate) struct Hints {
    heads: Vec<AtomicI64>,
    bell: Notify,
}

impl Hints {
    pub fn new(shards: usize) -> Self {
        Self { heads: (0..shards).map(|_| AtomicI64::new(0)).collect(), bell: Notify::new() }
    }

    /// Asks for a look at a shard.
    pub fn raise(&self, shard: u16, n: i64) {
        if let Some(head) = self.heads.get(usize::from(shard)) {
            head.fetch_max(n, Ordering::AcqRel);
            self.bell.notify_one();
        }
    }

    /// Asks for a look at every shard.
    pub fn raise_all(&self) {
        self.heads.iter().for_each(|head| head.store(i64::MAX, Ordering::Release));
        self.bell.notify_one();
    }

    /// How far a shard is said to have come since this was last asked.
    pub fn take(&self, shard: u16) -> i64 {
        self.heads.get(usize::from(shard)).map_or(0, |head| head.swap(0, Ordering::AcqRel))
    }

    /// Waits until hints may be looked after. Safe to cancel.
    pub async fn due(&self, pace: &Pace) {
        tokio::time::sleep_until(pace.not_before).await;
        self.bell.notified().await;
    }
}

/// How often hints are looked after.
pub(crate) struct Pace {
    not_before: Instant,
    pause: Duration,
}

impl Pace {
    pub fn new() -> Self {
        Self { not_before: Instant::now(), pause: SPACING }
    }

    /// A look that hints asked for is done; `found` when it was not in vain.
    pub fn looked(&mut self, found: bool) {
        self.pause = if found { SPACING } else { (self.pause * 2).min(LONGEST) };
        self.not_before = Instant::now() + self.pause;
    }
}

/// How far this process's own commits have brought the shards, for others to be told. What comes while the last is
/// being told is told at once.
pub struct Heads {
    now: watch::Receiver<Vec<i64>>,
    told: Vec<i64>,
}

impl Heads {
    pub(crate) fn new(now: watch::Receiver<Vec<i64>>) -> Self {
        let told = now.borrow().clone();
        Self { now, told }
    }

    /// Waits for commits; gives each shard that moved with its head, or nothing when the store is gone. Safe to cancel.
    pub async fn next(&mut self) -> Option<Vec<(u16, i64)>> {
        self.now.changed().await.ok()?;
        let now = self.now.borrow_and_update().clone();
        let shards = (0_u16..).zip(now.iter().zip(&self.told));
        let moved = shards.filter(|(_, (now, told))| now > told).map(|(shard, (now, _))| (shard, *now)).collect();
        self.told = now;
        Some(moved)
    }
}

/// Where commits are noted for [`Heads`].
pub(crate) fn heads(shards: &[Shard]) -> watch::Sender<Vec<i64>> {
    watch::Sender::new(shards.iter().map(|shard| shard.head).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn commits_are_told_once_and_together() {
        let sender = watch::Sender::new(vec![5, 5, 5]);
        let mut heads = Heads::new(sender.subscribe());
        sender.send_modify(|heads| heads[1] = 7);
        sender.send_modify(|heads| heads[2] = 6);
        sender.send_modify(|heads| heads[1] = 9);
        assert_eq!(heads.next().await, Some(vec![(1, 9), (2, 6)]));
        sender.send_modify(|heads| heads[0] = 6);
        assert_eq!(heads.next().await, Some(vec![(0, 6)]));
        drop(sender);
        assert_eq!(heads.next().await, None);
    }

    #[tokio::test]
    async fn lies_slow_looking_down_and_truth_speeds_it_up() {
        let mut pace = Pace::new();
        let gap = |pace: &Pace| pace.not_before - Instant::now();
        (0..20).for_each(|_| pace.looked(false));
        assert!(gap(&pace) <= LONGEST && gap(&pace) > LONGEST / 2);
        pace.looked(true);
        assert!(gap(&pace) <= SPACING);
    }

    #[tokio::test]
    async fn hints_of_a_shard_become_one_and_wild_ones_nothing() {
        let hints = Hints::new(2);
        hints.raise(9, 4);
        hints.raise(1, 4);
        hints.raise(1, i64::MAX);
        hints.raise(1, -3);
        hints.due(&Pace::new()).await;
        assert_eq!((hints.take(0), hints.take(1), hints.take(1), hints.take(9)), (0, i64::MAX, 0, 0));
    }
}
