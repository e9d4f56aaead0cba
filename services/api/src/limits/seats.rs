//! How much of this process one tenant may use at a time: so many reads at once; a few more wait; the rest is told to
//! come back. What one tenant asks for cannot use up what others' requests need of the database.
//!
//! Requests with a body take no seat: whoever sends one slowly would hold it. A tenant's people and its visitors have
//! seats apart, so that strangers cannot keep a team out of its own inbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use kernel::{Error, TenantId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// Who may wait for a seat.
const MOST_WAITING: usize = 256;
/// How long.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Which of a tenant's two rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// Its people and systems.
    Agents,
    /// Its visitors.
    Visitors,
}

/// Seats of all tenants; memory is held for those who sit or wait.
pub struct Seats {
    each: usize,
    rows: DashMap<(TenantId, Row), Arc<Places>>,
}

struct Places {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// One seat; dropped, it is free again.
pub struct Seat(#[expect(dead_code, reason = "held, not read")] OwnedSemaphorePermit);

impl Seats {
    pub(super) fn new(each: usize) -> Self {
        Self { each: each.clamp(1, Semaphore::MAX_PERMITS), rows: DashMap::new() }
    }

    /// Takes a seat, at once or within a moment.
    pub async fn take(&self, tenant: TenantId, row: Row) -> Result<Seat, Error> {
        let places = self.places(tenant, row);
        if let Ok(permit) = places.free.clone().try_acquire_owned() {
            return Ok(Seat(permit));
        }
        if places.waiting.fetch_add(1, Ordering::AcqRel) >= MOST_WAITING {
            places.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(busy());
        }
        let waits = Waits(&places.waiting);
        let permit = timeout(PATIENCE, places.free.clone().acquire_owned()).await;
        drop(waits);
        permit.ok().and_then(Result::ok).map(Seat).ok_or_else(busy)
    }

    fn places(&self, tenant: TenantId, row: Row) -> Arc<Places> {
        let fresh = || Arc::new(Places { free: Arc::new(Semaphore::new(self.each)), waiting: AtomicUsize::new(0) });
        self.rows.entry((tenant, row)).or_insert_with(fresh).clone()
    }

    /// Forgets tenants who ask nothing.
    pub(super) fn forget(&self) {
        let is_used =
            |places: &Arc<Places>| Arc::strong_count(places) > 1 || places.free.available_permits() < self.each;
        self.rows.retain(|_, places| is_used(places));
        self.rows.shrink_to_fit();
    }
}

/// Counts one who waits, however the waiting ends.
struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn busy() -> Error {
    Error::unavailable("tenant_busy", "A lot is being asked of this account at once. Try again in a moment.")
        .retry_in(2)
}

#[cfg(test)]
mod tests {
    use kernel::{Clock, Id};

    use super::*;

    #[tokio::test]
    async fn rel_13_one_tenant_fills_its_own_seats_and_no_others() {
        let seats = Seats::new(2);
        let (loud, calm) = (Id::new(&Clock::System), Id::new(&Clock::System));
        let held = [seats.take(loud, Row::Agents).await, seats.take(loud, Row::Agents).await];
        assert!(held.iter().all(Result::is_ok));
        let refused = seats.take(loud, Row::Agents).await.err().expect("there is no third seat");
        assert_eq!((refused.code(), refused.retry_after()), ("tenant_busy", Some(2)));
        seats.take(loud, Row::Visitors).await.map(drop).expect("its visitors have their own");
        seats.take(calm, Row::Agents).await.map(drop).expect("others have theirs");
        let (mut first, mut second) =
            (Box::pin(seats.take(loud, Row::Agents)), Box::pin(seats.take(loud, Row::Agents)));
        assert!(futures::poll!(&mut first).is_pending() && futures::poll!(&mut second).is_pending());
        drop(held);
        assert!(first.await.is_ok() && second.await.is_ok(), "who waits sits down when somebody gets up");
        seats.forget();
        assert!(seats.rows.is_empty(), "nobody is remembered");
    }
}
