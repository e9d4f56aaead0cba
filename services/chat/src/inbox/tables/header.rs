//! Messages without their words.

use std::collections::HashMap;

use kernel::wire::{Author, AuthorKind};
use kernel::{ConversationId, MessageId, Result, TenantId, Timestamp};
use sea_orm::ConnectionTrait;
use store::{fault, sql};
use uuid::Uuid;

use super::message::author_id;

/// Id, author and time of these messages, by number.
pub async fn of(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    id: ConversationId,
    numbers: &[i64],
) -> Result<HashMap<i64, (MessageId, Author, Timestamp)>> {
    let (Some(from), Some(to)) = (numbers.iter().min(), numbers.iter().max()) else { return Ok(HashMap::new()) };
    // only messages with files: a page of a gallery spans few of them, however far apart they are
    let text = "select seq, id, author_kind, author_id, author_name, created_at from message \
                where tenant_id = ? and conversation_id = ? and seq between ? and ? and files > 0";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), id.into(), (*from).into(), (*to).into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter()
        .map(|row| {
            let kind = AuthorKind::from_word(&row.try_get_by_index::<String>(2).map_err(fault)?);
            let author: Uuid = row.try_get_by_index(3).map_err(fault)?;
            let name = row.try_get_by_index(4).map_err(fault)?;
            let author = Author { kind, id: author_id(kind, author), name };
            let (id, at) = (row.try_get_by_index(1).map_err(fault)?, row.try_get_by_index(5).map_err(fault)?);
            Ok((row.try_get_by_index(0).map_err(fault)?, (id, author, at)))
        })
        .collect()
}
