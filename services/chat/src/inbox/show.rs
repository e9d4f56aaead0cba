//! One conversation, for those who may see it.

use kernel::wire::Conversation;
use kernel::{Actor, ContactId, ConversationId, Error, Position, Result, Role, Scope};

use super::audience;
use super::tables::conversation::{self, Row};
use crate::Ctx;

/// One conversation of the tenant.
pub async fn show(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<Conversation> {
    scope.require(Role::Viewer)?;
    Ok(row(ctx, scope, id).await?.conversation)
}

/// One conversation with its exact place in the stream.
pub async fn snapshot(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<(Conversation, Position)> {
    scope.require(Role::Viewer)?;
    let view = ctx.db.snapshot(scope).await?;
    let row = conversation::find(view.conn(), scope.tenant(), id).await?;
    Ok((row.conversation, view.close().await?))
}

/// The visitor who hears what happens there, if there is one and the caller may hear of it: the tenant's people, or that
/// visitor.
pub async fn may_hear(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<Option<ContactId>> {
    let (contact, channel) = conversation::listener(&ctx.db.read(scope), scope.tenant(), id).await?;
    match scope.actor() {
        Actor::Visitor { id, .. } if channel || *id != contact => Err(Error::not_found()),
        _ => Ok((!channel).then_some(contact)),
    }
}

/// The row, if the caller may see it; a visitor's own only.
pub(super) async fn row(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<Row> {
    let row = conversation::find(&ctx.db.read(scope), scope.tenant(), id).await?;
    match scope.actor() {
        Actor::Visitor { id, .. } if !audience::is_own(&row.conversation, *id) => Err(Error::not_found()),
        _ => Ok(row),
    }
}
