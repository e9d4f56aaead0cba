//! Everything of one tenant, wherever it is: the tables are asked for, not listed, so that none is forgotten.

use kernel::{Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use store::{fault, sql};

/// Rows that go in one write: short enough that messages of others do not notice.
const AT_ONCE: i64 = 500;
/// Conversations whose messages go in one write.
const CONVERSATIONS: i64 = 20;
/// What stays: the trail, which only grows, and the tenant itself, which goes last.
const STAYS: [&str; 2] = ["audit", "tenant"];

/// A table whose rows belong to tenants.
pub struct Table {
    name: String,
    key: Vec<String>,
}

/// Every table with a column `tenant_id`.
pub async fn tables(conn: &impl ConnectionTrait) -> Result<Vec<Table>> {
    let names = match conn.get_database_backend() {
        DbBackend::Postgres => {
            "select cast(table_name as text) from information_schema.columns \
             where table_schema = current_schema() and column_name = 'tenant_id' order by table_name"
        }
        _ => {
            "select m.name from sqlite_master m where m.type = 'table' \
             and exists (select 1 from pragma_table_info(m.name) c where c.name = 'tenant_id') order by m.name"
        }
    };
    let mut tables = Vec::new();
    for name in texts(conn, names, vec![]).await? {
        if !STAYS.contains(&name.as_str()) {
            let key = key(conn, &name).await?;
            tables.push(Table { name, key });
        }
    }
    Ok(tables)
}

async fn key(conn: &impl ConnectionTrait, table: &str) -> Result<Vec<String>> {
    let text = match conn.get_database_backend() {
        DbBackend::Postgres => {
            "select cast(a.attname as text) from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) \
             where i.indisprimary and i.indrelid = cast(cast(? as text) as regclass)"
        }
        _ => "select name from pragma_table_info(?) where pk > 0 order by pk",
    };
    texts(conn, text, vec![table.into()]).await
}

/// Removes some rows of a tenant; gives how many. Events younger than `settled` stay: a hole in their numbers would
/// stop whoever still reads them.
pub async fn some(conn: &impl ConnectionTrait, table: &Table, tenant: TenantId, settled: Timestamp) -> Result<u64> {
    let (name, key) = (&table.name, table.key.join(", "));
    let (old, mut values): (_, Vec<Value>) = match name.as_str() {
        "outbox" => ("and at < ?", vec![tenant.into(), settled.into()]),
        _ => ("", vec![tenant.into()]),
    };
    values.push(AT_ONCE.into());
    let text =
        format!("delete from {name} where ({key}) in (select {key} from {name} where tenant_id = ? {old} limit ?)");
    run(conn, &text, values).await
}

/// Removes some conversations with their messages, which have no index by tenant; gives how many.
pub async fn conversations(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<u64> {
    let some = "select id from conversation where tenant_id = ? order by id limit ?";
    let values = || vec![tenant.into(), CONVERSATIONS.into()];
    run(conn, &format!("delete from message where conversation_id in ({some})"), values()).await?;
    run(conn, &format!("delete from conversation where id in ({some})"), values()).await
}

/// Removes log-ins that belong to this tenant's people and to nobody else's.
pub async fn accounts(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<()> {
    let text = "delete from account where id in (select account_id from agent where tenant_id = ?) \
                and not exists (select 1 from agent o where o.account_id = account.id and o.tenant_id <> ?)";
    run(conn, text, vec![tenant.into(), tenant.into()]).await.map(|_| ())
}

/// Whether events of the tenant are left.
pub async fn has_events(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<bool> {
    let ask = sql(conn.get_database_backend(), "select 1 from outbox where tenant_id = ? limit 1", [tenant.into()]);
    Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
}

/// Removes the tenant itself; `false` when somebody else did.
pub async fn tenant(conn: &impl ConnectionTrait, id: TenantId) -> Result<bool> {
    Ok(run(conn, "delete from tenant where id = ?", vec![id.into()]).await? == 1)
}

async fn run(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<u64> {
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected())
}

async fn texts(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Vec<String>> {
    let rows: Vec<QueryResult> =
        conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    rows.iter().map(|row| row.try_get_by_index(0).map_err(fault)).collect()
}
