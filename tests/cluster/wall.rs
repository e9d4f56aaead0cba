//! The wall between tenants in PostgreSQL itself: what a forgotten condition in a query finds is nothing.

use std::collections::BTreeSet;

use harness::{Engine, Tenant, TestApp};
use kernel::TenantId;
use sea_orm::{ConnectionTrait, Database, DatabaseBackend, Statement, TransactionTrait};
use store::{Conn, Db, StoreConfig, Whose};
use uuid::Uuid;

/// Two businesses with people and widgets; `None` on SQLite, which has no such wall.
pub async fn two() -> Option<(TestApp, [TenantId; 2])> {
    if !matches!(Engine::chosen(), Engine::Postgres(_)) {
        return None;
    }
    let app = TestApp::start().await;
    for name in ["Lumen", "Velvet"] {
        let tenant = Tenant::begins(&app, name).await;
        tenant.has_widget("http://localhost:3000").await;
    }
    let rows = rows(app.ctx().db.platform(), "select id from tenant order by id").await;
    let ids: Vec<TenantId> = rows.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect();
    Some((app, [ids[0], ids[1]]))
}

async fn rows(conn: &impl Conn, text: &str) -> Vec<sea_orm::QueryResult> {
    let ask = Statement::from_string(DatabaseBackend::Postgres, text);
    conn.query_all_raw(ask).await.unwrap_or_else(|error| panic!("{text}: {error}"))
}

async fn words(conn: &impl ConnectionTrait, text: &str) -> Vec<String> {
    rows(conn, text).await.iter().map(|row| row.try_get_by_index(0).expect("a word")).collect()
}

/// Whose widgets a query without any condition finds.
async fn found(conn: &impl Conn) -> BTreeSet<Uuid> {
    let rows = rows(conn, "select tenant_id from widget").await;
    rows.iter().map(|row| row.try_get_by_index(0).expect("an id")).collect()
}

const TABLES: &str = "select cast(relname as text) from pg_class c join pg_namespace s on s.oid = relnamespace \
    where nspname = 'public' and relkind in ('r', 'p') and relname <> 'seaql_migrations'";

#[tokio::test]
async fn rls_01_who_names_no_tenant_finds_nothing_in_any_table() {
    let Some((app, _)) = two().await else { return };
    let conn = &Database::connect(app.store_url()).await.expect("a connection");
    assert!(!found(conn).await.is_empty(), "there is something to be found");
    for table in words(conn, TABLES).await {
        let view = conn.begin().await.expect("a transaction");
        view.execute_unprepared("set local role porchlight_tenant").await.expect("the role");
        let ask = Statement::from_string(DatabaseBackend::Postgres, format!("select 1 from {table} limit 1"));
        match view.query_all_raw(ask).await {
            Ok(rows) if table == "outbox_shard" => assert!(!rows.is_empty(), "counters belong to nobody"),
            Ok(rows) => assert!(rows.is_empty(), "{table} shows rows to nobody"),
            Err(error) => assert!(error.to_string().contains("permission denied"), "{table}: {error}"),
        }
    }
}

#[tokio::test]
async fn rls_02_two_tenants_taking_turns_on_one_connection_never_meet() {
    let Some((app, [one, two])) = two().await else { return };
    let url = app.store_url().to_owned();
    let db = Db::open(&StoreConfig::at(url, 1), app.clock().clone()).await.expect("the database");
    for turn in 0..10_000_u32 {
        let own = if turn % 2 == 0 { one } else { two };
        if turn % 7 == 0 {
            // given up half way: whatever it had begun must not be what the next one finds
            let read = db.read(own);
            let mut asking = Box::pin(found(&read));
            let _ = futures::poll!(&mut asking);
        }
        if turn % 50 == 0 {
            let unit = db.write(own).await.expect("a unit");
            assert_eq!(found(unit.conn()).await, BTreeSet::from([own.uuid()]), "within a write, turn {turn}");
            continue;
        }
        assert_eq!(found(&db.read(own)).await, BTreeSet::from([own.uuid()]), "turn {turn}");
    }
    let left =
        words(db.platform(), "select concat(current_user, coalesce(current_setting('porchlight.tenants', true), ''))");
    let login = words(app.ctx().db.platform(), "select cast(session_user as text)");
    assert_eq!(left.await, login.await, "nothing stays behind on a connection");
}

#[tokio::test]
async fn rls_03_the_role_owns_nothing_and_every_table_of_tenants_is_walled() {
    let Some((app, _)) = two().await else { return };
    let conn = app.ctx().db.platform();
    let mighty = "select cast(rolname as text) from pg_roles where rolname in ('porchlight_tenant', 'porchlight_platform') \
                  and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin)";
    assert_eq!(words(conn, mighty).await, Vec::<String>::new());
    let owned = "select cast(relname as text) from pg_class c join pg_roles r on r.oid = relowner where rolname like 'porchlight\\_%'";
    assert_eq!(words(conn, owned).await, Vec::<String>::new());
    let bare = "select cast(relname as text) from pg_class c join pg_namespace s on s.oid = relnamespace \
                join pg_attribute a on attrelid = c.oid and (attname = 'tenant_id' or (relname = 'tenant' and attname = 'id')) \
                where nspname = 'public' and relkind in ('r', 'p') and not relispartition \
                and not (relrowsecurity and relforcerowsecurity)";
    assert_eq!(words(conn, bare).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_write_for_one_tenant_leaves_no_row_with_another() {
    let Some((app, [one, two])) = two().await else { return };
    let unit = app.ctx().db.write(one).await.expect("a unit");
    let text = format!("update widget set name = 'taken' where tenant_id = '{}'", two.uuid());
    let touched = unit.conn().execute_unprepared(&text).await.expect("no error: there is just nothing");
    assert_eq!(touched.rows_affected(), 0);
    let text = format!("update widget set tenant_id = '{}'", two.uuid());
    let refused = unit.conn().execute_unprepared(&text).await.expect_err("a row cannot be given away");
    assert!(refused.to_string().contains("row-level security"), "{refused}");
    drop(unit);
    let unit = app.ctx().db.write(Whose::Platform).await.expect("a unit");
    assert_eq!(found(unit.conn()).await, BTreeSet::from([one.uuid(), two.uuid()]), "the platform sees both");
}
