//! Messages from before a number was connected, until they are written into the inbox.

use kernel::{ContactId, ConversationId, Result, TenantId, Timestamp, WaNumberId};
use sea_orm::{ConnectionTrait, QueryResult};
use store::{Cast, Rows, fault, parts, sql};

/// A message.
#[derive(Clone, Debug)]
pub struct Row {
    /// SHA-256 of Meta's id.
    pub hash: String,
    /// A name of whom it was written with; their contact's id once they were found.
    pub person: String,
    /// All of it, sealed.
    pub body: String,
    /// When it was written.
    pub at: Timestamp,
}

/// Whose they are.
#[derive(Clone, Copy, Debug)]
pub struct Whose {
    pub tenant: TenantId,
    pub number: WaNumberId,
}

const COLUMNS: &[Cast] = &[Cast::Uuid, Cast::Uuid, Cast::Text, Cast::Text, Cast::Text, Cast::Big, Cast::Big];

/// Adds messages that are neither here nor in the inbox; gives how many.
pub async fn add(conn: &impl ConnectionTrait, of: Whose, rows: &[Row], now: Timestamp) -> Result<u64> {
    put(conn, of, rows, now, "on conflict do nothing").await
}

/// The same, where a row that is here is replaced: the file that was announced.
pub async fn replace(conn: &impl ConnectionTrait, of: Whose, rows: &[Row], now: Timestamp) -> Result<u64> {
    put(conn, of, rows, now, "on conflict (number_id, hash) do update set body = excluded.body").await
}

async fn put(conn: &impl ConnectionTrait, of: Whose, rows: &[Row], now: Timestamp, or: &str) -> Result<u64> {
    let backend = conn.get_database_backend();
    let mut added = 0;
    for part in parts(backend, rows) {
        let mut list = Rows::of(backend, COLUMNS, part.len());
        for row in part {
            list.push([
                of.tenant.into(),
                of.number.into(),
                row.hash.as_str().into(),
                row.person.as_str().into(),
                row.body.as_str().into(),
                row.at.into(),
                now.into(),
            ]);
        }
        let after = format!(
            ") insert into wa_past (tenant_id, number_id, hash, person, body, at, received_at) \
             select v.a, v.b, v.c, v.d, v.e, v.f, v.g from v where not exists \
             (select 1 from wa_message m where m.number_id = v.b and m.hash = v.c) {or}"
        );
        let ask = list.statement("with v (a, b, c, d, e, f, g) as (", &after, []);
        added += conn.execute_raw(ask).await.map_err(fault)?.rows_affected();
    }
    Ok(added)
}

/// Somebody who was not looked for yet: the name their messages are under.
pub async fn stranger(conn: &impl ConnectionTrait, number: WaNumberId) -> Result<Option<String>> {
    let text = "select person from wa_past where number_id = ? and person not like 'con_%' order by person limit 1";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [number.into()])).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// Puts what is under a name under its contact.
pub async fn found(conn: &impl ConnectionTrait, number: WaNumberId, person: &str, contact: ContactId) -> Result<()> {
    let text = "update wa_past set person = ? where number_id = ? and person = ?";
    let values = [contact.to_string().into(), number.into(), person.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// Somebody whose messages are to be written.
pub async fn somebody(conn: &impl ConnectionTrait, number: WaNumberId) -> Result<Option<String>> {
    let text = "select person from wa_past where number_id = ? and person like 'con_%' order by person limit 1";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [number.into()])).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// The first messages with somebody, as they were written.
pub async fn part(conn: &impl ConnectionTrait, number: WaNumberId, person: &str, most: i64) -> Result<Vec<Row>> {
    let text =
        "select hash, person, body, at from wa_past where number_id = ? and person = ? order by at, hash limit ?";
    let ask = sql(conn.get_database_backend(), text, [number.into(), person.into(), most.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter().map(read).collect()
}

/// Removes the first messages with somebody, up to this one.
pub async fn remove(conn: &impl ConnectionTrait, number: WaNumberId, last: &Row) -> Result<()> {
    let text = "delete from wa_past where number_id = ? and person = ? and (at, hash) <= (?, ?)";
    let values = [number.into(), last.person.as_str().into(), last.at.into(), last.hash.as_str().into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

fn read(row: &QueryResult) -> Result<Row> {
    Ok(Row {
        hash: row.try_get_by_index(0).map_err(fault)?,
        person: row.try_get_by_index(1).map_err(fault)?,
        body: row.try_get_by_index(2).map_err(fault)?,
        at: row.try_get_by_index(3).map_err(fault)?,
    })
}

/// The conversation that somebody's past is being written into.
pub async fn thread(
    conn: &impl ConnectionTrait,
    number: WaNumberId,
    contact: ContactId,
) -> Result<Option<ConversationId>> {
    let text = "select conversation_id from wa_past_thread where number_id = ? and contact_id = ?";
    let ask = sql(conn.get_database_backend(), text, [number.into(), contact.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// Writes down which one it is.
pub async fn begin(
    conn: &impl ConnectionTrait,
    of: Whose,
    contact: ContactId,
    conversation: ConversationId,
) -> Result<()> {
    let text = "insert into wa_past_thread (tenant_id, number_id, contact_id, conversation_id) values (?, ?, ?, ?)";
    let values = [of.tenant.into(), of.number.into(), contact.into(), conversation.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// It is written.
pub async fn end(conn: &impl ConnectionTrait, number: WaNumberId, contact: ContactId) -> Result<()> {
    let text = "delete from wa_past_thread where number_id = ? and contact_id = ?";
    let ask = sql(conn.get_database_backend(), text, [number.into(), contact.into()]);
    conn.execute_raw(ask).await.map(|_| ()).map_err(fault)
}
