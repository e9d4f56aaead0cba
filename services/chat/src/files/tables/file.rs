//! Files: what is known of them, wherever their bytes are.

use kernel::wire::{File, FileKind, FileScan, FileState};
use kernel::{ContactId, ConversationId, Error, FileId, Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use serde::{Deserialize, Serialize};
use store::{fault, one_of, parts, sql};
use uuid::Uuid;

/// Columns in the order [`read`] reads them.
pub const COLUMNS: &str = "f.id, f.tenant_id, f.owner_id, f.conversation_id, f.seq, f.contact_id, f.note, f.name, f.kind, f.media_type, f.bytes, \
                           f.width, f.height, f.state, f.reason, f.scan, f.findings, f.created_at, f.object, f.previews, f.owner_kind, f.declared, \
                           f.counted, f.sha256";

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
    /// Smaller pictures of it.
    pub previews: Vec<Preview>,
    /// `visitor`, `agent` or the word of a channel.
    pub owner_kind: String,
    /// What its sender said it is.
    pub declared: String,
    /// Bytes it counts in what its tenant uses.
    pub counted: i64,
    /// SHA-256 of the bytes as they were sent.
    pub sha256: Option<String>,
}

/// A smaller picture of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// `small` or `large`.
    pub variant: String,
    /// Where its bytes are.
    pub key: String,
    /// What it is.
    pub media_type: String,
    /// How many bytes.
    pub bytes: i64,
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
        previews: serde_json::from_str(&text(19)?).map_err(Error::internal)?,
        owner_kind: text(20)?,
        declared: text(21)?,
        counted: row.try_get_by_index(22).map_err(fault)?,
        sha256: maybe(23)?,
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
    /// The visitor who may see it, where there is one.
    pub visitor: Option<ContactId>,
    /// The message's number.
    pub seq: i64,
    /// Whether it is a note.
    pub note: bool,
}

/// Gives a file to a message.
pub async fn give(conn: &impl ConnectionTrait, id: FileId, to: &Place, nth: i32, now: Timestamp) -> Result<()> {
    let text = "update file set conversation_id = ?, contact_id = ?, seq = ?, place = ?, note = ?, updated_at = ? where id = ?";
    let values =
        [to.conversation.into(), to.visitor.into(), to.seq.into(), nth.into(), to.note.into(), now.into(), id.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(())
}

/// A file whose bytes are about to come.
pub struct New<'a> {
    /// Whose.
    pub tenant: TenantId,
    /// Who sends it up: a word and a bare id.
    pub owner: (&'a str, Uuid),
    /// Through which channel.
    pub source: &'a str,
    /// What its sender said it is.
    pub declared: &'a str,
    /// What is known of it.
    pub file: &'a File,
    /// Bytes that were reserved for it.
    pub counted: i64,
    /// Where its bytes will be.
    pub object: &'a str,
}

/// Writes down that bytes are about to come.
pub async fn insert(conn: &impl ConnectionTrait, new: New<'_>) -> Result<()> {
    let text = "insert into file (tenant_id, id, owner_kind, owner_id, source, note, name, declared, kind, media_type, bytes, counted, object, \
                previews, state, findings, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, '[]', ?, '[]', ?, ?)";
    let (file, at) = (new.file, new.file.created_at);
    let values = [
        new.tenant.into(),
        file.id.into(),
        new.owner.0.into(),
        new.owner.1.into(),
        new.source.into(),
        false.into(),
        file.name.as_str().into(),
        new.declared.into(),
        file.kind.word().into(),
        file.media_type.as_str().into(),
        new.counted.into(),
        new.object.into(),
        UPLOADING.into(),
        at.into(),
        at.into(),
    ];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// The bytes are here; `false` when the row was swept meanwhile.
pub async fn arrived(
    conn: &impl ConnectionTrait,
    id: FileId,
    (bytes, sha256): (i64, &str),
    now: Timestamp,
) -> Result<bool> {
    let text = "update file set state = 'checking', bytes = ?, counted = ?, sha256 = ?, updated_at = ? where id = ? and state = ?";
    let values = [bytes.into(), bytes.into(), sha256.into(), now.into(), id.into(), UPLOADING.into()];
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected() == 1)
}

/// Takes back a file whose bytes did not come; gives what it counted, or `None` when somebody else took it back.
pub async fn forget_uploading(conn: &impl ConnectionTrait, id: FileId) -> Result<Option<i64>> {
    let text = "delete from file where id = ? and state = ? returning counted";
    let ask = sql(conn.get_database_backend(), text, [id.into(), UPLOADING.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// Files of a tenant that are there whole, in no particular order.
pub async fn some(conn: &impl ConnectionTrait, tenant: TenantId, ids: &[FileId]) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let mut found = Vec::with_capacity(ids.len());
    for part in parts(backend, ids) {
        let (asked, mut values) = one_of(backend, "f.id", part.iter().map(FileId::uuid));
        values.extend([tenant.into(), UPLOADING.into()]);
        let text = format!("select {COLUMNS} from file f where {asked} and f.tenant_id = ? and f.state <> ?");
        let rows = conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)?;
        found.extend(rows.iter().map(read).collect::<Result<Vec<_>>>()?);
    }
    Ok(found)
}

/// A file by its id alone, for those who hold a link or a job.
pub async fn by_id(conn: &impl ConnectionTrait, id: FileId) -> Result<Option<Row>> {
    let text = format!("select {COLUMNS} from file f where f.id = ? and f.state <> ?");
    let ask = sql(conn.get_database_backend(), &text, [id.into(), UPLOADING.into()]);
    conn.query_one_raw(ask).await.map_err(fault)?.as_ref().map(read).transpose()
}

/// What a check found out.
pub struct Verdict<'a> {
    /// As it is shown from now on.
    pub file: &'a File,
    /// Where its bytes are; none of a file that was refused.
    pub object: Option<&'a str>,
    /// Smaller pictures of it.
    pub previews: &'a [Preview],
    /// Bytes it counts from now on.
    pub counted: i64,
}

/// Writes a verdict down, once; gives the row as it was before, with the message that took it, or `None` when the file
/// waits for no verdict any more.
pub async fn decide(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    verdict: Verdict<'_>,
    now: Timestamp,
) -> Result<Option<Row>> {
    let file = verdict.file;
    let before = lock(conn, tenant, &[file.id]).await?.pop().filter(|row| row.file.state == FileState::Checking);
    let Some(before) = before else { return Ok(None) };
    let text = "update file set kind = ?, media_type = ?, bytes = ?, counted = ?, width = ?, height = ?, object = ?, previews = ?, \
                state = ?, reason = ?, scan = ?, findings = ?, updated_at = ? where id = ?";
    let values = [
        file.kind.word().into(),
        file.media_type.as_str().into(),
        file.bytes.into(),
        verdict.counted.into(),
        file.width.into(),
        file.height.into(),
        verdict.object.into(),
        serde_json::to_string(verdict.previews).map_err(Error::internal)?.into(),
        file.state.word().into(),
        file.reason.as_deref().into(),
        file.scan.map(|scan| scan.word()).into(),
        serde_json::to_string(&file.findings).map_err(Error::internal)?.into(),
        now.into(),
        file.id.into(),
    ];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(Some(before))
}
