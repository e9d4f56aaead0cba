//! Statements of the hot path: many conversations and messages at a time.

use std::collections::HashMap;

use kernel::wire::{AuthorKind, Message, Receipts, Status, Visibility, Window};
use kernel::{AgentId, Audience, ContactId, ConversationId, Error, Result, TenantId, Timestamp, WidgetId};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};
use store::{Cast, Rows, fault, one_of, parts, sql};
use uuid::Uuid;

use super::conversation::stored;
use super::message;

/// What the hot path must know of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: ConversationId,
    /// Where it stands.
    pub status: Status,
    /// With whom.
    pub contact: ContactId,
    /// Their name.
    pub contact_name: Option<String>,
    /// The widget it came through.
    pub widget: Option<WidgetId>,
    /// The channel it came through, if that is no widget.
    pub channel: Option<Uuid>,
    /// How long the tenant may write freely.
    pub window: Option<Window>,
    /// Start of the last public message.
    pub preview: String,
    /// Who wrote that.
    pub last_author: AuthorKind,
    /// What the team has not read.
    pub unread: i64,
    /// What the visitor has not read.
    pub visitor_unread: i64,
    /// Last number given.
    pub last_seq: i64,
    /// When the last public message was written.
    pub last_message_at: Timestamp,
    /// How far each side has come.
    pub receipts: Receipts,
    /// When anything changed.
    pub updated_at: Timestamp,
}

impl Head {
    /// Who hears what happens in it; see [`crate::inbox::audience`].
    pub fn audience(&self) -> Audience {
        if self.channel.is_some() { Audience::Agents } else { Audience::Visitor(self.contact) }
    }
}

/// Reads and locks conversations, in the order of their ids so that no two batches wait for each other in a circle.
pub async fn lock(conn: &impl ConnectionTrait, ids: &[ConversationId]) -> Result<HashMap<ConversationId, Head>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut heads = HashMap::with_capacity(ids.len());
    let backend = conn.get_database_backend();
    let lock = if backend == DbBackend::Postgres { "for update of c" } else { "" };
    for part in parts(backend, &ids) {
        let (asked, values) = one_of(backend, "c.id", part.iter().map(ConversationId::uuid));
        let text = format!(
            "select c.tenant_id, c.id, c.status, c.contact_id, p.name, c.widget_id, c.preview, c.last_author, c.unread, c.visitor_unread, c.last_seq, \
             c.last_message_at, c.visitor_delivered_seq, c.visitor_read_seq, c.agent_delivered_seq, c.agent_read_seq, c.updated_at, c.channel_id, c.reply_window \
             from conversation c join contact p on p.id = c.contact_id where {asked} order by c.id {lock}"
        );
        for row in conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)? {
            let head = head(&row)?;
            heads.insert(head.id, head);
        }
    }
    Ok(heads)
}

fn head(row: &QueryResult) -> Result<Head> {
    let number = |n: usize| row.try_get_by_index::<i64>(n).map_err(fault);
    let text = |n: usize| row.try_get_by_index::<String>(n).map_err(fault);
    Ok(Head {
        tenant: row.try_get_by_index(0).map_err(fault)?,
        id: row.try_get_by_index(1).map_err(fault)?,
        status: Status::from_word(&text(2)?).ok_or_else(|| Error::internal("a conversation with an unknown status"))?,
        contact: row.try_get_by_index(3).map_err(fault)?,
        contact_name: row.try_get_by_index(4).map_err(fault)?,
        widget: row.try_get_by_index(5).map_err(fault)?,
        preview: text(6)?,
        last_author: AuthorKind::from_word(&text(7)?),
        unread: number(8)?,
        visitor_unread: number(9)?,
        last_seq: number(10)?,
        last_message_at: row.try_get_by_index(11).map_err(fault)?,
        receipts: Receipts {
            visitor_delivered_seq: number(12)?,
            visitor_read_seq: number(13)?,
            agent_delivered_seq: number(14)?,
            agent_read_seq: number(15)?,
        },
        updated_at: row.try_get_by_index(16).map_err(fault)?,
        channel: row.try_get_by_index(17).map_err(fault)?,
        window: super::conversation::window(row.try_get_by_index(18).map_err(fault)?)?,
    })
}

/// What makes a message the same message.
pub type Same = (ConversationId, Uuid, String);

/// Messages that are there already under these keys.
pub async fn repeats(conn: &impl ConnectionTrait, keys: &[Same]) -> Result<HashMap<Same, Message>> {
    let mut found = HashMap::new();
    let backend = conn.get_database_backend();
    for part in parts(backend, keys) {
        let mut rows = Rows::of(backend, &[Cast::Uuid, Cast::Uuid, Cast::Text], part.len());
        part.iter().for_each(|(conversation, author, client)| {
            rows.push([(*conversation).into(), (*author).into(), client.as_str().into()])
        });
        let after = format!(
            ") select {}, m.author_id from v join message m on m.conversation_id = v.c and m.author_id = v.a and m.client_id = v.i",
            message::COLUMNS
        );
        let ask = rows.statement("with v (c, a, i) as (", &after, []);
        let rows = conn.query_all_raw(ask).await.map_err(fault)?;
        let messages = message::load(conn, rows.iter().map(message::read)).await?;
        for (row, message) in rows.iter().zip(messages) {
            let author: Uuid = row.try_get_by_index(13).map_err(fault)?;
            found.insert((message.conversation_id, author, message.client_id.clone()), message);
        }
    }
    Ok(found)
}

/// Names of agents.
pub async fn agent_names(conn: &impl ConnectionTrait, ids: &[AgentId]) -> Result<HashMap<AgentId, String>> {
    let mut names = HashMap::new();
    let backend = conn.get_database_backend();
    for part in parts(backend, ids) {
        let (asked, values) = one_of(backend, "id", part.iter().map(AgentId::uuid));
        let ask = sql(backend, &format!("select id, name from agent where {asked}"), values);
        for row in conn.query_all_raw(ask).await.map_err(fault)? {
            names.insert(row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?);
        }
    }
    Ok(names)
}

const MESSAGE: &[Cast] = &[
    Cast::Uuid,
    Cast::Uuid,
    Cast::Big,
    Cast::Uuid,
    Cast::Text,
    Cast::Text,
    Cast::Uuid,
    Cast::Text,
    Cast::Text,
    Cast::Text,
    Cast::Uuid,
    Cast::Big,
    Cast::Big,
    Cast::Text,
];

/// Adds messages; each comes with its tenant and its author's bare id.
pub async fn insert(conn: &impl ConnectionTrait, messages: &[(TenantId, Uuid, Message)]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, messages) {
        let mut rows = Rows::of(backend, MESSAGE, part.len());
        let extras = part.iter().map(|(_, _, message)| message::extra(message)).collect::<Result<Vec<_>>>()?;
        for ((tenant, author, message), extra) in part.iter().zip(&extras) {
            rows.push([
                (*tenant).into(),
                message.conversation_id.into(),
                message.seq.into(),
                message.id.into(),
                message.client_id.as_str().into(),
                message.author.kind.word().into(),
                (*author).into(),
                message.author.name.as_str().into(),
                message.body.as_str().into(),
                if message.visibility == Visibility::Note { "note" } else { "public" }.into(),
                message.reply_to.into(),
                message.created_at.into(),
                i64::try_from(message.files.len()).unwrap_or(0).into(),
                extra.as_deref().into(),
            ]);
        }
        let before = "insert into message (tenant_id, conversation_id, seq, id, client_id, author_kind, author_id, author_name, body, visibility, reply_to, created_at, files, extra)";
        conn.execute_raw(rows.statement(before, "", [])).await.map_err(fault)?;
    }
    Ok(())
}

const HEAD: &[Cast] = &[
    Cast::Uuid,
    Cast::Text,
    Cast::Text,
    Cast::Text,
    Cast::Big,
    Cast::Big,
    Cast::Big,
    Cast::Big,
    Cast::Big,
    Cast::Big,
    Cast::Big,
    Cast::Big,
    Cast::Big,
    Cast::Text,
];

/// Writes conversations back. A second active conversation of one visitor is refused.
pub async fn save(conn: &impl ConnectionTrait, heads: &[&Head]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, heads) {
        let mut rows = Rows::of(backend, HEAD, part.len());
        let windows = part.iter().map(|head| stored(head.window.as_ref())).collect::<Result<Vec<_>>>()?;
        for (head, window) in part.iter().zip(&windows) {
            rows.push([
                head.id.into(),
                head.status.word().into(),
                head.preview.as_str().into(),
                head.last_author.word().into(),
                head.unread.into(),
                head.visitor_unread.into(),
                head.last_seq.into(),
                head.last_message_at.into(),
                head.receipts.visitor_delivered_seq.into(),
                head.receipts.visitor_read_seq.into(),
                head.receipts.agent_delivered_seq.into(),
                head.receipts.agent_read_seq.into(),
                head.updated_at.into(),
                window.as_deref().into(),
            ]);
        }
        let after = ") update conversation set status = v.b, preview = v.c, last_author = v.d, unread = v.e, visitor_unread = v.f, last_seq = v.g, \
                     last_message_at = v.h, visitor_delivered_seq = v.i, visitor_read_seq = v.j, agent_delivered_seq = v.k, agent_read_seq = v.l, \
                     updated_at = v.m, reply_window = v.n from v where conversation.id = v.a";
        let statement = rows.statement("with v (a, b, c, d, e, f, g, h, i, j, k, l, m, n) as (", after, []);
        match conn.execute_raw(statement).await {
            Ok(_) => (),
            Err(error) if store::is_conflict(&error) => return Err(super::conversation::another_is_open()),
            Err(error) => return Err(fault(error)),
        }
    }
    Ok(())
}
