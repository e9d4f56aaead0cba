//! Files: what is known of them, wherever their bytes are.

use kernel::wire::{File, FileKind, FileScan, FileState};
use kernel::{ContactId, ConversationId, Error, FileId, Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use store::{fault, one_of, parts, sql};
use uuid::Uuid;

/// Columns in the order [`read`] reads them.
pub const COLUMNS: &str = "f.id, f.tenant_id, f.owner_id, f.conversation_id, f.seq, f.contact_id, f.note, f.name, f.kind, f.media_type, f.bytes, \
                           f.width, f.height, f.state, f.reason, f.scan, f.findings, f.created_at, f.object, f.previews";

/// The word of a file whose bytes are still coming; such a row is nobody's file yet.
pub const UPLOADING: &str = "uploading";

/// A file with what only we know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Who sent it up: the bare id of a visitor, an agent or a channel.
    pub owner: Uuid,
    /// The message that took it.
    pub place: Option<(ConversationId, i64)>,
    /// The visitor of that conversation.
    pub contact: Option<ContactId>,
    /// Whether that message is a note.
    pub note: bool,
    /// What is shown of it.
    pub file: File,
    /// Where its bytes are.
    pub object: Option<String>,
    /// Smaller pictures of it, as JSON.
    pub previews: String,
}

/// One row.
pub fn read(row: &QueryResult) -> Result<Row> {
    let text = |n: usize| row.try_get_by_index::<String>(n).map_err(fault);
    let maybe = |n: usize| row.try_get_by_index::<Option<String>>(n).map_err(fault);
    let conversation: Option<ConversationId> = row.try_get_by_index(3).map_err(fault)?;
    let seq: Option<i64> = row.try_get_by_index(4).map_err(fault)?;
    Ok(Row {
        tenant: row.try_get_by_index(1).map_err(fault)?,
        owner: row.try_get_by_index(2).map_err(fault)?,
        place: conversation.zip(seq),
        contact: row.try_get_by_index(5).map_err(fault)?,
        note: row.try_get_by_index(6).map_err(fault)?,
        file: File {
            id: row.try_get_by_index(0).map_err(fault)?,
            name: text(7)?,
            kind: FileKind::from_word(&text(8)?),
            media_type: text(9)?,
            bytes: row.try_get_by_index(10).map_err(fault)?,
            width: row.try_get_by_index(11).map_err(fault)?,
            height: row.try_get_by_index(12).map_err(fault)?,
            state: FileState::from_word(&text(13)?).ok_or_else(|| Error::internal("a file in an unknown state"))?,
            reason: maybe(14)?,
            scan: maybe(15)?.as_deref().and_then(FileScan::from_word),
            findings: serde_json::from_str(&text(16)?).map_err(Error::internal)?,
            created_at: row.try_get_by_index(17).map_err(fault)?,
        },
        object: maybe(18)?,
        previews: text(19)?,
    })
}

/// Files of a tenant that are there whole, locked on PostgreSQL, in the order of their ids.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, ids: &[FileId]) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let lock = if backend == DbBackend::Postgres { "for update" } else { "" };
    let mut found = Vec::with_capacity(ids.len());
    for part in parts(backend, ids) {
        let (asked, mut values) = one_of(backend, "f.id", part.iter().map(FileId::uuid));
        values.push(tenant.into());
        values.push(UPLOADING.into());
        let text = format!(
            "select {COLUMNS} from file f where {asked} and f.tenant_id = ? and f.state <> ? order by f.id {lock}"
        );
        let rows = conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)?;
        found.extend(rows.iter().map(read).collect::<Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// Files of these conversations' messages between the lowest and the highest number asked for, in their order.
pub async fn of_messages(conn: &impl ConnectionTrait, id: ConversationId, from: i64, to: i64) -> Result<Vec<Row>> {
    let text = format!(
        "select {COLUMNS} from file f where f.conversation_id = ? and f.seq between ? and ? order by f.seq, f.place"
    );
    let ask = sql(conn.get_database_backend(), &text, [id.into(), from.into(), to.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter().map(read).collect()
}

/// Where a message takes its files.
pub struct Place {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its visitor.
    pub contact: ContactId,
    /// The message's number.
    pub seq: i64,
    /// Whether it is a note.
    pub note: bool,
}

/// Gives a file to a message.
pub async fn give(conn: &impl ConnectionTrait, id: FileId, to: &Place, nth: i32, now: Timestamp) -> Result<()> {
    let text = "update file set conversation_id = ?, contact_id = ?, seq = ?, place = ?, note = ?, updated_at = ? where id = ?";
    let values =
        [to.conversation.into(), to.contact.into(), to.seq.into(), nth.into(), to.note.into(), now.into(), id.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(())
}
