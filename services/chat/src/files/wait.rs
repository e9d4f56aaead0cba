//! Uploads wait a moment for the verdict, so that most answers are final.

use std::sync::Arc;
use std::time::Duration;

use dashmap::DashMap;
use kernel::FileId;
use tokio::sync::Notify;

/// Uploads of this process that wait.
#[derive(Default)]
pub struct Waiting(DashMap<FileId, Arc<Notify>>);

/// One upload that waits; forgotten when dropped.
pub struct Expected<'a> {
    waiting: &'a Waiting,
    id: FileId,
    bell: Arc<Notify>,
}

impl Waiting {
    /// Expects a verdict from now on: call it before the job is left, or the bell could ring too early.
    pub fn expect(&self, id: FileId) -> Expected<'_> {
        let bell = Arc::<Notify>::default();
        self.0.insert(id, Arc::clone(&bell));
        Expected { waiting: self, id, bell }
    }

    /// Rings for whoever waits for this file.
    pub fn ring(&self, id: FileId) {
        if let Some(bell) = self.0.get(&id) {
            bell.notify_one();
        }
    }
}

impl Expected<'_> {
    /// Waits for the verdict; `false` when it did not come in time.
    pub async fn wait(&self, most: Duration) -> bool {
        tokio::time::timeout(most, self.bell.notified()).await.is_ok()
    }
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        self.waiting.0.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Clock;

    #[tokio::test]
    async fn a_verdict_that_comes_before_the_waiting_is_not_missed_and_nothing_stays_behind() {
        let (waiting, id) = (Waiting::default(), FileId::new(&Clock::System));
        let expected = waiting.expect(id);
        waiting.ring(id);
        assert!(expected.wait(Duration::from_secs(60)).await);
        assert!(!expected.wait(Duration::ZERO).await);
        drop(expected);
        assert!(waiting.0.is_empty());
        waiting.ring(id);
    }
}
