//! Keyset pages: opaque cursors, a limit with a maximum.

use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, Result};

/// How many rows a page may hold: 1 to 100, 25 unless told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(u32);

impl Limit {
    /// Checks a wish; `None` is 25.
    pub fn parse(wish: Option<u32>) -> Result<Self> {
        match wish.unwrap_or(25) {
            n @ 1..=100 => Ok(Self(n)),
            _ => Err(Error::field("limit", "out_of_range", "limit must lie between 1 and 100.")),
        }
    }
    /// The number.
    pub const fn get(self) -> u64 {
        self.0 as u64
    }
}

/// Where the next page starts; opaque to clients. It only narrows a query that is already scoped,
/// so a forged one shows nothing that an honest one would not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// Packs a key.
    pub fn pack(key: &impl Serialize) -> Result<Self> {
        let json = serde_json::to_vec(key).map_err(Error::internal)?;
        Ok(Self(BASE64URL_NOPAD.encode(&json)))
    }
    /// Wraps what a client sent.
    pub fn from_text(text: &str) -> Self {
        Self(text.to_owned())
    }
    /// Unpacks the key; anything strange is `invalid_cursor`.
    pub fn unpack<K: DeserializeOwned>(&self) -> Result<K> {
        let bad = || Error::field("cursor", "invalid_cursor", "This cursor did not come from here.");
        if self.0.len() > 512 {
            return Err(bad());
        }
        let json = BASE64URL_NOPAD.decode(self.0.as_bytes()).map_err(|_| bad())?;
        serde_json::from_slice(&json).map_err(|_| bad())
    }
}

/// One page of a list.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page starts, when there is one.
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub next_cursor: Option<Cursor>,
}

impl<T> Page<T> {
    /// Cuts `rows` (fetched with one more than the limit) to a page; `key` names the last row kept.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, limit: Limit, key: impl Fn(&T) -> K) -> Result<Self> {
        let most = usize::try_from(limit.get()).unwrap_or(100);
        let more = rows.len() > most;
        rows.truncate(most);
        let next_cursor = match rows.last() {
            Some(last) if more => Some(Cursor::pack(&key(last))?),
            _ => None,
        };
        Ok(Self { items: rows, next_cursor })
    }

    /// The same page with other rows.
    pub fn map<U>(self, each: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(each).collect(), next_cursor: self.next_cursor }
    }
}
