//! Who wants no marketing: what people told Meta, and what Meta tells us when we try.

use chat::Ctx;
use kernel::{ContactId, Error, Result, TenantId, Timestamp};
use store::{Conn, Unit};

use crate::alias::Alias;
use crate::payload::Preference;
use crate::receive::Became;
use crate::tables::preference;

/// Applies what people told Meta.
pub(crate) async fn apply(unit: &mut Unit, tenant: TenantId, all: &[Preference], at: Timestamp) -> Result<Became> {
    let mut changed = false;
    for one in all {
        for alias in &one.who {
            changed |= preference::put(unit.conn(), tenant, alias, one.wants, one.at.unwrap_or(at)).await?;
        }
    }
    Ok(if changed { Became::Done } else { Became::Ignored("older_than_known") })
}

/// Somebody to whom marketing was sent in vain wants none (Meta's 131050).
pub(crate) async fn refuse(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, who: &Alias) -> Result<()> {
    preference::put(unit.conn(), tenant, who, false, ctx.clock().now()).await.map(|_| ())
}

/// Refuses marketing to somebody who does not want it.
pub(crate) async fn admit(conn: &impl Conn, tenant: TenantId, contact: ContactId, category: &str) -> Result<()> {
    if category != "MARKETING" || !preference::refused(conn, tenant, contact).await? {
        return Ok(());
    }
    Err(Error::conflict(
        "marketing_refused",
        "They told WhatsApp that they want no marketing messages. Choose a template of another kind, or wait until they write.",
    ))
}
