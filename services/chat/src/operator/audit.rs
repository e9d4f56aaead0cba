//! What operators did, for good.

use kernel::{Cursor, Limit, OperatorId, Page, Result, TenantId, Timestamp};
use store::Unit;
use uuid::Uuid;

use super::staff::{Operator, Staff};
use super::tables::{audit, operator};
use crate::Ctx;
use crate::identity::tables::tenant;

/// One thing somebody did.
#[derive(Clone, Debug)]
pub struct AuditEntry {
    /// Id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Who; nobody when it came from the command line.
    pub operator: Option<Operator>,
    /// What, in the past tense.
    pub action: String,
    /// To which tenant, by id and name.
    pub tenant: Option<(TenantId, String)>,
    /// To what, where it is not the tenant itself.
    pub object: Option<String>,
    /// More, such as a reason.
    pub detail: Option<String>,
}

/// Something to write down.
pub(super) struct Deed {
    pub action: &'static str,
    pub tenant: Option<TenantId>,
    pub object: Option<String>,
    pub detail: Option<String>,
}

/// Writes down what an operator did to something of the platform's that this crate does not know, within the unit that
/// does it.
pub async fn note(ctx: &Ctx, unit: &Unit, by: &Staff, action: &'static str, object: &str, detail: &str) -> Result<()> {
    let (object, detail) = (Some(object.to_owned()), Some(detail.to_owned()));
    record(ctx, unit, Some(by.id), Deed { action, tenant: None, object, detail }).await
}

const COMMAND_LINE: &str = "command line";

/// Writes a deed down within the unit that does it.
pub(super) async fn record(ctx: &Ctx, unit: &Unit, by: Option<OperatorId>, deed: Deed) -> Result<()> {
    let row = audit::Model {
        id: audit::new_id(ctx.clock()),
        tenant_id: deed.tenant,
        actor: by.map_or_else(|| COMMAND_LINE.to_owned(), |id| id.to_string()),
        action: deed.action.to_owned(),
        object: deed.object,
        detail: deed.detail.unwrap_or_default(),
        at: ctx.clock().now(),
    };
    audit::insert(unit.conn(), row).await
}

/// One page of the trail, newest first; of one tenant where asked.
pub async fn list_audit(
    ctx: &Ctx,
    _by: &Staff,
    tenant: Option<TenantId>,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<AuditEntry>> {
    let before: Option<(i64, Uuid)> = cursor.map(Cursor::unpack).transpose()?;
    let before = before.map(|(at, id)| (Timestamp::from_millis(at), id));
    let conn = ctx.db.platform();
    let rows = audit::list(conn, tenant, before, limit.get() + 1).await?;
    let page = Page::cut(rows, limit, |row| (row.at.millis(), row.id))?;
    let actors = page.items.iter().filter_map(|row| row.actor.parse().ok()).collect();
    let staff = operator::several(conn, actors).await?;
    let ids: Vec<TenantId> = page.items.iter().filter_map(|row| row.tenant_id).collect();
    let tenants = tenant::several(conn, &ids).await?;
    Ok(page.map(|row| shown(row, &staff, &tenants)))
}

fn shown(row: audit::Model, staff: &[operator::Model], tenants: &[tenant::Model]) -> AuditEntry {
    let actor: Option<OperatorId> = row.actor.parse().ok();
    let operator = staff.iter().find(|operator| Some(operator.id) == actor).cloned();
    let tenant = tenants.iter().find(|tenant| Some(tenant.id) == row.tenant_id);
    AuditEntry {
        id: format!("aud_{}", row.id.as_simple()),
        at: row.at,
        operator: operator.map(Operator::from),
        action: row.action,
        tenant: tenant.map(|tenant| (tenant.id, tenant.name.clone())),
        object: row.object,
        detail: Some(row.detail).filter(|detail| !detail.is_empty()),
    }
}
