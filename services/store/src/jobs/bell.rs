//! Who is told that a job waits: the runner of this process at once, other processes through whoever follows
//! [`Jobs`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::Timestamp;
use tokio::sync::{Notify, watch};

use crate::jobs::NewJob;

/// Shortest time between two wakings that other processes ask for, however often they ask.
const SPACING: Duration = Duration::from_millis(50);

/// Rung when jobs were left behind. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Bell(Arc<Inner>);

struct Inner {
    near: Notify,
    far: watch::Sender<u64>,
    asked: AtomicU64,
}

/// Tells when this process's commits leave jobs that are due; several that come together are told once.
pub struct Jobs(watch::Receiver<u64>);

impl Jobs {
    /// Waits for jobs; false when the store is gone. Safe to cancel.
    pub async fn left(&mut self) -> bool {
        self.0.changed().await.is_ok()
    }
}

impl Bell {
    pub fn new() -> Self {
        Self(Arc::new(Inner { near: Notify::new(), far: watch::Sender::new(0), asked: AtomicU64::new(0) }))
    }

    /// A commit left these jobs.
    pub fn ring(&self, jobs: &[NewJob], now: Timestamp) {
        if !jobs.is_empty() {
            self.0.near.notify_one();
        }
        if jobs.iter().any(|job| job.run_at <= now) {
            self.0.far.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// Another process says it left jobs.
    pub fn ring_from_afar(&self) {
        if self.0.asked.fetch_add(1, Ordering::AcqRel) == 0 {
            tokio::spawn(self.clone().wake_spaced());
        }
    }

    /// Wakes the runner, and once more for whoever asked meanwhile.
    async fn wake_spaced(self) {
        loop {
            let asked = self.0.asked.load(Ordering::Acquire);
            self.0.near.notify_one();
            tokio::time::sleep(SPACING).await;
            if self.0.asked.compare_exchange(asked, 0, Ordering::AcqRel, Ordering::Acquire).is_ok() {
                return;
            }
        }
    }

    /// Waits for the bell. Safe to cancel.
    pub async fn rung(&self) {
        self.0.near.notified().await;
    }

    pub fn listen(&self) -> Jobs {
        Jobs(self.0.far.subscribe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(run_at: i64) -> NewJob {
        let run_at = Timestamp::from_millis(run_at);
        NewJob { kind: "test", tenant: None, payload: serde_json::Value::Null, run_at, unique_key: None }
    }

    #[tokio::test]
    async fn a_flood_from_afar_wakes_a_few_times_a_second() {
        let bell = Bell::new();
        let began = tokio::time::Instant::now();
        let flood = bell.clone();
        tokio::spawn(async move {
            for _ in 0..1_000 {
                flood.ring_from_afar();
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        });
        let mut woken = 0;
        while began.elapsed() < Duration::from_secs(1) {
            let _ = tokio::time::timeout(Duration::from_millis(200), bell.rung()).await.map(|()| woken += 1);
        }
        assert!((2..=25).contains(&woken), "{woken}");
    }

    #[tokio::test]
    async fn only_what_is_due_is_told_to_others() {
        let bell = Bell::new();
        let mut jobs = bell.listen();
        bell.ring(&[job(2_000)], Timestamp::from_millis(1_000));
        bell.rung().await;
        assert!(!jobs.0.has_changed().expect("the bell is there"));
        bell.ring(&[job(2_000), job(1_000)], Timestamp::from_millis(1_000));
        assert!(jobs.left().await);
        drop(bell);
        assert!(!jobs.left().await);
    }
}
