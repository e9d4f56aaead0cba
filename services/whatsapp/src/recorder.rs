//! The flight recorder: what arrived for a tenant's numbers, and having it worked on again. It shows lines, never
//! bodies: a delivery may hold items of several tenants.

use chat::Ctx;
use kernel::wire::{WhatsAppItem, WhatsAppItemState};
use kernel::{Cursor, Error, Limit, Page, Result, Role, Scope, WaDeliveryId};
use store::Whose;

use crate::ingest;
use crate::tables::{delivery, item, word};

/// A page of the tenant's lines, latest first.
pub async fn list(
    ctx: &Ctx,
    scope: &Scope,
    state: Option<WhatsAppItemState>,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<WhatsAppItem>> {
    scope.require(Role::Admin)?;
    let after: Option<item::Mark> = cursor.map(Cursor::unpack).transpose()?;
    let state = state.map(word).transpose()?;
    let rows = item::page(&ctx.db.read(scope), scope.tenant(), state.as_deref(), after, limit.get() + 1).await?;
    let items = rows.iter().map(item::Model::wire).collect::<Result<Vec<_>>>()?;
    Page::cut(items, limit, |last| (last.at.millis(), last.delivery_id, last.nth))
}

/// Has a delivery taken apart again: what failed or was ignored is tried once more, what is done stays done.
pub async fn replay(ctx: &Ctx, scope: &Scope, id: WaDeliveryId) -> Result<()> {
    scope.require(Role::Admin)?;
    if !item::concerns(&ctx.db.read(scope), scope.tenant(), id).await? {
        return Err(Error::not_found());
    }
    // deliveries are stored before anybody knows whose they are
    let mut unit = ctx.db.write(Whose::Platform).await?;
    if let Some(lane) = delivery::again(unit.conn(), id).await? {
        ingest::plan(&mut unit, [lane].into(), ctx.clock().now()).await?;
    }
    unit.commit().await.map(|_| ())
}
