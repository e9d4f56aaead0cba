//! What was written before a number was connected. Not built yet: kept as waiting.

use chat::Ctx;
use kernel::Result;
use serde_json::Value;
use store::Unit;

use crate::payload;
use crate::receive::Became;
use crate::tables::number;

/// Keeps a piece of it.
pub async fn keep(_ctx: &Ctx, _unit: &mut Unit, _number: &number::Model, value: &Value) -> Result<Became> {
    Ok(if payload::history(value).is_empty() { Became::Ignored("empty") } else { Became::Waiting })
}
