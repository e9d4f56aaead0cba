//! Moments and notes on their way through a broker that is not trusted.
//!
//! They are believed and shown to people, unlike hints, so they are sealed with a key every process of the installation
//! derives from the same secret: a broker, or whoever has one of its log-ins, can neither read nor forge nor repeat
//! them. Each has a key of its own (node and number name it), so no nonce can meet its key twice.

use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use kernel::{Clock, Error, Result, Secret, Timestamp};
use uuid::Uuid;

/// First byte of what this release seals; others are not opened.
const VERSION: u8 = 1;
/// Version, node, number.
const HEAD: usize = 1 + 16 + 8;
/// What is older is no moment any more; clocks of several machines differ by less.
const FRESH: Duration = Duration::from_secs(60);

/// The installation's key.
pub(crate) struct Seal(Prk);

/// Something another process said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    /// Which process.
    pub from: Uuid,
    /// Its how manieth.
    pub number: u64,
    /// What.
    pub bytes: Vec<u8>,
}

struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

impl Seal {
    /// Derives the key.
    pub fn new(secret: &Secret<String>) -> Self {
        Self(Salt::new(HKDF_SHA256, b"porchlight bus").extract(secret.reveal().as_bytes()))
    }

    /// Seals `bytes` for `subject`. A node must never use a number twice.
    pub fn seal(&self, subject: &str, (node, number): (Uuid, u64), bytes: &[u8]) -> Result<Vec<u8>> {
        let head = head(node, number);
        let mut sealed = [Clock::System.now().millis().to_be_bytes().as_slice(), bytes].concat();
        let key = self.key(&head)?;
        let nonce = Nonce::assume_unique_for_key([0; 12]);
        key.seal_in_place_append_tag(nonce, Aad::from(subject.as_bytes()), &mut sealed).map_err(Error::internal)?;
        Ok([head.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for `subject` a moment ago; nothing when it was not, or was tampered with.
    pub fn open(&self, subject: &str, sealed: &[u8]) -> Option<Opened> {
        let (head, rest) = sealed.split_at_checked(HEAD)?;
        let (from, number) = names(head)?;
        let mut rest = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key([0; 12]);
        let open = self.key(head).ok()?.open_in_place(nonce, Aad::from(subject.as_bytes()), &mut rest).ok()?;
        let (at, bytes) = open.split_at_checked(8)?;
        is_fresh(at).then(|| Opened { from, number, bytes: bytes.to_vec() })
    }

    fn key(&self, head: &[u8]) -> Result<LessSafeKey> {
        let info = [head];
        let key = self.0.expand(&info, Length).and_then(|okm| {
            let mut bytes = [0; 32];
            okm.fill(&mut bytes)?;
            UnboundKey::new(&AES_256_GCM, &bytes)
        });
        key.map(LessSafeKey::new).map_err(Error::internal)
    }
}

fn head(node: Uuid, number: u64) -> [u8; HEAD] {
    let mut head = [VERSION; HEAD];
    head[1..17].copy_from_slice(node.as_bytes());
    head[17..].copy_from_slice(&number.to_be_bytes());
    head
}

fn names(head: &[u8]) -> Option<(Uuid, u64)> {
    let (version, rest) = head.split_first()?;
    let (node, number) = rest.split_at_checked(16)?;
    (*version == VERSION).then_some(())?;
    Some((Uuid::from_slice(node).ok()?, u64::from_be_bytes(number.try_into().ok()?)))
}

fn is_fresh(at: &[u8]) -> bool {
    let at = at.try_into().map(|at| Timestamp::from_millis(i64::from_be_bytes(at))).unwrap_or_default();
    let now = Clock::System.now();
    now.since(at).max(at.since(now)) <= FRESH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal() -> Seal {
        Seal::new(&Secret::new("a secret of more than thirty-two bytes".to_owned()))
    }

    const SUBJECT: &str = "porchlight.signal.3";

    #[test]
    fn what_is_sealed_opens_for_the_same_subject_and_secret_only() {
        let sealed = seal().seal(SUBJECT, (Uuid::from_u128(7), 9), b"canary").expect("sealed");
        assert!(!sealed.windows(6).any(|window| window == b"canary"));
        let opened = seal().open(SUBJECT, &sealed).expect("opens");
        assert_eq!(opened, Opened { from: Uuid::from_u128(7), number: 9, bytes: b"canary".to_vec() });
        assert_eq!(seal().open("porchlight.signal.4", &sealed), None);
        assert_eq!(Seal::new(&Secret::new("another".to_owned())).open(SUBJECT, &sealed), None);
    }

    #[test]
    fn a_changed_byte_anywhere_is_refused() {
        let sealed = seal().seal(SUBJECT, (Uuid::from_u128(7), 9), b"canary").expect("sealed");
        for place in 0..sealed.len() {
            let mut forged = sealed.clone();
            forged[place] ^= 1;
            assert_eq!(seal().open(SUBJECT, &forged), None, "byte {place}");
            assert_eq!(seal().open(SUBJECT, &sealed[..place]), None, "cut at {place}");
        }
    }

    #[test]
    fn what_is_old_or_from_the_future_is_refused() {
        let now = Clock::System.now();
        let at = |at: Timestamp| is_fresh(&at.millis().to_be_bytes());
        assert!(at(now) && at(now.minus(FRESH / 2)) && at(now.plus(FRESH / 2)));
        assert!(!at(now.minus(FRESH * 2)) && !at(now.plus(FRESH * 2)) && !is_fresh(b"short"));
    }
}
