//! The wall between tenants in PostgreSQL itself.
//!
//! What the product does for a tenant it does as the role `porchlight_tenant`, which owns nothing and sees only rows of
//! the tenants its transaction has named in `porchlight.tenants`. Every table with a `tenant_id` is walled, those of later
//! changes too: this is looked at after each migration, and a table that has its wall is not touched.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DatabaseBackend, Statement};

use crate::run::{TRIES, pause, was_in_the_way};

/// Tables without a `tenant_id` that a tenant's writes need: the counters of events.
const SHARED: [&str; 1] = ["outbox_shard"];
/// Raise it when policies change; tables walled by an older release are then walled anew.
const POLICY: &str = "porchlight_wall_1";

/// Makes sure of the roles and of every table's wall.
pub(crate) async fn stand(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    roles(conn).await?;
    raise(conn).await?;
    legible(conn).await
}

/// Which changes have run is asked by every process that starts, also by one that owns nothing and may migrate nothing.
async fn legible(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let known = "select 1 where has_table_privilege('porchlight_platform', 'seaql_migrations', 'select')";
    if conn.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, known)).await?.is_none() {
        conn.execute_unprepared("grant select on seaql_migrations to porchlight_platform").await?;
    }
    Ok(())
}

/// Makes the roles, outside any transaction: they belong to the whole server, and another database may be making them.
pub(crate) async fn roles(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    for role in ["porchlight_tenant", "porchlight_platform"] {
        let known = format!("select 1 from pg_roles where rolname = '{role}'");
        if conn.query_one_raw(Statement::from_string(DatabaseBackend::Postgres, known)).await?.is_none() {
            let make = format!(
                "do $$ begin create role {role} nologin; exception when duplicate_object or unique_violation then null; end $$"
            );
            conn.execute_unprepared(&make).await.map_err(|error| needed(role, &error))?;
        }
        let join = format!(
            "do $$ begin if not pg_has_role('{role}', 'member') then grant {role} to current_user; end if; end $$"
        );
        conn.execute_unprepared(&join).await.map_err(|error| needed(role, &error))?;
    }
    Ok(())
}

fn needed(role: &str, error: &DbErr) -> DbErr {
    DbErr::Migration(format!(
        "the role {role} is needed and may not be made or joined by this user ({error}); run once as an administrator: \
         create role {role} nologin; grant {role} to <the user of store.owner_url and that of store.url>"
    ))
}

/// Walls every table that has no wall yet; a second look finds nothing to do and locks nothing.
async fn raise(conn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let bare = bare(conn).await?;
    if bare.is_empty() {
        return Ok(());
    }
    conn.execute_unprepared(REACH).await?;
    conn.execute_unprepared("grant usage on schema public to porchlight_tenant, porchlight_platform").await?;
    for (table, whose) in bare {
        put(conn, &wall(&table, &whose)).await?;
    }
    Ok(())
}

/// One table at a time, giving way as other changes do.
async fn put(conn: &impl ConnectionTrait, wall: &str) -> Result<(), DbErr> {
    for tried in 1.. {
        match conn.execute_unprepared(wall).await {
            Err(error) if tried < TRIES && was_in_the_way(&error) => pause(tried).await,
            done => return done.map(drop),
        }
    }
    Ok(())
}

/// The tenants this transaction may see; none, if it has not said.
const REACH: &str = "create or replace function porchlight_reach() returns uuid[] language sql stable parallel safe as \
    $$ select cast(coalesce(nullif(current_setting('porchlight.tenants', true), ''), '{}') as uuid[]) $$";

/// Tables the platform's role may not use yet, or whose policies are of an older release; with the column that says whose
/// a row is, empty for those that have none.
async fn bare(conn: &impl ConnectionTrait) -> Result<Vec<(String, String)>, DbErr> {
    let text = format!(
        "select cast(c.relname as text), case when c.relname = 'tenant' then 'id' when exists (select 1 from pg_attribute a \
         where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) then 'tenant_id' else '' end \
         from pg_class c join pg_namespace s on s.oid = c.relnamespace \
         where s.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'seaql_migrations' \
         and not (has_table_privilege('porchlight_platform', c.oid, 'select') and (not exists (select 1 from pg_attribute a \
         where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) or exists (select 1 from pg_policies p \
         where p.schemaname = 'public' and p.tablename = c.relname and p.policyname = '{POLICY}'))) order by 1"
    );
    let rows = conn.query_all_raw(Statement::from_string(DatabaseBackend::Postgres, text)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// What puts a table behind the wall.
fn wall(table: &str, whose: &str) -> String {
    let open = format!("grant select, insert, update, delete on {table} to porchlight_platform");
    if whose.is_empty() {
        let shared = format!("; grant select, update on {table} to porchlight_tenant");
        return open + if SHARED.contains(&table) { &shared } else { "" };
    }
    let own = format!("{whose} = any (cast((select porchlight_reach()) as uuid[]))");
    // a tenant's write may leave work that is the platform's, but not look at it
    let new = if table == "job" { format!("{own} or {whose} is null") } else { own.clone() };
    format!(
        "{open}; grant select, insert, update, delete on {table} to porchlight_tenant; \
         alter table {table} enable row level security; alter table {table} force row level security; \
         drop policy if exists porchlight_platform on {table}; drop policy if exists {POLICY} on {table}; \
         create policy porchlight_platform on {table} to porchlight_platform using (true) with check (true); \
         create policy {POLICY} on {table} to porchlight_tenant using ({own}) with check ({new})"
    )
}
