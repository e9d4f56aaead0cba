//! Looking widgets up.

use kernel::wire::Widget;
use kernel::{Result, Role, Scope, TenantId, WidgetId};

use super::tables::widget;
use crate::Ctx;

/// A widget found by its key alone, before anybody is known: its tenant comes with it.
#[derive(Clone, Debug)]
pub struct Live {
    /// Whose it is.
    pub tenant: TenantId,
    /// The widget, switched on.
    pub widget: Widget,
}

/// All widgets of the tenant, oldest first.
pub async fn list(ctx: &Ctx, scope: &Scope) -> Result<Vec<Widget>> {
    scope.require(Role::Viewer)?;
    widget::all(&ctx.db.read(scope), scope.tenant()).await?.iter().map(widget::Model::wire).collect()
}

/// One widget of the tenant.
pub async fn show(ctx: &Ctx, scope: &Scope, id: WidgetId) -> Result<Widget> {
    scope.require(Role::Viewer)?;
    widget::find(&ctx.db.read(scope), scope.tenant(), id).await?.wire()
}

/// The widget a page names, when it is switched on; whether its tenant may work is the caller's question.
pub async fn live(ctx: &Ctx, id: WidgetId) -> Result<Option<Live>> {
    match widget::by_key(ctx.db.platform(), id).await? {
        Some(row) if row.active => Ok(Some(Live { tenant: row.tenant_id, widget: row.wire()? })),
        _ => Ok(None),
    }
}
