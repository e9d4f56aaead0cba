//! Legal holds on conversations.

use kernel::{ConversationId, Error, Result, Role, Scope};

use super::status::by;
use super::tables::conversation;
use crate::Ctx;
use crate::files::{self, Hold};

/// What holds the conversation, if anything does. Supervisors and above: they meet its refusals.
pub async fn show_hold(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<Option<Hold>> {
    scope.require(Role::Supervisor)?;
    conversation::contact_of(&ctx.db.read(scope), scope.tenant(), id).await?;
    files::held(&ctx.db.read(scope), scope.tenant(), id).await
}

/// Keeps the conversation and its files, whatever their time and whoever asks. Admins and above.
pub async fn hold(ctx: &Ctx, scope: &Scope, id: ConversationId, reason: &str) -> Result<Hold> {
    scope.require(Role::Admin)?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 300 || reason.chars().any(char::is_control) {
        return Err(Error::field("reason", "invalid_reason", "Give a reason of 1 to 300 characters."));
    }
    let unit = ctx.db.write(scope).await?;
    conversation::lock(unit.conn(), scope.tenant(), id).await?;
    let who = by(&unit, scope).await?;
    let hold = Hold { by: who.name, reason: reason.to_owned(), at: ctx.clock().now() };
    files::keep(&unit, scope.tenant(), id, &hold).await?;
    unit.commit().await?;
    tracing::info!(conversation.id = %id, by = ?who.id, "conversation held");
    Ok(hold)
}

/// Ends a hold. Admins and above.
pub async fn end_hold(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<()> {
    scope.require(Role::Admin)?;
    let unit = ctx.db.write(scope).await?;
    conversation::lock(unit.conn(), scope.tenant(), id).await?;
    files::release(&unit, scope.tenant(), id).await?;
    let who = by(&unit, scope).await?;
    unit.commit().await?;
    tracing::info!(conversation.id = %id, by = ?who.id, "conversation no longer held");
    Ok(())
}
