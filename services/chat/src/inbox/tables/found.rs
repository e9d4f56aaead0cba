//! What a search found, read from the rows it is about.

use kernel::wire::{FoundContact, Message, Source, Status};
use kernel::{ContactId, Error, Result};
use sea_orm::{ConnectionTrait, QueryResult};
use store::{fault, sql};

use super::message::{self, COLUMNS};
use super::search::{Wanted, found, place};
use crate::contacts;

/// A message and what stands beside it in a list.
pub struct Row {
    /// The message, with its files.
    pub message: Message,
    /// Its place in time.
    pub place: i64,
    /// Where its conversation stands.
    pub status: Status,
    /// Through what that comes.
    pub source: Source,
    /// With whom it is.
    pub contact: ContactId,
    /// Their name.
    pub contact_name: Option<String>,
}

/// Messages, newest first.
pub async fn messages(conn: &impl ConnectionTrait, wanted: &Wanted<'_>) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let (source, mut values) = found(backend, wanted);
    let text = format!(
        "select {COLUMNS}, c.status, c.source, p.id, p.name, f.n from {source} \
         join message m on m.conversation_id = f.about_id and m.seq = f.seq \
         join conversation c on c.id = f.about_id join contact p on p.id = c.contact_id \
         where m.tenant_id = ? and c.tenant_id = ? order by f.n desc"
    );
    values.extend([wanted.tenant.into(), wanted.tenant.into()]);
    let rows = conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)?;
    let messages = message::load(conn, rows.iter().map(message::read)).await?;
    rows.iter().zip(messages).map(|(row, message)| read(row, message)).collect()
}

fn read(row: &QueryResult, message: Message) -> Result<Row> {
    let text = |n: usize| row.try_get_by_index::<String>(n).map_err(fault);
    Ok(Row {
        message,
        place: place(row)?,
        status: Status::from_word(&text(13)?).ok_or_else(|| Error::internal("an unknown status"))?,
        source: Source::from_word(&text(14)?).ok_or_else(|| Error::internal("an unknown source"))?,
        contact: row.try_get_by_index(15).map_err(fault)?,
        contact_name: row.try_get_by_index(16).map_err(fault)?,
    })
}

/// People with their latest conversation; whoever was merged into another is not one any more.
pub async fn people(conn: &impl ConnectionTrait, wanted: &Wanted<'_>) -> Result<Vec<FoundContact>> {
    let backend = conn.get_database_backend();
    let (source, mut values) = found(backend, wanted);
    let text = format!(
        "select {}, (select c.id from conversation c where c.contact_id = p.id and c.tenant_id = p.tenant_id order by c.created_at desc limit 1) \
         from {source} join contact p on p.id = f.about_id where p.tenant_id = ? and p.merged_into is null order by f.n desc",
        contacts::COLUMNS
    );
    values.push(wanted.tenant.into());
    let rows = conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)?;
    rows.iter()
        .map(|row| {
            Ok(FoundContact {
                contact: contacts::of_row(row, 0)?,
                conversation_id: row.try_get_by_index(10).map_err(fault)?,
            })
        })
        .collect()
}
