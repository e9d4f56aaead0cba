//! Buckets that empty by asking and fill by time (GCRA): one number per key, the moment at which its bucket is full
//! again. Moments are of a clock that nobody can set.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use kernel::Error;

use super::key::{Hashed, Key, Keys};

/// Most keys a set of buckets remembers.
const MOST_KEYS: usize = 200_000;
/// What strangers may do together, as many times what one may, while there is no room to tell them apart.
const TOGETHER: u64 = 50;
/// Keys whose consumption waits to be told to other processes.
const MOST_UNTOLD: usize = 4_096;
/// How far others' consumption may overdraw a bucket, in times of the whole of it: a process that is mistaken cannot shut
/// somebody out for ever.
const DEEPEST: u64 = 8;

/// One set of buckets.
pub struct Limit<K> {
    /// What other processes call this set.
    pub(super) number: u8,
    /// Nanoseconds in which one is refilled.
    step: u64,
    /// How many a full bucket holds.
    burst: u64,
    keys: Arc<Keys>,
    buckets: DashMap<Hashed, Bucket>,
    count: AtomicUsize,
    strangers: AtomicU64,
    untold: Mutex<Vec<Hashed>>,
    kind: PhantomData<fn(K)>,
}

#[derive(Clone, Copy, Default)]
struct Bucket {
    /// Nanosecond at which it is full again.
    full_at: u64,
    /// Taken and not yet told.
    untold: u32,
}

impl<K: Key> Limit<K> {
    /// `refill` in `period`; `burst` at once.
    pub(super) fn new(number: u8, keys: &Arc<Keys>, period: Duration, refill: u32, burst: u32) -> Self {
        let period = u64::try_from(period.as_nanos()).unwrap_or(u64::MAX);
        Self {
            number,
            step: period / u64::from(refill.max(1)),
            burst: u64::from(burst.max(1)),
            keys: keys.clone(),
            buckets: DashMap::new(),
            count: AtomicUsize::new(0),
            strangers: AtomicU64::new(0),
            untold: Mutex::default(),
            kind: PhantomData,
        }
    }

    /// Takes one, or says when there is one again.
    pub fn take(&self, key: &K) -> Result<(), Error> {
        let taken = self.take_at(self.keys.hash(self.number, key), self.keys.now());
        taken.inspect_err(|_| crate::request::refused(self.number))
    }

    pub(super) fn take_at(&self, key: Hashed, now: u64) -> Result<(), Error> {
        match self.buckets.entry(key) {
            Entry::Occupied(mut bucket) => {
                let full_at = self.taken(bucket.get().full_at, now).map_err(refusal)?;
                let bucket = bucket.get_mut();
                bucket.full_at = full_at;
                self.note(bucket, key);
                Ok(())
            }
            Entry::Vacant(_) if self.count.load(Ordering::Relaxed) >= MOST_KEYS => self.take_together(now),
            Entry::Vacant(place) => {
                let mut bucket = Bucket { full_at: self.taken(0, now).map_err(refusal)?, untold: 0 };
                self.note(&mut bucket, key);
                place.insert(bucket);
                self.count.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    /// The bucket's new moment after one was taken; or how long to wait.
    fn taken(&self, full_at: u64, now: u64) -> Result<u64, Duration> {
        let next = full_at.max(now).saturating_add(self.step);
        let latest = now.saturating_add(self.step.saturating_mul(self.burst));
        match next.checked_sub(latest) {
            None | Some(0) => Ok(next),
            Some(wait) => Err(Duration::from_nanos(wait)),
        }
    }

    /// Nobody is turned away for good because others fill the memory: strangers share one big bucket.
    fn take_together(&self, now: u64) -> Result<(), Error> {
        let latest = now.saturating_add(self.step.saturating_mul(self.burst));
        let step = (self.step / TOGETHER).max(1);
        let update = |full_at: u64| Some(full_at.max(now) + step).filter(|next| *next <= latest);
        let taken = self.strangers.fetch_update(Ordering::AcqRel, Ordering::Acquire, update);
        taken.map(|_| ()).map_err(|_| refusal(Duration::from_secs(1)))
    }

    fn note(&self, bucket: &mut Bucket, key: Hashed) {
        if !self.keys.is_shared() {
            return;
        }
        if bucket.untold == 0 {
            let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
            if untold.len() >= MOST_UNTOLD {
                return;
            }
            untold.push(key);
        }
        bucket.untold += 1;
    }
}

/// A set of buckets, whatever its keys.
pub(super) trait Buckets {
    fn number(&self) -> u8;
    /// Forgets buckets that are full again, and gives their memory back.
    fn forget_at(&self, now: u64);
    /// What was taken here since it was last asked.
    fn drain(&self) -> Vec<(Hashed, u32)>;
    /// What was taken elsewhere.
    fn debit_at(&self, key: Hashed, taken: u32, now: u64);
}

impl<K: Key> Buckets for Limit<K> {
    fn number(&self) -> u8 {
        self.number
    }

    fn forget_at(&self, now: u64) {
        self.buckets.retain(|_, bucket| bucket.full_at > now || bucket.untold > 0);
        self.buckets.shrink_to_fit();
        self.count.store(self.buckets.len(), Ordering::Relaxed);
    }

    fn drain(&self) -> Vec<(Hashed, u32)> {
        let keys = std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner));
        let taken =
            |key: Hashed| self.buckets.get_mut(&key).map(|mut bucket| (key, std::mem::take(&mut bucket.untold)));
        keys.into_iter().filter_map(taken).filter(|(_, taken)| *taken > 0).collect()
    }

    fn debit_at(&self, key: Hashed, taken: u32, now: u64) {
        let whole = self.step.saturating_mul(self.burst);
        let debit = |full_at: u64| {
            let next = full_at.max(now).saturating_add(self.step.saturating_mul(u64::from(taken)));
            next.min(now.saturating_add(whole.saturating_mul(1 + DEEPEST))).max(full_at)
        };
        match self.buckets.entry(key) {
            Entry::Occupied(mut bucket) => bucket.get_mut().full_at = debit(bucket.get().full_at),
            Entry::Vacant(_) if self.count.load(Ordering::Relaxed) >= MOST_KEYS => {}
            Entry::Vacant(place) => {
                place.insert(Bucket { full_at: debit(0), untold: 0 });
                self.count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

fn refusal(wait: Duration) -> Error {
    let seconds = u32::try_from(wait.as_secs()).unwrap_or(60).saturating_add(1);
    Error::limited("rate_limited", format!("That was a lot at once. Try again in {seconds} s."), seconds)
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn limit(refill: u32, burst: u32) -> Limit<IpAddr> {
        Limit::new(1, &Arc::new(Keys::new(b"secret")), Duration::from_secs(60), refill, burst)
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let limit = limit(60, 10);
        let given = |from: u64, until: u64| {
            (from..until).filter(|tenth| limit.take_at([1; 16], tenth * SECOND / 10).is_ok()).count()
        };
        assert_eq!(given(0, 10), 10, "the burst");
        // ten a second are asked, one a second is there
        assert!((59..=61).contains(&given(10, 610)));
        assert_eq!(given(100_000, 100_010), 10, "it is full again");
        let wait = (0..20).find_map(|_| limit.take_at([2; 16], SECOND).err()).and_then(|error| error.retry_after());
        assert_eq!(wait, Some(2), "the next one is there after a second; said in whole ones");
    }

    #[test]
    fn rl_06_time_that_stands_or_runs_back_gives_nothing() {
        let limit = limit(60, 10);
        let take = |now: u64| (0..100).filter(|_| limit.take_at([1; 16], now).is_ok()).count();
        assert_eq!((take(1_000 * SECOND), take(1_000 * SECOND), take(1)), (10, 0, 0));
    }

    #[test]
    fn memory_is_bounded_given_back_and_no_stranger_is_shut_out() {
        let limit = limit(60, 10);
        let key = |n: usize| ((n + 1) as u128).to_be_bytes();
        let admitted = (0..MOST_KEYS + 5_000).filter(|n| limit.take_at(key(*n), SECOND).is_ok()).count();
        assert_eq!(limit.buckets.len(), MOST_KEYS);
        assert!(admitted > MOST_KEYS && admitted <= MOST_KEYS + 500, "{admitted}: strangers share what is left");
        limit.forget_at(3 * SECOND);
        assert_eq!((limit.buckets.len(), limit.count.load(Ordering::Relaxed)), (0, 0));
        assert!(limit.buckets.capacity() < 1_000, "the memory is given back");
    }

    #[test]
    fn a_mistaken_process_cannot_shut_somebody_out_for_ever() {
        let limit = limit(60, 10);
        for _ in 0..1_000 {
            limit.debit_at([1; 16], u32::MAX, SECOND);
        }
        assert!(limit.take_at([1; 16], SECOND).is_err());
        assert!(limit.take_at([1; 16], 100 * SECOND).is_ok());
    }
}
