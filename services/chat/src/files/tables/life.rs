//! How files end: what is due, what has no message, what has no row.

use std::collections::HashSet;

use kernel::{ConversationId, FileId, Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use store::{fault, one_of, parts, sql};

use super::file::{COLUMNS, Preview, Row, UPLOADING, read};

/// Objects of a file that is over, to be deleted from the store.
pub struct Doomed {
    /// Which file.
    pub id: FileId,
    /// The keys of everything that is kept of it.
    pub keys: Vec<String>,
}

/// `skip` leaves out what another worker holds.
fn held(backend: DbBackend, skip: bool) -> &'static str {
    match (backend, skip) {
        (DbBackend::Postgres, true) => "for update of f skip locked",
        (DbBackend::Postgres, false) => "for update of f",
        _ => "",
    }
}

/// Files that were sent before `before` and are still to be had, oldest first, held by the unit; those of a
/// conversation under a legal hold are left out.
pub async fn due(
    conn: &impl ConnectionTrait,
    (tenant, source): (TenantId, &str),
    before: Timestamp,
    most: i64,
) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let text = format!(
        "select {COLUMNS} from file f where f.tenant_id = ? and f.source = ? and f.state = 'ready' and f.created_at < ? \
         and f.conversation_id is not null and not exists (select 1 from file_hold h where h.conversation_id = f.conversation_id) \
         order by f.created_at limit ? {}",
        held(backend, true)
    );
    let values = [tenant.into(), source.into(), before.into(), most.into()];
    rows(conn, &text, values).await
}

/// Files nobody put into a message since `before`, held by the unit.
pub async fn loose(conn: &impl ConnectionTrait, before: Timestamp, most: i64) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let text = format!(
        "select {COLUMNS} from file f where f.conversation_id is null and f.created_at < ? and f.state in ('checking', 'ready', 'refused') \
         order by f.created_at limit ? {}",
        held(backend, true)
    );
    rows(conn, &text, [before.into(), most.into()]).await
}

/// Files whose bytes stopped coming before `before`, held by the unit: their tenants and ids.
pub async fn stuck(conn: &impl ConnectionTrait, before: Timestamp, most: i64) -> Result<Vec<(TenantId, FileId)>> {
    let backend = conn.get_database_backend();
    let text = format!(
        "select f.tenant_id, f.id from file f where f.state = '{UPLOADING}' and f.updated_at < ? order by f.updated_at limit ? {}",
        held(backend, true)
    );
    let found = conn.query_all_raw(sql(backend, &text, [before.into(), most.into()])).await.map_err(fault)?;
    found
        .iter()
        .map(|row| Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?)))
        .collect()
}

/// Files whose check should have ended before `before`.
pub async fn unchecked(conn: &impl ConnectionTrait, before: Timestamp, most: i64) -> Result<Vec<Row>> {
    let text = format!(
        "select {COLUMNS} from file f where f.state = 'checking' and f.updated_at < ? order by f.updated_at limit ?"
    );
    rows(conn, &text, [before.into(), most.into()]).await
}

/// All files of a conversation, held by the unit.
pub async fn of_conversation(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let text = format!(
        "select {COLUMNS} from file f where f.conversation_id = ? and f.tenant_id = ? order by f.id {}",
        held(backend, false)
    );
    rows(conn, &text, [id.into(), tenant.into()]).await
}

/// Files of one message, held by the unit.
pub async fn of_message(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    (conversation, seq): (ConversationId, i64),
) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let text = format!(
        "select {COLUMNS} from file f where f.conversation_id = ? and f.seq = ? and f.tenant_id = ? order by f.id {}",
        held(backend, false)
    );
    rows(conn, &text, [conversation.into(), seq.into(), tenant.into()]).await
}

/// Files of a conversation that can be looked at, latest first; `before` is the last place already shown.
pub async fn gallery(
    conn: &impl ConnectionTrait,
    (tenant, id): (TenantId, ConversationId),
    before: Option<(i64, i32)>,
    most: i64,
) -> Result<Vec<(Row, i32)>> {
    let mut values: Vec<Value> = vec![id.into(), tenant.into()];
    let bound = match before {
        Some((seq, place)) => {
            values.extend([seq.into(), place.into()]);
            "and (f.seq, f.place) < (?, ?)"
        }
        None => "",
    };
    values.push(most.into());
    let text = format!(
        "select {COLUMNS}, f.place as nth from file f where f.conversation_id = ? and f.tenant_id = ? \
         and f.state in ('checking', 'ready') {bound} order by f.seq desc, f.place desc limit ?"
    );
    let found = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    found.iter().map(|row| Ok((read(row)?, row.try_get("", "nth").map_err(fault)?))).collect()
}

/// Ends files: they are gone for this reason, and what tells about their content goes at once.
pub async fn end(conn: &impl ConnectionTrait, ids: &[FileId], reason: &str, now: Timestamp) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, ids) {
        let (these, more) = one_of(backend, "id", part.iter().map(FileId::uuid));
        let text = format!(
            "update file set state = 'gone', reason = ?, scan = null, findings = '[]', sha256 = null, updated_at = ? where {these}"
        );
        let values = [reason.into(), now.into()].into_iter().chain(more);
        conn.execute_raw(sql(backend, &text, values)).await.map_err(fault)?;
    }
    Ok(())
}

/// Takes files that are over out of their message, with their names: nothing but keys to delete is left.
pub async fn unname(conn: &impl ConnectionTrait, ids: &[FileId]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, ids) {
        let (these, values) = one_of(backend, "id", part.iter().map(FileId::uuid));
        let text = format!("delete from file where {these} and object is null");
        conn.execute_raw(sql(backend, &text, values.clone())).await.map_err(fault)?;
        let text = format!(
            "update file set name = '', declared = '', conversation_id = null, contact_id = null, seq = null, place = null where {these}"
        );
        conn.execute_raw(sql(backend, &text, values)).await.map_err(fault)?;
    }
    Ok(())
}

/// Files that are over and whose objects are still there, those that ended first first.
pub async fn doomed(conn: &impl ConnectionTrait, most: i64) -> Result<Vec<Doomed>> {
    let text = "select id, object, previews from file where object is not null and state in ('gone', 'refused') order by updated_at, id limit ?";
    let found = conn.query_all_raw(sql(conn.get_database_backend(), text, [most.into()])).await.map_err(fault)?;
    found.iter().map(doomed_of).collect()
}

fn doomed_of(row: &QueryResult) -> Result<Doomed> {
    let object: String = row.try_get_by_index(1).map_err(fault)?;
    let previews: String = row.try_get_by_index(2).map_err(fault)?;
    let previews: Vec<Preview> = serde_json::from_str(&previews).map_err(kernel::Error::internal)?;
    let keys = std::iter::once(object).chain(previews.into_iter().map(|preview| preview.key)).collect();
    Ok(Doomed { id: row.try_get_by_index(0).map_err(fault)?, keys })
}

/// The objects of these files are gone: what was in a message stays as a tombstone, the rest goes.
pub async fn bury(conn: &impl ConnectionTrait, ids: &[FileId]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, ids) {
        let (these, values) = one_of(backend, "id", part.iter().map(FileId::uuid));
        let text = format!("delete from file where {these} and state = 'gone' and conversation_id is null");
        conn.execute_raw(sql(backend, &text, values.clone())).await.map_err(fault)?;
        let text =
            format!("update file set object = null, previews = '[]' where {these} and state in ('gone', 'refused')");
        conn.execute_raw(sql(backend, &text, values)).await.map_err(fault)?;
    }
    Ok(())
}

/// Which of these keys some row knows.
pub async fn known(conn: &impl ConnectionTrait, keys: &[String]) -> Result<HashSet<String>> {
    let backend = conn.get_database_backend();
    let bytewise = if backend == DbBackend::Postgres { " collate \"C\"" } else { "" };
    let mut known = HashSet::new();
    for part in parts(backend, keys) {
        let marks = vec!["?"; part.len()].join(", ");
        let places = [format!("object{bytewise}"), preview(backend, 0), preview(backend, 1)].into_iter().zip([
            "object is not null",
            "previews <> '[]'",
            "previews <> '[]'",
        ]);
        for (key, some) in places {
            let text = format!("select {key} from file where {some} and {key} in ({marks})");
            let values = part.iter().map(|key| key.as_str().into());
            for row in conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)? {
                known.insert(row.try_get_by_index(0).map_err(fault)?);
            }
        }
    }
    Ok(known)
}

/// Where the key of a picture's preview is; spelled as its index is.
fn preview(backend: DbBackend, n: u8) -> String {
    match backend {
        DbBackend::Postgres => format!("((previews::json #>> '{{{n},key}}') collate \"C\")"),
        _ => format!("json_extract(previews, '$[{n}].key')"),
    }
}

/// Files to be had whose object's key lies after `after` and not after `last`, in the order of keys.
pub async fn between(
    conn: &impl ConnectionTrait,
    after: &str,
    last: Option<&str>,
    before: Timestamp,
    most: i64,
) -> Result<Vec<Row>> {
    let backend = conn.get_database_backend();
    let object = if backend == DbBackend::Postgres { "f.object collate \"C\"" } else { "f.object" };
    let mut values: Vec<Value> = vec![after.into()];
    let bound = last.map_or(String::new(), |last| {
        values.push(last.into());
        format!("and {object} <= ?")
    });
    values.extend([before.into(), most.into()]);
    let text = format!(
        "select {COLUMNS} from file f where f.object is not null and {object} > ? {bound} and f.state = 'ready' and f.updated_at < ? \
         order by {object} limit ?"
    );
    rows(conn, &text, values).await
}

async fn rows(conn: &impl ConnectionTrait, text: &str, values: impl IntoIterator<Item = Value>) -> Result<Vec<Row>> {
    let found = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    found.iter().map(read).collect()
}

/// Which of these names a job has that waits or runs.
pub async fn planned(conn: &impl ConnectionTrait, names: &[String]) -> Result<HashSet<String>> {
    let backend = conn.get_database_backend();
    let mut planned = HashSet::new();
    for part in parts(backend, names) {
        let text = format!("select unique_key from job where unique_key in ({})", vec!["?"; part.len()].join(", "));
        let values = part.iter().map(|name| name.as_str().into());
        for row in conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)? {
            planned.insert(row.try_get_by_index(0).map_err(fault)?);
        }
    }
    Ok(planned)
}

/// Forgets how much was sent up in hours before this one.
pub async fn forget_meters(conn: &impl ConnectionTrait, before: Timestamp) -> Result<()> {
    let hour = before.seconds() / 3_600;
    let forget = sql(conn.get_database_backend(), "delete from file_meter where hour < ?", [hour.into()]);
    conn.execute_raw(forget).await.map(|_| ()).map_err(fault)
}

/// What jobs of a kind were left with, those that gave up included, oldest first; of one tenant where asked.
pub async fn payloads(conn: &impl ConnectionTrait, kind: &str, tenant: Option<TenantId>) -> Result<Vec<String>> {
    let (bound, values) = match tenant {
        Some(tenant) => ("and tenant_id = ?", vec![kind.into(), tenant.into()]),
        None => ("", vec![kind.into()]),
    };
    let text = format!("select payload from job where kind = ? {bound} order by created_at");
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}
