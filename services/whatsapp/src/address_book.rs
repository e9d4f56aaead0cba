//! The address book of a phone that shares the number: names for people without one, and people nobody has talked to.
//!
//! A name that is there stays, whoever gave it. Whoever is taken out of the address book stays a contact here: people
//! are removed by people.

use chat::Ctx;
use chat::contacts::{self, Told};
use kernel::Result;
use serde_json::Value;
use store::Unit;

use crate::payload::{self, Known};
use crate::receive::{self, Became};
use crate::tables::number;
use crate::{history, person};

/// People of one unit.
const AT_ONCE: usize = 50;

/// Keeps what changed in it: it may be thousands of people, and waits for its number's job.
pub async fn apply(ctx: &Ctx, unit: &mut Unit, number: &number::Model, value: &Value) -> Result<Became> {
    if payload::known(value).is_empty() {
        return Ok(Became::Ignored("empty"));
    }
    history::wake(unit, number.tenant_id, number.id, ctx.clock().now());
    Ok(Became::Waiting)
}

/// Writes it down, some people at a time.
pub async fn write(ctx: &Ctx, number: &number::Model, value: &Value) -> Result<()> {
    let known: Vec<Known> = payload::known(value).into_iter().filter(|known| !known.removed).collect();
    for some in known.chunks(AT_ONCE) {
        let mut unit = ctx.db.write(number.tenant_id).await?;
        for known in some {
            let met = person::meet(ctx, &mut unit, number.tenant_id, &known.aliases).await?;
            let name = known.name.as_deref().and_then(receive::line);
            let told = Told { name, phone: met.phone };
            contacts::noted(ctx, &mut unit, number.tenant_id, met.contact, &told).await?;
        }
        unit.commit().await?;
    }
    Ok(())
}
