//! What this process holds in memory to know people by: signing keys, the password bench, failures, live sessions.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result, Secret};
use sha2::{Digest, Sha256};

use super::jwt::OwnKey;
use super::live::Live;
use super::password::Bench;
use super::throttle::Throttle;

/// What tokens are signed with, one key for each kind of token, all from the configured secret.
pub struct Keys {
    pub(crate) agent: OwnKey,
    pub(crate) visitor: OwnKey,
    pub(crate) operator: OwnKey,
    /// The first makes; what the others made is still known.
    derive: Vec<Secret<[u8; 32]>>,
    pub(crate) live: Live,
    pub(crate) bench: Bench,
    pub(crate) throttle: Throttle,
}

impl Keys {
    /// Checks the secret's strength; a short or guessable one is `weak_secret`.
    pub fn new(secret: &Secret<String>) -> Result<Self> {
        Self::with_old(secret, &[])
    }

    /// The same, knowing also what these have signed.
    pub fn with_old(secret: &Secret<String>, old: &[Secret<String>]) -> Result<Self> {
        if [secret].into_iter().chain(old).any(|secret| is_weak(secret.reveal())) {
            return Err(Error::invalid(
                "weak_secret",
                "The secret needs 32 random bytes or more, such as the output of: openssl rand -hex 32",
            ));
        }
        let key = |purpose: &str| -> Vec<_> {
            let all = [secret].into_iter().chain(old);
            all.map(|one| Secret::new(mac(one.reveal().as_bytes(), &[b"porchlight", purpose.as_bytes()]))).collect()
        };
        Ok(Self {
            agent: OwnKey::new(&key("agent access")),
            visitor: OwnKey::new(&key("visitor access")),
            operator: OwnKey::new(&key("operator access")),
            derive: key("derive"),
            live: Live::default(),
            bench: Bench::default(),
            throttle: Throttle::default(),
        })
    }

    /// 256 secret bits in base32 that follow from `about` alone, for secrets that must be found again but not stored.
    pub(crate) fn derive(&self, purpose: &str, about: &[u8]) -> String {
        self.derivations(purpose, about).next().unwrap_or_default()
    }

    /// What [`Keys::derive`] gives, then what it gave under each older secret: for looking at what was handed out.
    pub(crate) fn derivations(&self, purpose: &str, about: &[u8]) -> impl Iterator<Item = String> {
        self.derive
            .iter()
            .map(move |key| BASE32_NOPAD.encode(&mac(key.reveal(), &[purpose.as_bytes(), about])).to_lowercase())
    }
}

/// SHA-256 of a token in hex: the only form in which one is stored.
pub fn digest(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// A keyed digest of several parts; lengths go in, so that parts cannot run into each other.
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Too short, too few different characters, one block repeated, or a placeholder somebody forgot to replace.
fn is_weak(secret: &str) -> bool {
    let bytes = secret.as_bytes();
    let distinct = bytes.iter().collect::<std::collections::HashSet<_>>().len();
    let repeats = (1..=bytes.len() / 2).any(|n| bytes.iter().zip(&bytes[n..]).all(|(a, b)| a == b));
    let steps = |by: u8| bytes.windows(2).filter(|pair| pair[0].wrapping_add(by) == pair[1]).count();
    let counts = steps(1).max(steps(255)) * 2 > bytes.len();
    let lower = secret.to_ascii_lowercase();
    let placeholder =
        ["changeme", "change-me", "change_me", "change this", "replace"].iter().any(|w| lower.contains(w));
    bytes.len() < 32 || distinct < 10 || repeats || counts || placeholder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tok_01_a_weak_secret_is_refused() {
        for weak in [
            "short",
            &"a".repeat(64),
            &"0123456789abcdef".repeat(4),
            "abcdefghijklmnopqrstuvwxyz0123456789",
            "please-changeme-before-going-live-1234567",
        ] {
            let refused = Keys::new(&Secret::new(weak.to_owned())).err().map(|error| error.code());
            assert_eq!(refused, Some("weak_secret"), "{weak}");
        }
        for _ in 0..200 {
            assert!(!is_weak(&kernel::random_token("")));
        }
        assert!(!is_weak("9f86d081884c7d659a2feaa0c55ad015"));
    }

    #[test]
    fn what_an_old_secret_made_is_known_and_no_longer_made() {
        let secret = || Secret::new(kernel::random_token(""));
        let (old, new) = (secret(), secret());
        let (before, after) = (Keys::new(&old).expect("keys"), Keys::with_old(&new, &[old]).expect("keys"));
        let made = before.derive("ticket", b"about");
        assert_ne!(after.derive("ticket", b"about"), made);
        assert!(after.derivations("ticket", b"about").any(|one| one == made));
        assert!(!Keys::new(&new).expect("keys").derivations("ticket", b"about").any(|one| one == made));
        assert!(Keys::with_old(&new, &[Secret::new("short".to_owned())]).is_err(), "an old one may not be weak either");
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(mac(b"key", &[b"ab", b"c"]), mac(b"key", &[b"a", b"bc"]));
    }
}
