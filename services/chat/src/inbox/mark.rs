//! Saying how far one has come.

use kernel::wire::Reach;
use kernel::{Actor, ConversationId, Error, Result, Role, Scope};

use super::hot::{What, Write};
use crate::Ctx;

/// Moves the receipt of the caller's side to `seq`; never backwards, never beyond the last message.
pub async fn mark(ctx: &Ctx, scope: &Scope, conversation: ConversationId, seq: i64, reach: Reach) -> Result<()> {
    if seq < 0 {
        return Err(Error::field("seq", "out_of_range", "seq is the number of a message."));
    }
    if !matches!(scope.actor(), Actor::Visitor { .. }) {
        scope.require(Role::Agent)?;
    }
    let write = Write { scope: scope.clone(), conversation, what: What::Mark(seq, reach) };
    ctx.hot.submit(write).await.map(|_| ())
}
