//! At most so many at once per key; keys nobody stands at are forgotten.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Keyed semaphores of one size.
pub(crate) struct Turnstile {
    seats: usize,
    gates: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Turnstile {
    pub(crate) fn new(seats: usize) -> Self {
        Self { seats, gates: Mutex::default() }
    }

    /// Waits for a seat at `key`; it is free again when the permit is dropped.
    pub(crate) async fn enter(&self, key: &str) -> Option<OwnedSemaphorePermit> {
        self.gate(key).acquire_owned().await.ok()
    }

    fn gate(&self, key: &str) -> Arc<Semaphore> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        // a permit holds its semaphore, so a gate with one owner has nobody inside or waiting
        gates.retain(|_, gate| Arc::strong_count(gate) > 1);
        Arc::clone(gates.entry(key.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.seats))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_key_waits_others_pass_and_empty_keys_are_forgotten() {
        let turnstile = Turnstile::new(1);
        let first = turnstile.enter("a").await;
        assert!(futures::FutureExt::now_or_never(turnstile.enter("a")).is_none(), "a second one slipped in");
        assert!(turnstile.enter("b").await.is_some());
        drop(first);
        assert!(turnstile.enter("a").await.is_some());
        assert!(turnstile.enter("c").await.is_some());
        assert_eq!(turnstile.gates.lock().map(|g| g.len()).ok(), Some(1), "only the last key is left");
    }
}
