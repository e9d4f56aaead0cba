//! Address, password and, where asked for, a code: all in one request, so that no half-made session exists.

use kernel::{Email, Error, Result, Secret, TenantId};
use serde_json::json;
use store::Whose;

use super::device::Caller;
use super::sessions::{self, LoggedIn};
use super::tables::{account, agent, tenant};
use super::throttle::Key;
use super::{factor, live};
use crate::Ctx;

/// What somebody logs in with.
pub struct LogIn {
    /// Address.
    pub email: String,
    /// Password.
    pub password: Secret<String>,
    /// Which tenant, for those who work in several.
    pub tenant: Option<TenantId>,
    /// Code of the second factor, for those who have one.
    pub code: Option<String>,
}

/// Logs in. Unknown addresses, wrong passwords and people without a tenant get the same answer after the same work.
pub async fn log_in(ctx: &Ctx, wish: LogIn, caller: &Caller) -> Result<LoggedIn> {
    let email = Email::parse(&wish.email)?;
    let keys = [Key::login("agent", email.as_str()), Key::network(caller.ip)];
    ctx.keys.throttle.guess(&keys, ctx.clock().now())?;
    let account = account::by_email(ctx.db.platform(), email.as_str()).await?;
    let stored = account.as_ref().map(|account| account.password_hash.as_str());
    let fits = ctx.keys.bench.fits(wish.password.reveal(), stored).await?;
    let account = account.filter(|_| fits).ok_or_else(invalid)?;
    let step = check_code(ctx, &account, wish.code.as_deref())?;
    let who = choose(ctx, &account, wish.tenant).await?;
    let unit = ctx.db.write(Whose::Platform).await?;
    spend(&unit, &account, step).await?;
    let (row, token) = sessions::begin(ctx, &unit, &who, caller).await?;
    let answer = sessions::logged_in(ctx, &unit, &row, token).await?;
    unit.commit().await?;
    ctx.keys.throttle.right(&keys);
    Ok(answer)
}

/// The step of a right code, or nothing when none is asked for; a missing or wrong one is `second_factor_required`.
pub(super) fn check_code(ctx: &Ctx, account: &account::Model, code: Option<&str>) -> Result<Option<i64>> {
    let Some(secret) = &account.totp_secret else { return Ok(None) };
    let missing = || factor::required("Enter the code from your authenticator app.");
    let code = code.map(str::trim).filter(|code| !code.is_empty()).ok_or_else(missing)?;
    let wrong = || factor::required("This code is not right, or was used already. Wait for the next one.");
    let secret = ctx.vault.open(&account.id.to_string(), secret)?;
    factor::step_of(secret.reveal(), code, ctx.clock().now(), account.totp_last_step)?.ok_or_else(wrong).map(Some)
}

/// Uses a code up; somebody faster with the same code wins.
pub(super) async fn spend(unit: &store::Unit, account: &account::Model, step: Option<i64>) -> Result<()> {
    let Some(step) = step else { return Ok(()) };
    match account::spend_step(unit.conn(), account.id, step).await? {
        true => Ok(()),
        false => Err(factor::required("This code was used already. Wait for the next one.")),
    }
}

async fn choose(ctx: &Ctx, account: &account::Model, wish: Option<TenantId>) -> Result<agent::Model> {
    let conn = ctx.db.platform();
    let mut people = agent::of_account(conn, account.id).await?;
    people.retain(|person| wish.is_none_or(|tenant| tenant == person.tenant_id));
    if people.len() > 1 {
        return Err(several(ctx, &people).await?);
    }
    let who = people.pop().ok_or_else(invalid)?;
    match tenant::find(conn, who.tenant_id).await?.is_active() {
        true => Ok(who),
        false => Err(live::suspended()),
    }
}

async fn several(ctx: &Ctx, people: &[agent::Model]) -> Result<Error> {
    let ids = people.iter().map(|person| person.tenant_id).collect::<Vec<_>>();
    let tenants = tenant::several(ctx.db.platform(), &ids).await?;
    let choices: Vec<_> = tenants.iter().map(|tenant| json!({ "id": tenant.id, "name": tenant.name })).collect();
    let error = Error::conflict("tenant_required", "You work in several workspaces; say which one.");
    Ok(error.with_extra(json!({ "tenants": choices })))
}

pub(super) fn invalid() -> Error {
    Error::unauthenticated("invalid_credentials", "The e-mail address or the password is not right.")
}
