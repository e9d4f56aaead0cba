//! What was there before the search, in the order of keys.

use kernel::wire::Contact;
use kernel::{ContactId, ConversationId, Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};
use uuid::Uuid;

use crate::contacts as people;

/// A message as the search needs it.
pub struct Said {
    /// Its number.
    pub seq: i64,
    /// Its words.
    pub body: String,
    /// How many files it has.
    pub files: i32,
    /// When it was written.
    pub at: Timestamp,
}

/// Contacts after a key.
pub async fn contacts(
    conn: &impl ConnectionTrait,
    after: Option<ContactId>,
    most: i64,
) -> Result<Vec<(TenantId, Contact)>> {
    let text = format!("select {}, p.tenant_id from contact p where p.id > ? order by p.id limit ?", people::COLUMNS);
    let values = [after.map_or(Uuid::nil(), |id| id.uuid()).into(), most.into()];
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    rows.iter().map(|row| Ok((row.try_get_by_index(10).map_err(fault)?, people::of_row(row, 0)?))).collect()
}

/// Conversations after a key.
pub async fn conversations(
    conn: &impl ConnectionTrait,
    after: Option<ConversationId>,
    most: i64,
) -> Result<Vec<ConversationId>> {
    let text = "select id from conversation where id > ? order by id limit ?";
    let values = [after.map_or(Uuid::nil(), |id| id.uuid()).into(), most.into()];
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}

/// All that was said in one.
pub async fn messages(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<Vec<Said>> {
    let text =
        "select seq, body, files, created_at from message where tenant_id = ? and conversation_id = ? order by seq";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), id.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter()
        .map(|row| {
            Ok(Said {
                seq: row.try_get_by_index(0).map_err(fault)?,
                body: row.try_get_by_index(1).map_err(fault)?,
                files: row.try_get_by_index(2).map_err(fault)?,
                at: row.try_get_by_index(3).map_err(fault)?,
            })
        })
        .collect()
}

/// Names of a message's files.
pub async fn file_names(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    id: ConversationId,
    said: &Said,
) -> Result<Vec<String>> {
    if said.files == 0 {
        return Ok(Vec::new());
    }
    let text = "select name from file where tenant_id = ? and conversation_id = ? and seq = ? order by place";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), id.into(), said.seq.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}
