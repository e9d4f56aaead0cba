//! Values that must never be printed, and how they are made.

use std::fmt;

use data_encoding::BASE32_NOPAD;
use rand::Rng;
use serde::{Deserialize, Deserializer};

/// A value that prints as `***` and cannot be serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    /// Hands the value out; every call is a place to look at.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}
impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// `prefix` and 256 random bits in lower-case base32: what sessions, tickets and handles are made of.
#[expect(clippy::disallowed_methods, reason = "the only place that makes secrets")]
pub fn random_token(prefix: &str) -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    format!("{prefix}{}", BASE32_NOPAD.encode(&bytes).to_lowercase())
}

/// So many random digits: for codes and PINs somebody else asks for.
#[expect(clippy::disallowed_methods, reason = "the only place that makes secrets")]
pub fn random_digits(count: usize) -> String {
    let mut digits = String::with_capacity(count);
    while digits.len() < count {
        let mut byte = [0_u8];
        rand::rng().fill_bytes(&mut byte);
        // 250 and above would make small digits likelier
        if byte[0] < 250 {
            digits.push(char::from(b'0' + byte[0] % 10));
        }
    }
    digits
}

/// Length of a hex SHA-256, the form tokens are stored in.
pub const fn digest_hex_length() -> usize {
    64
}
