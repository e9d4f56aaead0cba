//! What messages and people are found by. PostgreSQL keeps the words beside each entry with an index by word; SQLite in a
//! full-text table of its own, which triggers keep in step.

use std::collections::BTreeSet;

use kernel::{ConversationId, Result, TenantId};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use store::{Cast, Rows, fault, parts, sql};
use uuid::Uuid;

/// One message or person.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Whose.
    pub tenant: TenantId,
    /// The conversation or the contact.
    pub about: Uuid,
    /// The message; 0 for a contact.
    pub seq: i64,
    /// Its place in time.
    pub n: i64,
    /// Its words, parted by spaces.
    pub words: String,
}

/// An entry's key.
pub type Key = (Uuid, i64);

const ENTRY: &[Cast] = &[Cast::Uuid, Cast::Uuid, Cast::Big, Cast::Big, Cast::Text];
const KEY: &[Cast] = &[Cast::Uuid, Cast::Big];

/// Adds entries, each key once; what was there under a key is replaced.
pub async fn put(conn: &impl ConnectionTrait, entries: &mut [Entry]) -> Result<()> {
    if conn.get_database_backend() == DbBackend::Postgres {
        return put_in_postgres(conn, entries).await;
    }
    forget(conn, &entries.iter().map(|entry| (entry.about, entry.seq)).collect::<Vec<_>>()).await?;
    part_ways(conn, entries).await?;
    for part in parts(DbBackend::Sqlite, entries) {
        let add = ") insert into search_entry (tenant_id, about_id, seq, n, words) select t, a, s, n, w from v";
        let put = listed(DbBackend::Sqlite, part).statement("with v (t, a, s, n, w) as (", add, []);
        conn.execute_raw(put).await.map_err(fault)?;
    }
    Ok(())
}

async fn put_in_postgres(conn: &impl ConnectionTrait, entries: &[Entry]) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let after = ") insert into search_entry (tenant_id, about_id, seq, n, words) select t, a, s, n, cast(w as tsvector) from v \
                 on conflict (about_id, seq) do update set n = excluded.n, words = excluded.words";
    let put = listed(DbBackend::Postgres, entries).statement("with v (t, a, s, n, w) as (", after, []);
    conn.execute_raw(put).await.map(|_| ()).map_err(fault)
}

fn listed(backend: DbBackend, entries: &[Entry]) -> Rows {
    let mut rows = Rows::of(backend, ENTRY, entries.len());
    entries.iter().for_each(|entry| {
        rows.push([
            entry.tenant.into(),
            entry.about.into(),
            entry.seq.into(),
            entry.n.into(),
            entry.words.as_str().into(),
        ])
    });
    rows
}

/// On SQLite the place in time is the key as well: whoever would have the same takes the next.
async fn part_ways(conn: &impl ConnectionTrait, entries: &mut [Entry]) -> Result<()> {
    let mut taken = BTreeSet::new();
    for entry in entries.iter_mut() {
        while !taken.insert(entry.n) || is_taken(conn, entry.n).await? {
            entry.n += 1;
        }
    }
    Ok(())
}

async fn is_taken(conn: &impl ConnectionTrait, n: i64) -> Result<bool> {
    let ask = sql(conn.get_database_backend(), "select 1 from search_entry where n = ?", [n.into()]);
    Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
}

/// Takes entries out.
pub async fn forget(conn: &impl ConnectionTrait, keys: &[Key]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, keys) {
        let mut rows = Rows::of(backend, KEY, part.len());
        part.iter().for_each(|(about, seq)| rows.push([(*about).into(), (*seq).into()]));
        let after = ") delete from search_entry where (about_id, seq) in (select a, s from v)";
        conn.execute_raw(rows.statement("with v (a, s) as (", after, [])).await.map_err(fault)?;
    }
    Ok(())
}

/// Takes a conversation out.
pub async fn forget_conversation(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<()> {
    let text = "delete from search_entry where tenant_id = ? and about_id = ?";
    let gone = sql(conn.get_database_backend(), text, [tenant.into(), id.into()]);
    conn.execute_raw(gone).await.map(|_| ()).map_err(fault)
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Whose.
    pub tenant: TenantId,
    /// Words, each the beginning of one that must be there.
    pub words: &'a [String],
    /// People instead of messages.
    pub people: bool,
    /// Places in time, from the first to before the second.
    pub between: (i64, i64),
    /// Most that are given.
    pub most: i64,
}

/// A source of `(about_id, seq, n)`, newest first, to be joined under the name `f`.
pub fn found(backend: DbBackend, wanted: &Wanted<'_>) -> (&'static str, Vec<Value>) {
    let (since, before) = wanted.between;
    let tenant = Value::from(wanted.tenant);
    if backend == DbBackend::Postgres {
        let text = "porchlight_search(?, cast(? as tsquery), ?, ?, ?, ?) f";
        let most = i32::try_from(wanted.most).unwrap_or(101);
        let values = [before.into(), since.into(), wanted.people.into(), most.into()];
        return (text, [tenant, spelled(wanted.words, "'", "':*", " & ").into()].into_iter().chain(values).collect());
    }
    let text = "(select e.about_id, e.seq, e.n from search_words w cross join search_entry e on e.n = w.rowid \
                where w.search_words match ? and w.rowid < ? and w.rowid >= ? and e.tenant_id = ? and (e.seq = 0) = ? \
                order by w.rowid desc limit ?) f";
    let words = spelled(wanted.words, "\"", "\" *", " AND ");
    (text, vec![words.into(), before.into(), since.into(), tenant, wanted.people.into(), wanted.most.into()])
}

/// Words hold letters and digits alone, so that nothing in them needs quoting.
fn spelled(words: &[String], before: &str, after: &str, between: &str) -> String {
    words.iter().map(|word| format!("{before}{word}{after}")).collect::<Vec<_>>().join(between)
}

/// The place in time of a row with a column `n`.
pub fn place(row: &QueryResult) -> Result<i64> {
    row.try_get("", "n").map_err(fault)
}
