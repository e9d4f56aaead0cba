//! Messages: read by conversation and number.

use kernel::wire::{Author, AuthorKind, Delivery, Message, Receipts, Visibility};
use kernel::{ConversationId, Error, MessageId, Result, TenantId};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use store::{fault, sql};
use uuid::Uuid;

use crate::files;
use crate::inbox::thread::Part;

/// Columns in the order [`read`] reads them.
pub const COLUMNS: &str = "m.id, m.conversation_id, m.seq, m.client_id, m.author_kind, m.author_id, m.author_name, m.body, m.visibility, m.reply_to, m.created_at, m.files, m.extra";

/// Part of a thread, ascending; visitors are not shown notes.
pub async fn part(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    id: ConversationId,
    part: Part,
    notes: bool,
    most: u64,
) -> Result<Vec<Message>> {
    let (bound, way) = match part {
        Part::Latest => ("", "desc"),
        Part::Before(_) => ("and m.seq < ?", "desc"),
        Part::After(_) => ("and m.seq > ?", "asc"),
    };
    let notes = if notes { "" } else { "and m.visibility = 'public'" };
    let text = format!(
        "select {COLUMNS} from message m where m.tenant_id = ? and m.conversation_id = ? {bound} {notes} order by m.seq {way} limit ?"
    );
    let mut values: Vec<Value> = vec![tenant.into(), id.into()];
    if let Part::Before(seq) | Part::After(seq) = part {
        values.push(seq.into());
    }
    values.push(i64::try_from(most).unwrap_or(101).into());
    let found = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    load(conn, found.iter().map(read)).await
}

/// Messages with their files.
pub async fn load(
    conn: &impl ConnectionTrait,
    found: impl Iterator<Item = Result<(Message, i32)>>,
) -> Result<Vec<Message>> {
    let mut found = found.collect::<Result<Vec<_>>>()?;
    files::load(conn, &mut found).await?;
    Ok(found.into_iter().map(|(message, _)| message).collect())
}

/// Public messages of one side after `seq`: what the other side has left to read.
pub async fn count_after(conn: &impl ConnectionTrait, id: ConversationId, seq: i64, author: AuthorKind) -> Result<i64> {
    let text = "select count(*) from message where conversation_id = ? and seq > ? and author_kind = ? and visibility = 'public'";
    let ask = sql(conn.get_database_backend(), text, [id.into(), seq.into(), author.word().into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0).map_err(fault))
}

/// Whether a message is part of this conversation.
pub async fn is_in(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    conversation: ConversationId,
    id: MessageId,
) -> Result<bool> {
    let text = "select 1 from message where tenant_id = ? and conversation_id = ? and id = ?";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), conversation.into(), id.into()]);
    Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
}

/// The id of the message with this number.
pub async fn id_at(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Option<MessageId>> {
    let text = "select id from message where tenant_id = ? and conversation_id = ? and seq = ?";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), conversation.into(), seq.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// The number of the message with this id.
pub async fn seq_of(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<i64>> {
    let text = "select seq from message where tenant_id = ? and conversation_id = ? and id = ?";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), conversation.into(), id.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// The message with this number, with its files.
pub async fn at(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Option<Message>> {
    let text = format!("select {COLUMNS} from message m where m.tenant_id = ? and m.conversation_id = ? and m.seq = ?");
    let ask = sql(conn.get_database_backend(), &text, [tenant.into(), conversation.into(), seq.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    Ok(load(conn, row.iter().map(read)).await?.pop())
}

/// One message, `sent` until receipts are applied, and how many files it has.
pub fn read(row: &QueryResult) -> Result<(Message, i32)> {
    let text = |n: usize| row.try_get_by_index::<String>(n).map_err(fault);
    let kind = AuthorKind::from_word(&text(4)?);
    let author: Uuid = row.try_get_by_index(5).map_err(fault)?;
    let extra: Option<String> = row.try_get_by_index(12).map_err(fault)?;
    let message = Message {
        id: row.try_get_by_index(0).map_err(fault)?,
        conversation_id: row.try_get_by_index(1).map_err(fault)?,
        seq: row.try_get_by_index(2).map_err(fault)?,
        client_id: text(3)?,
        author: Author { kind, id: author_id(kind, author), name: text(6)? },
        body: text(7)?,
        files: Vec::new(),
        visibility: if text(8)? == "note" { Visibility::Note } else { Visibility::Public },
        delivery: Delivery::Sent,
        reply_to: row.try_get_by_index(9).map_err(fault)?,
        extra: extra.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?,
        created_at: row.try_get_by_index(10).map_err(fault)?,
    };
    Ok((message, row.try_get_by_index(11).map_err(fault)?))
}

/// One message with its files, locked on PostgreSQL until the unit ends.
pub async fn lock(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Message> {
    let backend = conn.get_database_backend();
    let lock = if backend == DbBackend::Postgres { "for update" } else { "" };
    let text =
        format!("select {COLUMNS} from message m where m.tenant_id = ? and m.conversation_id = ? and m.seq = ? {lock}");
    let row = conn.query_one_raw(sql(backend, &text, [tenant.into(), conversation.into(), seq.into()])).await;
    let row = row.map_err(fault)?.ok_or_else(Error::not_found)?;
    load(conn, std::iter::once(read(&row))).await?.pop().ok_or_else(Error::not_found)
}

/// Writes what can change of a message.
pub async fn save(conn: &impl ConnectionTrait, message: &Message) -> Result<()> {
    let text = "update message set body = ?, files = ?, extra = ? where conversation_id = ? and seq = ?";
    let files = i64::try_from(message.files.len()).unwrap_or(0);
    let values = [
        message.body.as_str().into(),
        files.into(),
        extra(message)?.into(),
        message.conversation_id.into(),
        message.seq.into(),
    ];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// What its channel adds, as it is stored.
pub fn extra(message: &Message) -> Result<Option<String>> {
    message.extra.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)
}

/// An author's id as the wire shows it; whoever has no row has none.
pub fn author_id(kind: AuthorKind, id: Uuid) -> Option<String> {
    match kind {
        _ if id.is_nil() => None,
        AuthorKind::Visitor => Some(kernel::ContactId::from_uuid(id).to_string()),
        AuthorKind::Agent => Some(kernel::AgentId::from_uuid(id).to_string()),
        AuthorKind::Bot | AuthorKind::System => None,
    }
}

/// How far a message has come: what its channel says of it, or else what follows from how far the other side has come.
pub fn delivered(message: &mut Message, receipts: &Receipts) {
    if let Some(known) = message.extra.as_ref().and_then(|extra| extra.delivery) {
        message.delivery = known;
        return;
    }
    let (delivered, read) = match message.author.kind {
        AuthorKind::Visitor => (receipts.agent_delivered_seq, receipts.agent_read_seq),
        _ => (receipts.visitor_delivered_seq, receipts.visitor_read_seq),
    };
    message.delivery = match message.seq {
        seq if seq <= read => Delivery::Read,
        seq if seq <= delivered => Delivery::Delivered,
        _ => Delivery::Sent,
    };
}
