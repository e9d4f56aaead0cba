//! The messages of a conversation.

use kernel::wire::Message;
use kernel::{Actor, ConversationId, Error, Limit, Position, Result, Role, Scope};

use super::audience;
use super::tables::{conversation, message};
use crate::Ctx;

/// Which part of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The end.
    Latest,
    /// What came before this number.
    Before(i64),
    /// What came after this number.
    After(i64),
}

/// Part of a thread, ascending, with its exact place in the stream.
pub struct Thread {
    /// The messages.
    pub messages: Vec<Message>,
    /// Whether there is more in the direction asked for.
    pub has_more: bool,
    /// Every later event makes it fresh.
    pub position: Position,
}

/// Part of a thread. Visitors see their own, without notes.
pub async fn thread(ctx: &Ctx, scope: &Scope, id: ConversationId, part: Part, limit: Limit) -> Result<Thread> {
    let visitor = match scope.actor() {
        Actor::Visitor { id, .. } => Some(*id),
        _ => scope.require(Role::Viewer).map(|()| None)?,
    };
    let view = ctx.db.snapshot(scope).await?;
    let row = conversation::find(view.conn(), scope.tenant(), id).await?;
    if visitor.is_some_and(|visitor| !audience::is_own(&row.conversation, visitor)) {
        return Err(Error::not_found());
    }
    let mut messages = message::part(view.conn(), scope.tenant(), id, part, visitor.is_none(), limit.get() + 1).await?;
    let position = view.close().await?;
    let most = usize::try_from(limit.get()).unwrap_or(100);
    let has_more = messages.len() > most;
    messages.truncate(most);
    if !matches!(part, Part::After(_)) {
        messages.reverse();
    }
    messages.iter_mut().for_each(|one| message::delivered(one, &row.conversation.receipts));
    Ok(Thread { messages, has_more, position })
}
