//! Where a conversation stands.

use kernel::wire::{Author, AuthorKind, Conversation, Status};
use kernel::{ConversationId, Event, Result, Role, Scope};

use super::audience;
use super::tables::{conversation, hot};
use crate::Ctx;

/// Moves a conversation to another state. Agents and above.
pub async fn set_status(ctx: &Ctx, scope: &Scope, id: ConversationId, status: Status) -> Result<Conversation> {
    scope.require(Role::Agent)?;
    let mut unit = ctx.db.write(scope).await?;
    let row = conversation::lock(unit.conn(), scope.tenant(), id).await?;
    let mut now = row.conversation;
    if now.status == status {
        return Ok(now);
    }
    now.status = status;
    now.updated_at = ctx.clock().now();
    conversation::set(unit.conn(), id, "status", status.word().into(), now.updated_at).await?;
    let by = by(&unit, scope).await?;
    let event = Event::ConversationStatusChanged { conversation_id: id, status, by };
    unit.emit(scope.tenant(), audience::of(&now), event);
    unit.commit().await?;
    Ok(now)
}

/// The acting agent as an author; the product itself has no name.
pub(super) async fn by(unit: &store::Unit, scope: &Scope) -> Result<Author> {
    let Ok((id, _)) = scope.agent() else {
        return Ok(Author { kind: AuthorKind::System, id: None, name: String::new() });
    };
    let name = hot::agent_names(unit.conn(), &[id]).await?.remove(&id).unwrap_or_default();
    Ok(Author { kind: AuthorKind::Agent, id: Some(id.to_string()), name })
}
