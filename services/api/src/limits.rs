//! How much is too much: token buckets per address, session, widget and tenant, refused before any row is touched.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use kernel::{ContactId, Error, TenantId, WidgetId};

type Buckets<K> = RateLimiter<K, DashMapStateStore<K>, DefaultClock>;

/// Most keys a set of buckets remembers; beyond it strangers are refused until old ones are forgotten.
const MOST_KEYS: usize = 200_000;

/// One set of buckets.
pub struct Limit<K: Hash + Eq + Clone>(Buckets<K>);

impl<K: Hash + Eq + Clone> Limit<K> {
    fn per_minute(refill: u32, burst: u32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(at_least_one(refill)).allow_burst(at_least_one(burst))))
    }

    fn per_hour(refill: u32) -> Self {
        Self(RateLimiter::keyed(Quota::per_hour(at_least_one(refill))))
    }

    /// Takes one, or says when there is one again.
    pub fn take(&self, key: &K) -> Result<(), Error> {
        if self.0.len() > MOST_KEYS {
            return Err(refusal(Duration::from_secs(60)));
        }
        self.0.check_key(key).map_err(|not_until| refusal(not_until.wait_time_from(DefaultClock::default().now())))
    }

    fn forget(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

fn refusal(wait: Duration) -> Error {
    let seconds = u32::try_from(wait.as_secs()).unwrap_or(60).saturating_add(1);
    Error::limited("rate_limited", format!("That was a lot at once. Try again in {seconds} s."), seconds)
}

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
}

impl Limits {
    /// Limits as shipped, times `factor` (load generators and tests of other things raise it).
    pub fn new(factor: u32) -> Self {
        let f = factor.max(1);
        Self {
            arrive: Limit::per_minute(60 * f, 60 * f),
            widget: Limit::per_minute(2_000 * f, 2_000 * f),
            open: Limit::per_hour(5 * f),
            open_by_address: Limit::per_hour(30 * f),
            say: Limit::per_minute(60 * f, 10 * f),
            attach: Limit::per_minute(30 * f, 10 * f),
            fetch: Limit::per_minute(240 * f, 60 * f),
            profile: Limit::per_minute(30 * f, 20 * f),
            tenant: Limit::per_minute(6_000 * f, 600 * f),
            knock: Limit::per_minute(30 * f, 30 * f),
        }
    }

    /// Forgets keys that are full again; call it once a minute or so.
    pub fn forget(&self) {
        self.arrive.forget();
        self.widget.forget();
        self.open.forget();
        self.open_by_address.forget();
        self.say.forget();
        self.attach.forget();
        self.fetch.forget();
        self.profile.forget();
        self.tenant.forget();
        self.knock.forget();
    }
}
