//! What operators may do about themselves.

use kernel::{Error, Result};
use store::Whose;

use super::audit::{self, Deed};
use super::staff::{Operator, Staff};
use super::tables::operator;
use crate::Ctx;
use crate::identity::throttle::Key;
use crate::identity::{FactorOffer, factor};

/// Who is asking.
pub async fn me(ctx: &Ctx, by: &Staff) -> Result<Operator> {
    mine(ctx, by).await.map(Operator::from)
}

/// Offers a second factor; it counts after [`confirm_factor`].
pub async fn offer_factor(ctx: &Ctx, by: &Staff) -> Result<FactorOffer> {
    let row = mine(ctx, by).await?;
    if row.totp_secret.is_some() {
        return Err(Error::conflict("second_factor_on", "The second factor is on already; switch it off first."));
    }
    let secret = factor::new_secret();
    let unit = ctx.db.write(Whose::Platform).await?;
    let sealed = ctx.vault.seal(&row.id.to_string(), &secret)?;
    operator::set_factor(unit.conn(), row.id, None, Some(sealed)).await?;
    unit.commit().await?;
    Ok(FactorOffer { otpauth_url: factor::url(&secret, &row.email)?, secret })
}

/// Switches the offered second factor on, by its first code.
pub async fn confirm_factor(ctx: &Ctx, by: &Staff, code: &str) -> Result<()> {
    let row = mine(ctx, by).await?;
    let none = || Error::conflict("second_factor_not_offered", "Ask for a second factor first.");
    let secret = row.totp_pending.clone().ok_or_else(none)?;
    switch(ctx, &row, &secret.clone(), code, Some(secret)).await
}

/// Switches the second factor off, by a code.
pub async fn disable_factor(ctx: &Ctx, by: &Staff, code: &str) -> Result<()> {
    let row = mine(ctx, by).await?;
    let off = || Error::conflict("second_factor_off", "The second factor is off.");
    let secret = row.totp_secret.clone().ok_or_else(off)?;
    switch(ctx, &row, &secret, code, None).await
}

async fn switch(ctx: &Ctx, row: &operator::Model, secret: &str, code: &str, to: Option<String>) -> Result<()> {
    let keys = [Key::login("operator code", &row.email)];
    ctx.keys.throttle.guess(&keys, ctx.clock().now())?;
    let secret = ctx.vault.open(&row.id.to_string(), secret)?;
    let step = factor::step_of(secret.reveal(), code, ctx.clock().now(), row.totp_last_step)?;
    let step = step.ok_or_else(factor::wrong_code)?;
    let action = if to.is_some() { "second_factor_switched_on" } else { "second_factor_switched_off" };
    let unit = ctx.db.write(Whose::Platform).await?;
    if !operator::spend_step(unit.conn(), row.id, step).await? {
        return Err(factor::wrong_code());
    }
    operator::set_factor(unit.conn(), row.id, to, None).await?;
    let deed = Deed { action, tenant: None, object: None, detail: None };
    audit::record(ctx, &unit, Some(row.id), deed).await?;
    unit.commit().await?;
    ctx.keys.throttle.right(&keys);
    Ok(())
}

async fn mine(ctx: &Ctx, by: &Staff) -> Result<operator::Model> {
    operator::find(ctx.db.platform(), by.id).await?.ok_or_else(Error::not_found)
}
