//! How much is too much: token buckets per address, session, widget and tenant, refused before any row is touched.
//!
//! Promises: a check takes microseconds and waits for nobody; memory is bounded and given back; a clock that is set
//! changes nothing; what other processes say was taken there counts here too ([`gossip`]), and without them each process
//! keeps its own limits.

mod bucket;
mod gossip;
mod key;
mod seats;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::{ContactId, TenantId, WidgetId};

use bucket::Buckets;
pub use bucket::Limit;
use key::{Hashed, Keys};
pub use seats::{Row, Seats};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// All limits of this process (security.md E6, E16).
pub struct Limits {
    /// Bootstraps and sessions per address.
    pub arrive: Limit<IpAddr>,
    /// Bootstraps per widget.
    pub widget: Limit<WidgetId>,
    /// New conversations per visitor.
    pub open: Limit<ContactId>,
    /// New conversations per address.
    pub open_by_address: Limit<IpAddr>,
    /// New conversations per widget.
    pub open_by_widget: Limit<WidgetId>,
    /// Messages per visitor.
    pub say: Limit<ContactId>,
    /// Uploads per visitor; what they may send in an hour is counted in the store.
    pub attach: Limit<ContactId>,
    /// Links per visitor.
    pub fetch: Limit<ContactId>,
    /// Changes of a visitor's profile.
    pub profile: Limit<ContactId>,
    /// Everything a tenant's people and systems ask.
    pub tenant: Limit<TenantId>,
    /// Log-ins and invitations per address.
    pub knock: Limit<IpAddr>,
    /// Reads of a tenant at once.
    pub seats: Seats,
    keys: Arc<Keys>,
}

impl Limits {
    /// Limits as shipped, times `factor` (load generators and tests of other things raise it). `secret` is the one all
    /// processes share; `seats` is how many reads of one tenant are done at once.
    pub fn new(factor: u32, seats: usize, secret: &[u8]) -> Self {
        let (f, keys) = (factor.max(1), Arc::new(Keys::new(secret)));
        Self {
            arrive: Limit::new(1, &keys, MINUTE, 60 * f, 60 * f),
            widget: Limit::new(2, &keys, MINUTE, 2_000 * f, 2_000 * f),
            open: Limit::new(3, &keys, HOUR, 5 * f, 5 * f),
            open_by_address: Limit::new(4, &keys, HOUR, 30 * f, 30 * f),
            open_by_widget: Limit::new(5, &keys, HOUR, 2_000 * f, 2_000 * f),
            say: Limit::new(6, &keys, MINUTE, 60 * f, 10 * f),
            attach: Limit::new(7, &keys, MINUTE, 30 * f, 10 * f),
            fetch: Limit::new(8, &keys, MINUTE, 240 * f, 60 * f),
            profile: Limit::new(9, &keys, MINUTE, 30 * f, 20 * f),
            tenant: Limit::new(10, &keys, MINUTE, 6_000 * f, 600 * f),
            knock: Limit::new(11, &keys, MINUTE, 30 * f, 30 * f),
            seats: Seats::new(seats.saturating_mul(f as usize)),
            keys,
        }
    }

    /// Forgets keys that are full again; call it every few seconds.
    pub fn forget(&self) {
        let now = self.keys.now();
        self.all().iter().for_each(|limit| limit.forget_at(now));
        self.seats.forget();
    }

    fn all(&self) -> [&dyn Buckets; 11] {
        [
            &self.arrive,
            &self.widget,
            &self.open,
            &self.open_by_address,
            &self.open_by_widget,
            &self.say,
            &self.attach,
            &self.fetch,
            &self.profile,
            &self.tenant,
            &self.knock,
        ]
    }
}
