//! What buckets are found by: a keyed hash, so that neither memory nor a note to another process holds an address.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use aws_lc_rs::hmac;
use kernel::Id;

/// The first half of an HMAC-SHA256.
pub(super) type Hashed = [u8; 16];

/// What somebody is known by.
pub trait Key {
    /// Its bytes, different for different ones.
    fn bytes(&self) -> [u8; 16];
}

impl Key for IpAddr {
    fn bytes(&self) -> [u8; 16] {
        match self {
            Self::V4(v4) => v4.to_ipv6_mapped().octets(),
            Self::V6(v6) => v6.octets(),
        }
    }
}

impl<K> Key for Id<K> {
    fn bytes(&self) -> [u8; 16] {
        *self.uuid().as_bytes()
    }
}

/// The secret all processes share, the time, and whether there are others.
pub(super) struct Keys {
    secret: hmac::Key,
    began: Instant,
    is_shared: AtomicBool,
}

impl Keys {
    pub fn new(secret: &[u8]) -> Self {
        let own = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), b"porchlight limits");
        let secret = hmac::Key::new(hmac::HMAC_SHA256, own.as_ref());
        Self { secret, began: Instant::now(), is_shared: AtomicBool::new(false) }
    }

    /// Nanoseconds since the start. Nobody can set this clock.
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    pub fn hash(&self, number: u8, key: &impl Key) -> Hashed {
        let mut text = [0; 17];
        text[0] = number;
        text[1..].copy_from_slice(&key.bytes());
        let tag = hmac::sign(&self.secret, &text);
        let mut hashed = Hashed::default();
        hashed.copy_from_slice(&tag.as_ref()[..16]);
        hashed
    }

    pub fn share(&self) {
        self.is_shared.store(true, Ordering::Release);
    }

    pub fn is_shared(&self) -> bool {
        self.is_shared.load(Ordering::Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_differ_by_key_limit_and_secret_and_show_no_address() {
        let (one, other) = (Keys::new(b"one"), Keys::new(b"other"));
        let (a, b) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let hashes = [one.hash(1, &a), one.hash(1, &b), one.hash(2, &a), other.hash(1, &a)];
        let different: std::collections::HashSet<_> = hashes.iter().collect();
        assert_eq!(different.len(), 4);
        assert_eq!(one.hash(1, &a), Keys::new(b"one").hash(1, &a), "the same on every process");
        assert!(hashes.iter().all(|hash| !hash.windows(4).any(|part| part == [192, 0, 2, 1])));
    }
}
