//! The inbox as lists.

use kernel::wire::Conversation;
use kernel::{AgentId, ContactId, ConversationId, Cursor, Limit, Page, Position, Result, Role, Scope};

use super::conversation::{Filter, View};
use super::tables::conversation;
use crate::Ctx;

/// A page with its exact place in the stream.
pub struct Listed {
    /// The rows.
    pub page: Page<Conversation>,
    /// Every later event makes it fresh.
    pub position: Position,
}

/// A page of conversations.
pub async fn list(ctx: &Ctx, scope: &Scope, filter: &Filter, cursor: Option<&Cursor>, limit: Limit) -> Result<Listed> {
    scope.require(Role::Viewer)?;
    let me = if filter.view == View::Mine { Some(scope.agent()?.0) } else { None };
    let after: Option<(i64, ConversationId)> = cursor.map(Cursor::unpack).transpose()?;
    let (tenant, most, spot) = (scope.tenant(), limit.get() + 1, ctx.db.spot(scope));
    let (rows, head) = conversation::page(&ctx.db.read(scope), tenant, &spot, me, filter, after, most).await?;
    let (rows, position) = match head {
        Some(head) => (rows, spot.position(head)),
        // no row carried the head: look again, this time in a view of one moment
        None => {
            let view = ctx.db.snapshot(scope).await?;
            let (rows, _) = conversation::page(view.conn(), tenant, &spot, me, filter, after, most).await?;
            (rows, view.close().await?)
        }
    };
    let rows = rows.into_iter().map(|row| row.conversation).collect();
    let page = Page::cut(rows, limit, |last: &Conversation| (last.last_message_at.millis(), last.id))?;
    Ok(Listed { page, position })
}

/// All conversations of one person, latest first.
pub async fn of_contact(ctx: &Ctx, scope: &Scope, contact: ContactId) -> Result<Vec<Conversation>> {
    scope.require(Role::Viewer)?;
    let rows = conversation::of_contact(&ctx.db.read(scope), scope.tenant(), contact).await?;
    Ok(rows.into_iter().map(|row| row.conversation).collect())
}

/// Open conversations with unread messages: all, mine, nobody's.
pub async fn unread(ctx: &Ctx, scope: &Scope) -> Result<(i64, i64, i64)> {
    scope.require(Role::Viewer)?;
    let me = scope.agent().map(|(id, _)| id).ok();
    conversation::unread(&ctx.db.read(scope), scope.tenant(), me).await
}

/// How many open conversations each agent has.
pub async fn open_per_agent(ctx: &Ctx, scope: &Scope) -> Result<Vec<(AgentId, i64)>> {
    scope.require(Role::Viewer)?;
    conversation::open_per_agent(&ctx.db.read(scope), scope.tenant()).await
}
