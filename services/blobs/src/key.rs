//! Names of stored bytes. A key is a tenant, an area and 128 random bits: never a word of a stranger, so no key
//! can leave its place, meet another tenant's or be guessed.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE32_NOPAD;
use kernel::{Error, Kind, TenantId, random_token};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What stage of their life the bytes are in. Declared in the order in which stores list them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// Looked at and found fine.
    Files,
    /// Small pictures made of a file.
    Previews,
    /// As they came; nobody may have them yet.
    Quarantine,
}

impl Area {
    const ALL: [Self; 3] = [Self::Files, Self::Previews, Self::Quarantine];

    /// The word in a key.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Previews => "previews",
            Self::Quarantine => "quarantine",
        }
    }
}

/// `{tenant hex}/{area}/{32 random hex}`. Keys sort as their texts do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    tenant: TenantId,
    area: Area,
    name: u128,
}

impl Key {
    /// A key that never was before.
    pub fn new(tenant: TenantId, area: Area) -> Self {
        Self { tenant, area, name: random() }
    }

    /// Reads a key exactly as it prints; anything else is `invalid_key`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        // keys stay among ourselves: a bad one is a damaged row
        let bad = || Error::new(Kind::Invalid, "invalid_key", "This is not the key of a stored file.");
        let mut parts = text.split('/');
        let (Some(tenant), Some(area), Some(name), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad());
        };
        let area = Area::ALL.into_iter().find(|known| known.as_str() == area).ok_or_else(bad)?;
        let tenant = TenantId::from_uuid(Uuid::from_u128(hex(tenant).ok_or_else(bad)?));
        Ok(Self { tenant, area, name: hex(name).ok_or_else(bad)? })
    }

    /// Whose bytes they are.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// What stage they are in.
    pub const fn area(&self) -> Area {
        self.area
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{:032x}", self.tenant.uuid().as_simple(), self.area.as_str(), self.name)
    }
}
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Key {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}
impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("a key of a stored file is needed"))
    }
}

/// 128 random bits, out of the one place that makes randomness.
pub(crate) fn random() -> u128 {
    let token = random_token("").to_uppercase();
    let bytes = BASE32_NOPAD.decode(token.as_bytes()).unwrap_or_default();
    bytes.iter().take(16).fold(0, |so_far, byte| so_far << 8 | u128::from(*byte))
}

/// Exactly 32 lower-case hex digits.
pub(crate) fn hex(text: &str) -> Option<u128> {
    let plain = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    plain.then(|| u128::from_str_radix(text, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use kernel::Clock;

    use super::*;

    #[test]
    fn a_key_reads_back_what_it_prints_and_sorts_as_its_text() {
        let tenant = TenantId::new(&Clock::System);
        let mut keys: Vec<_> =
            Area::ALL.into_iter().rev().flat_map(|area| (0..20).map(move |_| Key::new(tenant, area))).collect();
        let mut texts: Vec<_> = keys.iter().map(Key::to_string).collect();
        keys.sort();
        texts.sort();
        assert_eq!(keys.iter().map(Key::to_string).collect::<Vec<_>>(), texts);
        for (key, text) in keys.iter().zip(&texts) {
            assert_eq!(Key::parse(text).ok(), Some(*key));
            assert_eq!((key.tenant(), text.len()), (tenant, 32 + 1 + key.area().as_str().len() + 1 + 32));
        }
        keys.dedup();
        assert_eq!(keys.len(), 60, "two keys are the same");
    }

    #[test]
    fn nothing_else_is_a_key() {
        let good = Key::new(TenantId::new(&Clock::System), Area::Files).to_string();
        let (tenant, name) = (&good[..32], &good[39..]);
        for bad in [
            String::new(),
            format!("{tenant}/files"),
            format!("{tenant}/files/{name}/"),
            format!("/{good}"),
            format!("{tenant}/other/{name}"),
            format!("{tenant}/files/../{name}"),
            format!("{tenant}/files/{}", name.to_uppercase().replace(|c: char| c.is_ascii_digit(), "A")),
            format!("{tenant}/files/+{}", &name[1..]),
            format!("{tenant}/files/{}", &name[1..]),
            format!("../files/{name}"),
        ] {
            assert!(Key::parse(&bad).is_err(), "{bad:?} was taken");
        }
    }
}
