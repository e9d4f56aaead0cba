//! Where widgets were seen: page loads per origin, allowed and refused. Counted in memory, written together.

use dashmap::DashMap;
use kernel::{Result, Role, Scope, TenantId, Timestamp, WidgetId};
use store::Whose;

use super::{find, tables::sighting};
use crate::Ctx;

/// Longest origin kept, and most origins that wait at once: strangers choose both.
const LONGEST: usize = 200;
const MOST: usize = 10_000;

/// Tenant, widget, origin as stated, and whether it was let in.
pub type Key = (TenantId, WidgetId, String, bool);

/// Loads counted since they were last written.
#[derive(Default)]
pub struct Tally(DashMap<Key, (i64, Timestamp)>);

impl Tally {
    /// Counts one load.
    pub fn note(&self, tenant: TenantId, widget: WidgetId, origin: &str, allowed: bool, at: Timestamp) {
        if self.0.len() < MOST {
            let origin = origin.chars().take(LONGEST).collect();
            let mut entry = self.0.entry((tenant, widget, origin, allowed)).or_insert((0, at));
            *entry = (entry.0 + 1, at);
        }
    }

    /// Writes what was counted.
    pub async fn flush(&self, ctx: &Ctx) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        let keys: Vec<Key> = self.0.iter().map(|entry| entry.key().clone()).collect();
        let unit = ctx.db.write(Whose::Platform).await?;
        for key in keys {
            let Some((key, (count, at))) = self.0.remove(&key) else { continue };
            sighting::add(unit.conn(), &key, count, at).await?;
        }
        unit.commit().await.map(|_| ())
    }
}

/// One origin a widget was loaded from.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// As the browser stated it.
    pub origin: String,
    /// How often.
    pub loads: i64,
    /// First time.
    pub first_at: Timestamp,
    /// Last time.
    pub last_at: Timestamp,
}

/// Where the widget was seen, latest first: where it ran (`allowed`) or where it was refused.
pub async fn seen(ctx: &Ctx, scope: &Scope, widget: WidgetId, allowed: bool) -> Result<Vec<Sighting>> {
    scope.require(Role::Viewer)?;
    find::show(ctx, scope, widget).await?;
    ctx.tally.flush(ctx).await?;
    sighting::list(&ctx.db.read(scope), scope.tenant(), widget, allowed).await
}
