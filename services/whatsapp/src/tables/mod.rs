//! Tables of this crate.

pub mod account;
pub mod alias;
pub mod app;
pub mod delivery;
pub mod early;
pub mod entry;
pub mod import;
pub mod item;
pub mod lane;
pub mod media;
pub mod message;
pub mod number;
pub mod orphan;
pub mod outgoing;
pub mod parked;
pub mod past;
pub mod preference;
pub mod queues;
pub mod restored;
pub mod talk;
pub mod template;
pub mod turn;
pub mod upload;

use kernel::{Error, Result};
use serde::{Serialize, de::DeserializeOwned};

/// The word a closed set is stored as.
pub fn word(value: impl Serialize) -> Result<String> {
    let value = serde_json::to_value(value).map_err(Error::internal)?;
    value.as_str().map(str::to_owned).ok_or_else(|| Error::internal("a member of a closed set is a word"))
}

/// The member of a closed set that a word names.
pub fn read<T: DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(word.into()).map_err(Error::internal)
}
