//! What became of messages we sent. Not built yet: kept as waiting.

use chat::Ctx;
use kernel::Result;
use serde_json::Value;
use store::Unit;

use crate::payload::{self, Look};
use crate::receive::Became;
use crate::tables::number;

/// Applies one status.
pub async fn apply(_ctx: &Ctx, _unit: &mut Unit, _number: &number::Model, item: &Value) -> Result<Became> {
    Ok(match payload::status(item) {
        Some(_) => Became::Waiting,
        None if item.text("id").is_some() && item.text("status").is_some() => Became::Ignored("unknown_status"),
        None => Became::Failed("no_status"),
    })
}
