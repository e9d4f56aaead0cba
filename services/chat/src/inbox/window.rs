//! How long the tenant may write freely to somebody: 24 hours from their last word, by the channel's clock.

use std::time::Duration;

use kernel::wire::Window;
use kernel::{Audience, ContactId, ConversationId, Event, Result, TenantId, Timestamp};
use store::Unit;

use super::tables::{conversation, hot};

const OPEN: Duration = Duration::from_secs(24 * 3_600);
/// How far our clock and the channel's may be apart: a refusal is stamped with either, what people write with theirs.
const DOUBT: Duration = Duration::from_secs(120);

/// Whether free words may be sent now. The channel's own verdict stands until they write again.
pub fn is_open(window: Option<&Window>, now: Timestamp) -> bool {
    window.is_some_and(|window| window.refused_at.is_none() && window.open_until.is_some_and(|until| now < until))
}

/// They wrote at this time; `None` when they wrote later as well.
pub(super) fn open(head: &mut hot::Head, at: Timestamp) -> Option<Event> {
    let before = head.window.unwrap_or_default();
    if before.last_inbound_at.is_some_and(|last| last >= at) {
        return None;
    }
    let refused_at = before.refused_at.filter(|refused| *refused > at.plus(DOUBT));
    let window = Window { last_inbound_at: Some(at), open_until: Some(at.plus(OPEN)), refused_at, ..before };
    head.window = Some(window);
    Some(Event::ConversationWindowChanged { conversation_id: head.id, window })
}

/// Changes a conversation's window within a unit and says so, if that changes anything.
pub async fn change_window(
    unit: &mut Unit,
    tenant: TenantId,
    id: ConversationId,
    now: Timestamp,
    change: impl FnOnce(&mut Window),
) -> Result<()> {
    let row = conversation::lock(unit.conn(), tenant, id).await?.conversation;
    let before = row.window.unwrap_or_default();
    let mut window = before;
    change(&mut window);
    if window == before {
        return Ok(());
    }
    let stored = conversation::stored(Some(&window))?;
    conversation::set(unit.conn(), id, "reply_window", stored.into(), now).await?;
    unit.emit(tenant, Audience::Agents, Event::ConversationWindowChanged { conversation_id: id, window });
    Ok(())
}

/// The person of a conversation and its window.
pub async fn window_of(
    conn: &impl store::Conn,
    tenant: TenantId,
    id: ConversationId,
) -> Result<(ContactId, Option<Window>)> {
    let row = conversation::find(conn, tenant, id).await?.conversation;
    Ok((row.contact.id, row.window))
}
