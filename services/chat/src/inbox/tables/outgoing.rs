//! What waits to leave through a channel. Rows are added here; what becomes of them is the channel's.

use kernel::{Result, Timestamp, WaSendId};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

use crate::inbox::leaving::Leaving;

/// Adds a message as one part; its channel takes it apart if it must.
pub async fn insert(conn: &impl ConnectionTrait, id: WaSendId, new: &Leaving, now: Timestamp) -> Result<()> {
    let text = "insert into outgoing (tenant_id, id, channel_id, conversation_id, seq, part, again, kind, state, request, delivery, attempts, next_at, created_at, updated_at) \
                values (?, ?, ?, ?, ?, 0, 0, 'message', 'new', ?, 'queued', 0, ?, ?, ?)";
    let values = [
        new.tenant.into(),
        id.into(),
        new.channel.into(),
        new.conversation.into(),
        new.seq.into(),
        new.request.clone().into(),
        now.into(),
        now.into(),
        now.into(),
    ];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}
