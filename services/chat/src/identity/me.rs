//! What a person may do about themselves. A log-in belongs to a person, not to a tenant: it is changed as the platform.

use kernel::wire::{Agent, Tenant};
use kernel::{Audience, Error, Event, Name, Result, Scope, Secret, SessionId};
use store::{Unit, Whose};

use super::password::Password;
use super::tables::{account, agent, session, tenant};
use super::throttle::Key;
use super::{factor, sessions, tokens};
use crate::Ctx;

/// A person, where they work, and the session they ask in.
pub struct Me {
    /// Who.
    pub agent: Agent,
    /// Where.
    pub tenant: Tenant,
    /// In which session.
    pub session: SessionId,
}

/// What an authenticator app needs.
pub struct FactorOffer {
    /// For typing in.
    pub secret: String,
    /// For a QR code.
    pub otpauth_url: String,
}

/// Who is asking.
pub async fn me(ctx: &Ctx, scope: &Scope) -> Result<Me> {
    let (id, _) = scope.agent()?;
    let conn = &ctx.db.read(scope);
    let row = agent::find(conn, scope.tenant(), id).await?;
    Ok(Me {
        agent: agent::wire_one(ctx.db.platform(), row).await?,
        tenant: tenant::find(conn, scope.tenant()).await?.wire(),
        session: tokens::session_of(scope)?,
    })
}

/// Gives oneself another name.
pub async fn rename_me(ctx: &Ctx, scope: &Scope, name: &str) -> Result<Agent> {
    let (id, _) = scope.agent()?;
    let name = Name::parse(name)?;
    let unit = ctx.db.write(Whose::Platform).await?;
    let mut row = agent::find(unit.conn(), scope.tenant(), id).await?;
    row.name = name.into_string();
    agent::save(unit.conn(), &row).await?;
    changed(unit, scope, row).await
}

/// Gives oneself another password; every other session of the log-in ends, in every tenant.
pub async fn change_password(ctx: &Ctx, scope: &Scope, current: &Secret<String>, new: &Secret<String>) -> Result<()> {
    let account = my_account(ctx, scope).await?;
    let keys = [Key::login("password", &account.email)];
    ctx.keys.throttle.guess(&keys, ctx.clock().now())?;
    let new = Password::parse(new.reveal(), &account.email)?;
    if !ctx.keys.bench.fits(current.reveal(), Some(&account.password_hash)).await? {
        return Err(Error::field("current_password", "wrong_password", "The current password is not right."));
    }
    let hash = ctx.keys.bench.hash(&new).await?;
    let keep = tokens::session_of(scope)?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    account::set_password(unit.conn(), account.id, hash).await?;
    let mut others = session::of_account(unit.conn(), account.id, ctx.clock().now()).await?;
    others.retain(|row| row.id != keep);
    sessions::end_all(ctx, &mut unit, &others).await?;
    unit.commit().await?;
    sessions::forget_all(ctx, &others);
    ctx.keys.throttle.right(&keys);
    Ok(())
}

/// Offers a second factor; it counts after [`confirm_factor`].
pub async fn offer_factor(ctx: &Ctx, scope: &Scope) -> Result<FactorOffer> {
    let account = my_account(ctx, scope).await?;
    if account.totp_secret.is_some() {
        return Err(Error::conflict("second_factor_on", "The second factor is on already; switch it off first."));
    }
    let secret = factor::new_secret();
    let unit = ctx.db.write(Whose::Platform).await?;
    let sealed = ctx.vault.seal(&account.id.to_string(), &secret)?;
    account::set_factor(unit.conn(), account.id, None, Some(sealed)).await?;
    unit.commit().await?;
    Ok(FactorOffer { otpauth_url: factor::url(&secret, &account.email)?, secret })
}

/// Switches the offered second factor on, by its first code.
pub async fn confirm_factor(ctx: &Ctx, scope: &Scope, code: &str) -> Result<()> {
    let account = my_account(ctx, scope).await?;
    let none = || Error::conflict("second_factor_not_offered", "Ask for a second factor first.");
    let secret = account.totp_pending.clone().ok_or_else(none)?;
    switch_factor(ctx, scope, &account, &secret.clone(), code, Some(secret)).await
}

/// Switches the second factor off, by a code.
pub async fn disable_factor(ctx: &Ctx, scope: &Scope, code: &str) -> Result<()> {
    let account = my_account(ctx, scope).await?;
    let off = || Error::conflict("second_factor_off", "The second factor is off.");
    let secret = account.totp_secret.clone().ok_or_else(off)?;
    switch_factor(ctx, scope, &account, &secret, code, None).await
}

async fn switch_factor(
    ctx: &Ctx,
    scope: &Scope,
    account: &account::Model,
    secret: &str,
    code: &str,
    to: Option<String>,
) -> Result<()> {
    let keys = [Key::login("code", &account.email)];
    ctx.keys.throttle.guess(&keys, ctx.clock().now())?;
    let secret = ctx.vault.open(&account.id.to_string(), secret)?;
    let step = factor::step_of(secret.reveal(), code, ctx.clock().now(), account.totp_last_step)?;
    let step = step.ok_or_else(factor::wrong_code)?;
    let unit = ctx.db.write(Whose::Platform).await?;
    if !account::spend_step(unit.conn(), account.id, step).await? {
        return Err(factor::wrong_code());
    }
    account::set_factor(unit.conn(), account.id, to, None).await?;
    let (id, _) = scope.agent()?;
    let row = agent::find(unit.conn(), scope.tenant(), id).await?;
    changed(unit, scope, row).await?;
    ctx.keys.throttle.right(&keys);
    Ok(())
}

async fn my_account(ctx: &Ctx, scope: &Scope) -> Result<account::Model> {
    let (id, _) = scope.agent()?;
    let row = agent::find(&ctx.db.read(scope), scope.tenant(), id).await?;
    account::find(ctx.db.platform(), row.account_id).await?.ok_or_else(Error::not_found)
}

/// Says that a person changed and commits.
pub(super) async fn changed(mut unit: Unit, scope: &Scope, row: agent::Model) -> Result<Agent> {
    let agent = agent::wire_one(unit.conn(), row).await?;
    unit.emit(scope.tenant(), Audience::Control, Event::AgentChanged { agent: agent.clone() });
    unit.commit().await?;
    Ok(agent)
}
