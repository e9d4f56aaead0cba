//! Where files may go.

use kernel::wire::{Source, Status};
use kernel::{Actor, ConversationId, Result, Role, Scope};

use super::{hot, show};
use crate::Ctx;

/// The channel of a conversation the caller may still write in. Asked before a file is sent up for it.
pub async fn attachable(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<Source> {
    if !matches!(scope.actor(), Actor::Visitor { .. }) {
        scope.require(Role::Agent)?;
    }
    let conversation = show::row(ctx, scope, id).await?.conversation;
    match conversation.status {
        Status::Archived => Err(hot::archived()),
        _ => Ok(conversation.source),
    }
}
