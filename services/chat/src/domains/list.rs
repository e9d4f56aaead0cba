//! What screens ask for.

use kernel::wire::{Domain, DomainScope};
use kernel::{ClaimId, Host, Origin, Result, Role, Scope, WidgetId};

use super::tables::claim;
use crate::Ctx;
use crate::widgets::{self, Sighting};

/// A widget's claims, oldest first.
pub async fn list(ctx: &Ctx, scope: &Scope, widget: WidgetId) -> Result<Vec<Domain>> {
    scope.require(Role::Viewer)?;
    widgets::show(ctx, scope, widget).await?;
    let rows = claim::of_widget(&ctx.db.read(scope), scope.tenant(), widget).await?;
    rows.iter().map(claim::Model::wire).collect()
}

/// One claim of the tenant.
pub async fn show(ctx: &Ctx, scope: &Scope, id: ClaimId) -> Result<Domain> {
    scope.require(Role::Viewer)?;
    claim::find(&ctx.db.read(scope), scope.tenant(), id).await?.wire()
}

/// Origins around the claim that were turned away: the same registrable domain, whatever scheme, port or name; for a
/// test claim the visitor's own machine. This is where a forgotten `www.` shows.
pub async fn blocked(ctx: &Ctx, scope: &Scope, id: ClaimId) -> Result<Vec<Sighting>> {
    let domain = show(ctx, scope, id).await?;
    let all = widgets::seen(ctx, scope, domain.widget_id, false).await?;
    Ok(all.into_iter().filter(|seen| is_around(&seen.origin, &domain)).collect())
}

fn is_around(origin: &str, domain: &Domain) -> bool {
    let Some(origin) = Origin::parse_header(origin) else { return false };
    if domain.scope == DomainScope::Test {
        return origin.is_loopback();
    }
    let registrable = |text: &str| Host::canonical(text).ok().and_then(|host| host.registrable().map(str::to_owned));
    registrable(&domain.host).is_some_and(|mine| registrable(origin.host()) == Some(mine))
}
