//! Changing what was said: an edit, a sign under it, how far it came.

use kernel::wire::{Message, Receipts, Visibility};
use kernel::{Audience, ConversationId, Event, Result, TenantId, Timestamp};
use store::Unit;

use super::audience;
use super::search;
use super::tables::{conversation, message};

/// Changes a message within a unit and says so; `None` when nothing changed. `change` touches words, files and extra
/// only. The list shows the new words if it is the last message.
pub async fn amend(
    unit: &mut Unit,
    tenant: TenantId,
    id: ConversationId,
    seq: i64,
    now: Timestamp,
    change: impl FnOnce(&mut Message),
) -> Result<Option<Message>> {
    let row = conversation::lock(unit.conn(), tenant, id).await?.conversation;
    let before = message::lock(unit.conn(), tenant, id, seq).await?;
    let mut after = before.clone();
    change(&mut after);
    if after.extra.as_ref().is_some_and(|extra| extra.is_empty()) {
        after.extra = None;
    }
    if after == before {
        return Ok(None);
    }
    message::save(unit.conn(), &after).await?;
    if after.body != before.body || is_gone(&after) {
        search::forget(unit, id, seq).await?;
    }
    if row.last_seq == seq && after.visibility == Visibility::Public && row.preview != after.preview() {
        conversation::set(unit.conn(), id, "preview", after.preview().into(), now).await?;
    }
    message::delivered(&mut after, &Receipts::default());
    let event = Event::MessageChanged { conversation_id: id, seq, message: after.clone() };
    let audience = match after.visibility {
        Visibility::Public => audience::of(&row),
        Visibility::Note => Audience::Agents,
    };
    unit.emit(tenant, audience, event);
    Ok(Some(after))
}

fn is_gone(message: &Message) -> bool {
    message.extra.as_ref().is_some_and(|extra| extra.revoked_at.is_some())
}
