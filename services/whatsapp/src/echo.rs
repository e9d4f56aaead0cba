//! What the business wrote on a phone that shares the number. Not built yet: kept as waiting.

use chat::Ctx;
use kernel::Result;
use serde_json::Value;
use store::Unit;

use crate::payload;
use crate::receive::Became;
use crate::tables::number;

/// A message the business wrote on its phone.
pub async fn message(_ctx: &Ctx, _unit: &mut Unit, _number: &number::Model, item: &Value) -> Result<Became> {
    Ok(match payload::message(item) {
        Some(_) => Became::Waiting,
        None => Became::Failed("no_message_id"),
    })
}
