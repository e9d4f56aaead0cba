//! Conversations whose files and words must stay, whatever anybody asks.

use std::collections::HashSet;

use kernel::{ConversationId, Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, one_of, parts, sql};

/// Why a conversation must stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Who said so, by name.
    pub by: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub at: Timestamp,
}

/// What holds a conversation, if anything does.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<Option<Hold>> {
    let text = "select by_name, reason, at from file_hold where tenant_id = ? and conversation_id = ?";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), id.into()]);
    let Some(row) = conn.query_one_raw(ask).await.map_err(fault)? else { return Ok(None) };
    let (by, reason) = (row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?);
    Ok(Some(Hold { by, reason, at: row.try_get_by_index(2).map_err(fault)? }))
}

/// Which of these conversations are held.
pub async fn among(conn: &impl ConnectionTrait, ids: &[ConversationId]) -> Result<HashSet<ConversationId>> {
    let backend = conn.get_database_backend();
    let mut held = HashSet::new();
    for part in parts(backend, ids) {
        let (these, values) = one_of(backend, "conversation_id", part.iter().map(ConversationId::uuid));
        let text = format!("select conversation_id from file_hold where {these}");
        for row in conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)? {
            held.insert(row.try_get_by_index(0).map_err(fault)?);
        }
    }
    Ok(held)
}

/// Holds a conversation; a hold that is there gets the new reason.
pub async fn put(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId, hold: &Hold) -> Result<()> {
    let text = "insert into file_hold (tenant_id, conversation_id, reason, by_name, at) values (?, ?, ?, ?, ?) \
                on conflict (conversation_id) do update set reason = excluded.reason, by_name = excluded.by_name, at = excluded.at";
    let values = [tenant.into(), id.into(), hold.reason.as_str().into(), hold.by.as_str().into(), hold.at.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// Lets a conversation go.
pub async fn remove(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<()> {
    let text = "delete from file_hold where tenant_id = ? and conversation_id = ?";
    let forget = sql(conn.get_database_backend(), text, [tenant.into(), id.into()]);
    conn.execute_raw(forget).await.map(|_| ()).map_err(fault)
}
