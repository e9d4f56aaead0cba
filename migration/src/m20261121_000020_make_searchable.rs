//! Search: what messages and people are found by.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::dialect::run;
use crate::wall;

/// The change.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let id = match manager.get_database_backend() {
            DatabaseBackend::Postgres => {
                wall::roles(manager.get_connection()).await?;
                run(manager, POSTGRES).await.map(|()| "gen_random_uuid()")?
            }
            _ => run(manager, SQLITE).await.map(|()| "randomblob(16)")?,
        };
        run(manager, &[BEGIN, &FILL.replace("{new_id}", id)]).await
    }
}

// `n` is the time in milliseconds times 2^20 and a little chance: newest first is one number. `seq` is 0 for a contact.
// Every word begins with five digits of its tenant, so an index by words alone reads nobody else's
const POSTGRES: &[&str] = &[
    "create table search_entry (tenant_id uuid not null, about_id uuid not null, seq bigint not null, n bigint not null, words tsvector not null, primary key (about_id, seq))",
    "create index search_entry_by_time on search_entry (tenant_id, n) where seq > 0",
    // what waits to be sorted in is looked through by every search: little may wait
    "create index search_entry_by_words on search_entry using gin (words) with (gin_pending_list_limit = 512)",
    // words are read while they are written, seldom changed: freeze and count them early
    "alter table search_entry set (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)",
    SEARCH,
    "revoke all on function porchlight_search(uuid, tsquery, bigint, bigint, boolean, integer) from public",
    OWNER,
];

/// The function reads as the platform's role, which the wall lets through whoever owns the tables. To be given a function
/// a role must be allowed to make one; only for this moment.
const OWNER: &str = "do $$ begin \
  grant create on schema public to porchlight_platform; \
  grant select on search_entry to porchlight_platform; \
  alter function porchlight_search(uuid, tsquery, bigint, bigint, boolean, integer) owner to porchlight_platform; \
  revoke create on schema public from porchlight_platform; \
  grant execute on function porchlight_search(uuid, tsquery, bigint, bigint, boolean, integer) to porchlight_tenant; \
end $$";

/// Under a policy PostgreSQL uses no index for `@@`: the operator might tell of rows the policy hides. So this one
/// function reads as its owner, and is its own policy: it answers about one tenant, who must be one the transaction
/// names.
///
/// The newest 512 are looked at first: a common word is found there, and an index by words would have to give all its
/// places before the newest is known. If it was found now and then, what is cheaper is reckoned from that: looking on, or
/// the index. Plans are made once, so limits stand as numbers, and `offset 0` keeps the index by words alone with it.
const SEARCH: &str = "create function porchlight_search(whose uuid, wanted tsquery, before bigint, since bigint, people boolean, most integer) \
returns table (about_id uuid, seq bigint, n bigint) language plpgsql stable security definer rows 30 cost 1000 \
set search_path from current set enable_seqscan = off as $$ \
#variable_conflict use_column \
declare edge bigint := before; newest bigint; oldest bigint; got integer := 0; more integer := 0; many double precision; \
begin \
  if not whose = any(coalesce(nullif(current_setting('porchlight.tenants', true), ''), '{}')::uuid[]) then return; end if; \
  if not people then \
    return query select w.about_id, w.seq, w.n from (select e.about_id, e.seq, e.n, e.words from search_entry e \
      where e.tenant_id = whose and e.seq > 0 and e.n < before and e.n >= since order by e.n desc limit 512) w \
      where w.words @@ wanted order by w.n desc limit most; \
    get diagnostics got = row_count; \
    if got >= most then return; end if; \
    select e.n into edge from search_entry e where e.tenant_id = whose and e.seq > 0 and e.n < before and e.n >= since \
      order by e.n desc offset 511 limit 1; \
    if edge is null then return; end if; \
    if got > 0 then \
      select max(e.n) into newest from search_entry e where e.tenant_id = whose and e.seq > 0 and e.n < before; \
      select min(e.n) into oldest from search_entry e where e.tenant_id = whose and e.seq > 0 and e.n >= since; \
      many := 512.0 * (edge - oldest) / greatest(newest - edge, 1); \
      if 512.0 * (most - got) / got < many * got / 512.0 then \
        return query select w.about_id, w.seq, w.n from (select e.about_id, e.seq, e.n, e.words from search_entry e \
          where e.tenant_id = whose and e.seq > 0 and e.n < edge and e.n >= since order by e.n desc limit 8192) w \
          where w.words @@ wanted order by w.n desc limit most - got; \
        get diagnostics more = row_count; \
        got := got + more; \
        if got >= most then return; end if; \
        select e.n into edge from search_entry e where e.tenant_id = whose and e.seq > 0 and e.n < edge and e.n >= since \
          order by e.n desc offset 8191 limit 1; \
        if edge is null then return; end if; \
      end if; \
    end if; \
  end if; \
  return query select g.about_id, g.seq, g.n from (select e.tenant_id, e.about_id, e.seq, e.n from search_entry e where e.words @@ wanted offset 0) g \
    where g.tenant_id = whose and (g.seq = 0) = people and g.n < edge and g.n >= since order by g.n desc limit most - got; \
end $$";

// without places or columns. Words made by us are parted by spaces and hold nothing else the tokenizer would part at; what
// is deleted leaves the index at once, and not when parts of it are next put together
const SQLITE: &[&str] = &[
    "create table search_entry (n integer primary key, tenant_id blob not null, about_id blob not null, seq integer not null, words text not null)",
    "create unique index search_entry_once on search_entry (about_id, seq)",
    "create index search_entry_by_tenant on search_entry (tenant_id)",
    "create virtual table search_words using fts5 (words, content = 'search_entry', content_rowid = 'n', tokenize = 'ascii', detail = none)",
    "insert into search_words (search_words, rank) values ('secure-delete', 1)",
    "create trigger search_entry_comes after insert on search_entry begin \
       insert into search_words (rowid, words) values (new.n, new.words); end",
    "create trigger search_entry_goes after delete on search_entry begin \
       insert into search_words (search_words, rowid, words) values ('delete', old.n, old.words); end",
];

// the follower begins where the stream ends; what was said before is read from the tables by a job
const BEGIN: &str = "insert into follower (name, shard, cursor) select 'search', shard, head from outbox_shard";
const FILL: &str = "insert into job (id, tenant_id, kind, payload, unique_key, run_at, attempts, created_at) \
     select {new_id}, null, 'search.fill', '{\"of\":\"contacts\"}', 'search.fill', 0, 0, 0 where exists (select 1 from contact)";

#[cfg(test)]
mod tests {
    use sea_orm_migration::sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};

    use super::*;

    async fn count(conn: &DatabaseConnection, text: &str) -> i64 {
        let row = conn.query_one_raw(Statement::from_string(DatabaseBackend::Sqlite, text)).await.expect("asked");
        row.expect("a row").try_get_by_index(0).expect("a number")
    }

    #[tokio::test]
    async fn what_is_deleted_leaves_no_word_in_the_index_of_sqlite() {
        let mut options = ConnectOptions::new("sqlite::memory:");
        options.max_connections(1);
        let conn = Database::connect(options).await.expect("a database");
        for statement in SQLITE {
            conn.execute_unprepared(statement).await.expect("the statement runs");
        }
        let put = "insert into search_entry (tenant_id, about_id, seq, n, words) values \
                   (x'01', x'02', 1, 100, 'abcdevelvet abcde東京'), (x'01', x'03', 1, 200, 'abcdevelvet abcdelamp')";
        conn.execute_unprepared(put).await.expect("put");
        let found = r#"select count(*) from search_words where search_words match '"abcdevel" * AND "abcde東" *'"#;
        assert_eq!(count(&conn, found).await, 1);
        conn.execute_unprepared("delete from search_entry where about_id = x'02'").await.expect("deleted");
        assert_eq!(count(&conn, found).await, 0);
        let left = "select count(*) from search_words_data where instr(hex(block), hex('東京')) > 0";
        assert_eq!(count(&conn, left).await, 0, "the word is still in the index");
        assert_eq!(count(&conn, "select count(*) from search_words where search_words match 'abcdelamp'").await, 1);
    }
}
