//! Two contacts who are one person, with the names WhatsApp knows them by.
//!
//! A merge moves conversations, what the kept contact lacks, and names; taking it back moves exactly these, as far as
//! they are still there. Names that were learned since stay with the kept contact.

use chat::contacts::{self, Stand};
use chat::{Ctx, identity, inbox};
use kernel::wire::ContactMerge;
use kernel::{ContactId, ContactMergeId, Error, Result, Role, Scope, TenantId};
use serde::{Deserialize, Serialize};
use store::Unit;

use crate::tables::alias;

/// What moved here: kind and value of each name.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Names {
    names: Vec<(String, String)>,
}

/// Makes two people of the tenant one. Agents and above.
pub async fn merge(ctx: &Ctx, scope: &Scope, kept: ContactId, gone: ContactId) -> Result<ContactMerge> {
    scope.require(Role::Agent)?;
    let mut unit = ctx.db.write(scope).await?;
    let merge = within(ctx, &mut unit, scope, kept, gone).await?;
    unit.commit().await?;
    tracing::info!(tenant.id = %scope.tenant(), merge.id = %merge.id, "two contacts were merged");
    Ok(merge)
}

/// Takes a merge back. Agents and above.
pub async fn undo(ctx: &Ctx, scope: &Scope, id: ContactMergeId) -> Result<ContactMerge> {
    scope.require(Role::Agent)?;
    let mut unit = ctx.db.write(scope).await?;
    let (merge, channel) = inbox::unmerge(ctx, &mut unit, scope, id).await?;
    let moved: Names = serde_json::from_value(channel).map_err(Error::internal)?;
    alias::take_back(unit.conn(), scope.tenant(), &moved.names, (merge.kept_id, merge.gone_id)).await?;
    unit.commit().await?;
    tracing::info!(tenant.id = %scope.tenant(), merge.id = %merge.id, "a merge of contacts was taken back");
    Ok(merge)
}

/// WhatsApp shows that two contacts are one person, within a unit; gives who goes on. Somebody with a session on a web
/// page does, whoever was to be kept; of two such visitors only the names move, for their sessions cannot.
pub async fn same_person(
    ctx: &Ctx,
    unit: &mut Unit,
    tenant: TenantId,
    kept: ContactId,
    gone: ContactId,
) -> Result<ContactId> {
    let stand = async |id| contacts::stand(unit.conn(), tenant, id).await;
    let (mine, theirs) = (stand(kept).await?, stand(gone).await?);
    let (kept, gone) = match (mine, theirs) {
        (Some(mine), Some(theirs)) if mine.id == theirs.id => return Ok(mine.id),
        (Some(mine), Some(Stand { id, visitor: true })) if !mine.visitor => (id, mine.id),
        (Some(mine), Some(theirs)) if !theirs.visitor => (mine.id, theirs.id),
        // names of somebody who has no row yet, or of a second visitor
        (Some(mine), _) => return only_names(unit, tenant, mine.id, gone).await,
        (None, Some(theirs)) => return only_names(unit, tenant, theirs.id, kept).await,
        (None, None) => return only_names(unit, tenant, kept, gone).await,
    };
    within(ctx, unit, &identity::scope_of_system(tenant), kept, gone).await.map(|merge| merge.kept_id)
}

async fn only_names(unit: &Unit, tenant: TenantId, kept: ContactId, gone: ContactId) -> Result<ContactId> {
    alias::give_all(unit.conn(), tenant, gone, kept).await?;
    Ok(kept)
}

async fn within(ctx: &Ctx, unit: &mut Unit, scope: &Scope, kept: ContactId, gone: ContactId) -> Result<ContactMerge> {
    let pair = contacts::pair(unit, scope.tenant(), kept, gone).await?;
    let rows = alias::of_contact(unit.conn(), scope.tenant(), pair.gone()).await?;
    alias::give_all(unit.conn(), scope.tenant(), pair.gone(), pair.kept()).await?;
    let names = rows.into_iter().map(|row| (row.kind, row.value)).collect();
    let moved = serde_json::to_value(Names { names }).map_err(Error::internal)?;
    inbox::merge(ctx, unit, scope, &pair, moved).await
}
