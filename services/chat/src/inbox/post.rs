//! Saying something.

use kernel::wire::{Message, Visibility};
use kernel::{Actor, ConversationId, Error, Position, Result, Role, Scope};

use super::hot::{Done, What, Write};
use super::message::NewMessage;
use super::tables::message;
use crate::{Ctx, files};

/// A message that is committed.
#[derive(Debug)]
pub struct Posted {
    /// The message; of a repeat, the first one.
    pub message: Message,
    /// Whether it was there already.
    pub repeated: bool,
    /// Its place in the stream; of a repeat, a place after it.
    pub position: Position,
}

/// Posts a message, once per author and client id. Answers after the commit.
pub async fn post(ctx: &Ctx, scope: &Scope, conversation: ConversationId, new: NewMessage) -> Result<Posted> {
    match scope.actor() {
        Actor::Visitor { .. } if new.visibility == Visibility::Note => {
            return Err(Error::forbidden("note_refused", "Notes are for the team."));
        }
        Actor::Visitor { .. } => (),
        _ => scope.require(Role::Agent)?,
    }
    files::admit(ctx, scope, new.files.len()).await?;
    if let Some(first) = new.reply_to
        && !message::is_in(&ctx.db.read(scope), scope.tenant(), conversation, first).await?
    {
        return Err(Error::field("reply_to", "unknown_message", "This conversation has no such message to answer."));
    }
    let write = Write { scope: scope.clone(), conversation, what: What::Post(new) };
    let (done, position) = ctx.hot.submit(write).await?;
    let position = position.unwrap_or_else(|| ctx.db.head(scope.tenant()));
    posted(done, position)
}

/// What the hot path gave, as the caller's answer.
pub(super) fn posted(done: Done, position: Position) -> Result<Posted> {
    match done {
        Done::Posted(message, repeated) => Ok(Posted { message: *message, repeated, position }),
        Done::Marked => Err(Error::internal("a message was answered with a receipt")),
    }
}
