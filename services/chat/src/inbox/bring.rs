//! Files that come after their message.

use kernel::wire::{Content, MediaState, Message, Visibility};
use kernel::{ConversationId, Error, Result, TenantId};
use store::Unit;

use super::amend::amend;
use super::tables::{conversation, message};
use crate::Ctx;
use crate::files::{Place, Received};

/// Gives a message the file it waits for, within a unit, and says so. Refused with `not_awaited` when it waits for none
/// any more: it was taken back, or another run was first.
pub async fn bring(
    ctx: &Ctx,
    unit: &mut Unit,
    tenant: TenantId,
    id: ConversationId,
    seq: i64,
    received: &Received,
) -> Result<Option<Message>> {
    conversation::lock(unit.conn(), tenant, id).await?;
    let before = message::lock(unit.conn(), tenant, id, seq).await?;
    if !awaits(&before) {
        return Err(Error::conflict("not_awaited", "The message waits for no file."));
    }
    // what comes through a channel is for the tenant's people alone
    let place = Place { conversation: id, visitor: None, seq, note: before.visibility == Visibility::Note };
    let nth = i32::try_from(before.files.len()).unwrap_or(i32::MAX);
    let file = received.take(ctx, unit, &place, nth).await?;
    amend(unit, tenant, id, seq, ctx.clock().now(), |message| {
        message.files.push(file);
        settle(message, MediaState::There, None);
    })
    .await
}

/// Whether a message's file is still to come.
pub fn awaits(message: &Message) -> bool {
    let extra = message.extra.as_deref().filter(|extra| extra.revoked_at.is_none());
    let content = extra.and_then(|extra| extra.content.as_ref());
    matches!(content, Some(Content::Media { state: MediaState::Coming, .. }))
}

/// Writes down where a message's file is; nothing where there is none.
pub fn settle(message: &mut Message, now: MediaState, why: Option<&str>) {
    let content = message.extra.as_mut().and_then(|extra| extra.content.as_mut());
    if let Some(Content::Media { state, reason, .. }) = content {
        *state = now;
        *reason = why.map(str::to_owned);
    }
}
