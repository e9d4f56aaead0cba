//! What the tenant decides about a number.

use chat::Ctx;
use kernel::wire::{WhatsAppNumber, WhatsAppSettings};
use kernel::{Error, Result, Role, Scope, WaNumberId};

use crate::keep;
use crate::tables::number;

/// Longest reminder before the window closes: the window itself.
const DAY_MINUTES: i32 = 24 * 60;

/// What is to be changed; `nudge_minutes` of zero takes the reminder away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// Whether people see that they were read.
    pub read_receipts: Option<bool>,
    /// Whether people see that somebody types.
    pub typing: Option<bool>,
    /// Minutes before the window closes at which the team is reminded.
    pub nudge_minutes: Option<i32>,
}

/// Changes what the tenant decided about a number.
pub async fn change(ctx: &Ctx, scope: &Scope, id: WaNumberId, change: Change) -> Result<WhatsAppNumber> {
    scope.require(Role::Admin)?;
    if change.nudge_minutes.is_some_and(|minutes| !(0..DAY_MINUTES).contains(&minutes)) {
        return Err(Error::field("nudge_minutes", "out_of_range", "Give 0 for no reminder, or 1 to 1439 minutes."));
    }
    let mut unit = ctx.db.write(scope).await?;
    let mut row = number::lock(unit.conn(), scope.tenant(), id).await?;
    let before = row.decided();
    let settings = WhatsAppSettings {
        read_receipts: change.read_receipts.unwrap_or(before.read_receipts),
        typing: change.typing.unwrap_or(before.typing),
        nudge_minutes: change.nudge_minutes.or(before.nudge_minutes).filter(|minutes| *minutes > 0),
    };
    row.settings = serde_json::to_string(&settings).map_err(Error::internal)?;
    row.updated_at = ctx.clock().now();
    keep::number(&mut unit, &row).await?;
    unit.commit().await?;
    Ok(row.wire())
}
