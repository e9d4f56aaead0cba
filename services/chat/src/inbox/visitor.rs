//! Conversations as their visitor sees them.

use kernel::wire::{Context, Receipts, Status};
use kernel::{Audience, ContactId, ConversationId, Error, Event, Result, Scope, TenantId, Timestamp};

use super::show;
use super::tables::conversation::{self, Row};
use crate::{Ctx, contacts};

/// A visitor's conversation: nothing of the team but a name.
#[derive(Clone, Debug)]
pub struct VisitorConversation {
    /// Id.
    pub id: ConversationId,
    /// Where it stands.
    pub status: Status,
    /// First name to address.
    pub assignee: Option<String>,
    /// Messages not read yet.
    pub unread: i64,
    /// Last number.
    pub last_seq: i64,
    /// How far each side has come.
    pub receipts: Receipts,
    /// What it is about.
    pub context: Option<Context>,
    /// When it began.
    pub created_at: Timestamp,
    /// When anything changed.
    pub updated_at: Timestamp,
}

fn seen(row: Row) -> VisitorConversation {
    let conversation = row.conversation;
    VisitorConversation {
        id: conversation.id,
        status: conversation.status,
        assignee: conversation.assignee.map(|agent| agent.name),
        unread: row.visitor_unread,
        last_seq: conversation.last_seq,
        receipts: conversation.receipts,
        context: conversation.context,
        created_at: conversation.created_at,
        updated_at: conversation.updated_at,
    }
}

/// The visitor's conversations, latest first.
pub async fn mine(ctx: &Ctx, scope: &Scope) -> Result<Vec<VisitorConversation>> {
    let (visitor, _) = scope.visitor()?;
    of_visitor(ctx, scope.tenant(), visitor).await
}

/// One of the visitor's conversations.
pub async fn show_mine(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<VisitorConversation> {
    scope.visitor()?;
    show::row(ctx, scope, id).await.map(seen)
}

/// Whether the visitor has a conversation with this widget that is still worked on.
pub async fn is_talking(ctx: &Ctx, scope: &Scope) -> Result<bool> {
    let (visitor, widget) = scope.visitor()?;
    Ok(conversation::active(&ctx.db.read(scope), scope.tenant(), visitor, widget).await?.is_some())
}

/// The conversations of a visitor who was just recognised, latest first.
pub async fn of_visitor(ctx: &Ctx, tenant: TenantId, visitor: ContactId) -> Result<Vec<VisitorConversation>> {
    let rows = conversation::of_visitor(ctx.db.platform(), tenant, visitor).await?;
    Ok(rows.into_iter().map(seen).collect())
}

/// The visitor looks at something else now.
pub async fn change_context(ctx: &Ctx, scope: &Scope, id: ConversationId, context: &Context) -> Result<()> {
    let clean = contacts::clean_context(context)?;
    let (visitor, _) = scope.visitor()?;
    show::row(ctx, scope, id).await?;
    let mut unit = ctx.db.write(scope).await?;
    let text = serde_json::to_string(&clean).map_err(Error::internal)?;
    conversation::set(unit.conn(), id, "context", text.into(), ctx.clock().now()).await?;
    let event = Event::ConversationContextChanged { conversation_id: id, context: Some(clean) };
    unit.emit(scope.tenant(), Audience::Visitor(visitor), event);
    unit.commit().await.map(|_| ())
}
