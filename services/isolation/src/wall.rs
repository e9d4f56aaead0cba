//! What PostgreSQL itself enforces: row-level security, looked at from inside the database (RLS-01, RLS-03).

use anyhow::{Context, Result};
use serde::Serialize;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Executor, Row};

const ROLE: &str = "porchlight_tenant";
const PLATFORM: &str = "porchlight_platform";

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What must hold.
    pub what: String,
    /// Whether it does.
    pub holds: bool,
    /// What was seen.
    pub seen: String,
}

/// Looks at everything.
pub async fn look(url: &str) -> Result<Vec<Check>> {
    let mut conn = PgConnection::connect(url).await.context("the database of --store cannot be reached")?;
    let mut checks = roles(&mut conn).await?;
    let tables = tables(&mut conn).await?;
    for (table, forced) in &tables {
        let seen = if *forced { "forced" } else { "not forced" };
        checks.push(Check {
            what: format!("{table}: row-level security is forced"),
            holds: *forced,
            seen: seen.to_owned(),
        });
    }
    if checks.iter().any(|check| check.what.starts_with(ROLE) && check.holds) {
        checks.extend(empty(&mut conn, &tables).await?);
    }
    conn.close().await?;
    Ok(checks)
}

/// The roles statements run as own nothing and cannot step over the wall.
async fn roles(conn: &mut PgConnection) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    for role in [ROLE, PLATFORM] {
        let text = "select rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, \
                    (select count(*) from pg_class where relowner = r.oid) from pg_roles r where rolname = $1";
        let row = sqlx::query(text).bind(role).fetch_optional(&mut *conn).await?;
        let (holds, seen) = match row {
            None => (false, "there is no such role".to_owned()),
            Some(row) => attributes(&row)?,
        };
        let what = format!("{role}: no superuser, no BYPASSRLS, no log-in, owns no table");
        checks.push(Check { what, holds, seen });
    }
    Ok(checks)
}

fn attributes(row: &PgRow) -> Result<(bool, String)> {
    let names = ["superuser", "BYPASSRLS", "log-in", "CREATEROLE"];
    let mut wrong: Vec<String> = Vec::new();
    for (place, name) in names.into_iter().enumerate() {
        if row.try_get::<bool, _>(place)? {
            wrong.push(name.to_owned());
        }
    }
    let owned: i64 = row.try_get(4)?;
    if owned > 0 {
        wrong.push(format!("owns {owned} tables"));
    }
    Ok((wrong.is_empty(), if wrong.is_empty() { "none of it".to_owned() } else { wrong.join(", ") }))
}

/// Tables with a tenant, and whether their wall is forced.
async fn tables(conn: &mut PgConnection) -> Result<Vec<(String, bool)>> {
    let text = "select c.relname, c.relrowsecurity and c.relforcerowsecurity from pg_class c \
                join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped \
                join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema() \
                where c.relkind in ('r', 'p') order by 1";
    let rows = sqlx::query(text).fetch_all(&mut *conn).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

/// As the tenants' role without a tenant, every table is empty, whatever is in it.
async fn empty(conn: &mut PgConnection, tables: &[(String, bool)]) -> Result<Vec<Check>> {
    let mut checks = Vec::new();
    for (table, _) in tables {
        let all: i64 = count(conn, table).await?;
        conn.execute("begin").await?;
        conn.execute("set local role porchlight_tenant").await?;
        let seen = count(conn, table).await;
        conn.execute("rollback").await?;
        // a table the role may not read at all shows nothing either
        let shown = seen.unwrap_or(0);
        let what = format!("{table}: no row without a tenant");
        checks.push(Check { what, holds: shown == 0, seen: format!("{shown} of {all}") });
    }
    Ok(checks)
}

async fn count(conn: &mut PgConnection, table: &str) -> Result<i64> {
    // the name comes from the database's own catalogue
    let text = AssertSqlSafe(format!("select count(*) from \"{table}\""));
    Ok(sqlx::query(text).fetch_one(&mut *conn).await?.try_get(0)?)
}
