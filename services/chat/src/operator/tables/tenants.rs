//! Tenants as operators look for them, and how much each holds. Only counts: no rows of a tenant are read.

use std::collections::HashMap;

use kernel::{Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use store::{fault, sql};

/// What a search asks for.
pub struct Search<'a> {
    /// Part of a name or of an owner's address, in lower case; empty finds all.
    pub text: &'a str,
    /// `active`, `suspended`, `deleting`, or empty for all.
    pub status: &'a str,
    /// Where the page starts.
    pub before: Option<(Timestamp, TenantId)>,
    /// Longest answer.
    pub most: i64,
}

/// A tenant's row.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: TenantId,
    pub name: String,
    pub status: String,
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub suspended_at: Option<Timestamp>,
    pub delete_at: Option<Timestamp>,
    pub delete_reason: Option<String>,
}

const COLUMNS: &str = "t.id, t.name, t.status, t.reason, t.created_at, t.suspended_at, t.delete_at, t.delete_reason";

/// A stretch of tenants, newest first.
pub async fn search(conn: &impl ConnectionTrait, search: &Search<'_>) -> Result<Vec<Row>> {
    let mut text = format!("select {COLUMNS} from tenant t where 1 = 1");
    let mut values: Vec<Value> = Vec::new();
    if !search.text.is_empty() {
        let pattern = format!("%{}%", search.text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        text.push_str(
            " and (lower(t.name) like ? escape '\\' or exists (select 1 from agent a where a.tenant_id = t.id \
             and a.role = 'owner' and a.removed_at is null and a.email like ? escape '\\'))",
        );
        values.extend([pattern.clone().into(), pattern.into()]);
    }
    if !search.status.is_empty() {
        text.push_str(" and t.status = ?");
        values.push(search.status.into());
    }
    if let Some((at, id)) = search.before {
        text.push_str(" and (t.created_at < ? or (t.created_at = ? and t.id < ?))");
        values.extend([at.into(), at.into(), id.into()]);
    }
    text.push_str(" order by t.created_at desc, t.id desc limit ?");
    values.push(search.most.into());
    Row::find_by_statement(sql(conn.get_database_backend(), &text, values)).all(conn).await.map_err(fault)
}

/// One tenant.
pub async fn find(conn: &impl ConnectionTrait, id: TenantId) -> Result<Option<Row>> {
    let text = format!("select {COLUMNS} from tenant t where t.id = ?");
    let ask = sql(conn.get_database_backend(), &text, [id.into()]);
    Row::find_by_statement(ask).one(conn).await.map_err(fault)
}

/// What can be counted.
#[derive(Clone, Copy)]
pub enum Counted {
    Agents,
    Widgets,
    Contacts,
    Conversations,
}

impl Counted {
    const fn table(self) -> &'static str {
        match self {
            Self::Agents => "agent where removed_at is null and",
            Self::Widgets => "widget where deleted_at is null and",
            Self::Contacts => "contact where",
            Self::Conversations => "conversation where",
        }
    }
}

/// How many each of these tenants has; those with none are left out.
pub async fn count(conn: &impl ConnectionTrait, what: Counted, tenants: &[TenantId]) -> Result<HashMap<TenantId, i64>> {
    let text = format!(
        "select tenant_id, count(*) from {} tenant_id in ({}) group by tenant_id",
        what.table(),
        places(tenants.len())
    );
    pairs(conn, &text, tenants).await
}

/// The oldest owner's address of each.
pub async fn owners(conn: &impl ConnectionTrait, tenants: &[TenantId]) -> Result<HashMap<TenantId, String>> {
    let text = format!(
        "select tenant_id, email from agent where role = 'owner' and removed_at is null and tenant_id in ({}) \
         order by created_at desc, id desc",
        places(tenants.len())
    );
    pairs(conn, &text, tenants).await
}

/// The newest invited owner's address of each.
pub async fn invited(conn: &impl ConnectionTrait, tenants: &[TenantId]) -> Result<HashMap<TenantId, String>> {
    let text = format!(
        "select tenant_id, email from invitation where role = 'owner' and accepted_at is null and revoked_at is null \
         and tenant_id in ({}) order by created_at, id",
        places(tenants.len())
    );
    pairs(conn, &text, tenants).await
}

fn places(n: usize) -> String {
    // an empty list is no SQL; null is in no list
    if n == 0 { "null".to_owned() } else { vec!["?"; n].join(", ") }
}

/// Of several rows for one tenant the last one stays.
async fn pairs<T: sea_orm::TryGetable>(
    conn: &impl ConnectionTrait,
    text: &str,
    tenants: &[TenantId],
) -> Result<HashMap<TenantId, T>> {
    let values = tenants.iter().map(|id| (*id).into());
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?)))
        .collect()
}
