//! The address book of a phone that shares the number. Not built yet: kept as waiting.

use chat::Ctx;
use kernel::Result;
use serde_json::Value;
use store::Unit;

use crate::payload;
use crate::receive::Became;
use crate::tables::number;

/// Applies what changed in it.
pub async fn apply(_ctx: &Ctx, _unit: &mut Unit, _number: &number::Model, value: &Value) -> Result<Became> {
    Ok(if payload::known(value).is_empty() { Became::Ignored("empty") } else { Became::Waiting })
}
