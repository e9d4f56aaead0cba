//! Letting a number send again that was stopped.

use chat::Ctx;
use kernel::wire::{WhatsAppNumber, WhatsAppStanding};
use kernel::{Error, Result, Role, Scope, WaNumberId};

use crate::keep;
use crate::standing::wake;
use crate::tables::{account, number};

/// Lifts what stopped a number and has its queue looked at. If the cause is still there, Meta's next refusal stops it
/// again.
pub async fn resume(ctx: &Ctx, scope: &Scope, id: WaNumberId) -> Result<WhatsAppNumber> {
    scope.require(Role::Admin)?;
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(scope).await?;
    let known = number::find(unit.conn(), scope.tenant(), id).await?;
    // accounts before numbers, as news do: two units that hold both must not wait for each other
    let of = account::lock(unit.conn(), scope.tenant(), known.account_id).await?;
    if of.token.is_none() || of.standing()? == WhatsAppStanding::Disconnected {
        return Err(disconnected());
    }
    let mut row = number::lock(unit.conn(), scope.tenant(), id).await?;
    if row.halted_at.take().is_some() {
        row.halted_reason = None;
        row.updated_at = now;
        keep::number(&mut unit, &row).await?;
    }
    wake(&mut unit, &row, now);
    unit.commit().await?;
    Ok(row.wire())
}

/// The refusal for an account without a token.
pub(crate) fn disconnected() -> Error {
    Error::conflict("account_disconnected", "The account has no access token. Connect it again first.")
}
