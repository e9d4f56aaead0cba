//! How many files wait for their verdict, over all tenants.

use kernel::{Result, Timestamp};

use super::tables::waiting;
use crate::Ctx;

/// Their number, and since when the oldest waits.
pub async fn checking(ctx: &Ctx) -> Result<(i64, Option<Timestamp>)> {
    waiting::checking(ctx.db.platform()).await
}
