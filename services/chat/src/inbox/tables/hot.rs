//! Statements of the hot path: many conversations and messages at a time.
//!
//! Lists are cut into powers of two, so that a handful of statement texts stays prepared whatever the batch.

use std::collections::HashMap;

use kernel::wire::{AuthorKind, Message, Receipts, Status, Visibility};
use kernel::{AgentId, ContactId, ConversationId, Error, Result, TenantId, Timestamp, WidgetId};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use store::{Cast, Rows, fault, sql};
use uuid::Uuid;

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

/// Reads and locks conversations, in the order of their ids so that no two batches wait for each other in a circle.
pub async fn lock(conn: &impl ConnectionTrait, ids: &[ConversationId]) -> Result<HashMap<ConversationId, Head>> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut heads = HashMap::with_capacity(ids.len());
    for part in powers(&ids) {
        let marks = vec!["?"; part.len()].join(", ");
        let lock = if conn.get_database_backend() == DbBackend::Postgres { "for update of c" } else { "" };
        let text = format!(
            "select c.tenant_id, c.id, c.status, c.contact_id, p.name, c.widget_id, c.preview, c.last_author, c.unread, c.visitor_unread, c.last_seq, \
             c.last_message_at, c.visitor_delivered_seq, c.visitor_read_seq, c.agent_delivered_seq, c.agent_read_seq, c.updated_at \
             from conversation c join contact p on p.id = c.contact_id where c.id in ({marks}) order by c.id {lock}"
        );
        let ask = sql(conn.get_database_backend(), &text, part.iter().map(|id| Value::from(*id)));
        for row in conn.query_all_raw(ask).await.map_err(fault)? {
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
    })
}

/// What makes a message the same message.
pub type Same = (ConversationId, Uuid, String);

/// Messages that are there already under these keys.
pub async fn repeats(conn: &impl ConnectionTrait, keys: &[Same]) -> Result<HashMap<Same, Message>> {
    let mut found = HashMap::new();
    for part in powers(keys) {
        let mut rows = Rows::of(&[Cast::Uuid, Cast::Uuid, Cast::Text]);
        part.iter().for_each(|(conversation, author, client)| {
            rows.push([(*conversation).into(), (*author).into(), client.as_str().into()])
        });
        let after = format!(
            ") select {}, m.author_id from v join message m on m.conversation_id = v.c and m.author_id = v.a and m.client_id = v.i",
            message::COLUMNS
        );
        let ask = rows.statement(conn.get_database_backend(), "with v (c, a, i) as (", &after, []);
        for row in conn.query_all_raw(ask).await.map_err(fault)? {
            let message = message::read(&row)?;
            let author: Uuid = row.try_get_by_index(11).map_err(fault)?;
            found.insert((message.conversation_id, author, message.client_id.clone()), message);
        }
    }
    Ok(found)
}

/// Names of agents.
pub async fn agent_names(conn: &impl ConnectionTrait, ids: &[AgentId]) -> Result<HashMap<AgentId, String>> {
    let mut names = HashMap::new();
    for part in powers(ids) {
        let marks = vec!["?"; part.len()].join(", ");
        let ask = sql(
            conn.get_database_backend(),
            &format!("select id, name from agent where id in ({marks})"),
            part.iter().map(|id| Value::from(*id)),
        );
        for row in conn.query_all_raw(ask).await.map_err(fault)? {
            names.insert(row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?);
        }
    }
    Ok(names)
}

/// Adds messages; each comes with its tenant and its author's bare id.
pub async fn insert(conn: &impl ConnectionTrait, messages: &[(TenantId, Uuid, Message)]) -> Result<()> {
    for part in powers(messages) {
        let mut rows = Rows::of(&[
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
        ]);
        for (tenant, author, message) in part {
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
            ]);
        }
        let before = "insert into message (tenant_id, conversation_id, seq, id, client_id, author_kind, author_id, author_name, body, visibility, reply_to, created_at)";
        conn.execute_raw(rows.statement(conn.get_database_backend(), before, "", [])).await.map_err(fault)?;
    }
    Ok(())
}

/// Writes conversations back. A second active conversation of one visitor is refused.
pub async fn save(conn: &impl ConnectionTrait, heads: &[&Head]) -> Result<()> {
    for part in powers(heads) {
        let mut rows = Rows::of(&[
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
        ]);
        for head in part {
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
            ]);
        }
        let after = ") update conversation set status = v.b, preview = v.c, last_author = v.d, unread = v.e, visitor_unread = v.f, last_seq = v.g, \
                     last_message_at = v.h, visitor_delivered_seq = v.i, visitor_read_seq = v.j, agent_delivered_seq = v.k, agent_read_seq = v.l, \
                     updated_at = v.m from v where conversation.id = v.a";
        let statement = rows.statement(
            conn.get_database_backend(),
            "with v (a, b, c, d, e, f, g, h, i, j, k, l, m) as (",
            after,
            [],
        );
        match conn.execute_raw(statement).await {
            Ok(_) => (),
            Err(error) if store::is_conflict(&error) => return Err(super::conversation::another_is_open()),
            Err(error) => return Err(fault(error)),
        }
    }
    Ok(())
}

/// Cuts a list into slices whose lengths are powers of two, largest first, 256 at most.
fn powers<T>(mut list: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = list.len().min(256);
        let take = (length > 0).then(|| 1 << length.ilog2())?;
        let (part, rest) = list.split_at(take);
        list = rest;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::powers;

    #[test]
    fn every_length_is_cut_into_powers_of_two() {
        for length in 0..700_usize {
            let list: Vec<usize> = (0..length).collect();
            let parts: Vec<&[usize]> = powers(&list).collect();
            assert!(parts.iter().all(|part| part.len().is_power_of_two()));
            assert_eq!(parts.concat(), list);
        }
    }
}
