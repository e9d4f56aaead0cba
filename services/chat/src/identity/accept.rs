//! Accepting an invitation: with its token, at the invited address, and with the log-in's own password if it has one.

use kernel::{AccountId, AgentId, Audience, Email, Error, Event, Kind, Name, Result, Role, Secret};
use store::{Unit, Whose};

use super::device::Caller;
use super::invitations::{self, InvitationState};
use super::log_in::{check_code, spend};
use super::password::Password;
use super::sessions::{self, LoggedIn};
use super::tables::{account, agent, invitation, tenant};
use super::throttle::Key;
use super::{digest, live};
use crate::Ctx;

/// What an invitation says to its bearer.
pub struct Preview {
    /// Whom it is for.
    pub email: String,
    /// Their name, if known.
    pub name: Option<String>,
    /// As what.
    pub role: Role,
    /// Where to.
    pub tenant_name: String,
    /// Whether the address has a log-in already, whose password is then asked for.
    pub has_account: bool,
}

/// An acceptance.
pub struct Acceptance {
    /// From the letter.
    pub token: Secret<String>,
    /// The invited address.
    pub email: String,
    /// How the person wants to be called.
    pub name: String,
    /// A new password, or the present one of a log-in that exists.
    pub password: Secret<String>,
    /// The code, where that log-in asks for one.
    pub code: Option<String>,
}

/// What an invitation offers.
pub async fn preview_invitation(ctx: &Ctx, token: &str) -> Result<Preview> {
    let row = open(ctx, token).await?;
    let conn = ctx.db.platform();
    Ok(Preview {
        role: row.role()?,
        tenant_name: tenant::find(conn, row.tenant_id).await?.name,
        has_account: account::by_email(conn, &row.email).await?.is_some(),
        email: row.email,
        name: row.name,
    })
}

/// Joins the tenant and logs in.
pub async fn accept_invitation(ctx: &Ctx, wish: Acceptance, caller: &Caller) -> Result<LoggedIn> {
    let row = open(ctx, wish.token.reveal()).await?;
    if Email::parse(&wish.email)?.as_str() != row.email {
        return Err(unknown());
    }
    let name = Name::parse(&wish.name)?.into_string();
    let owner = prove(ctx, &row, &wish, &name, caller).await?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let held = tenant::lock(unit.conn(), row.tenant_id).await?;
    if !held.is_active() {
        return Err(live::suspended());
    }
    if !invitation::accept(unit.conn(), row.id, &digest(wish.token.reveal()), ctx.clock().now()).await? {
        return Err(over());
    }
    owner.enter(&unit).await?;
    let who = join(ctx, &mut unit, &row, owner.account.id, name).await?;
    let (session, token) = sessions::begin(ctx, &unit, &who, caller).await?;
    let answer = sessions::logged_in(ctx, &unit, &session, token).await?;
    unit.commit().await?;
    Ok(answer)
}

async fn open(ctx: &Ctx, token: &str) -> Result<invitation::Model> {
    if token.trim().is_empty() {
        return Err(Error::invalid("token_empty", "The invitation's token is missing."));
    }
    let row = invitation::by_token(ctx.db.platform(), &digest(token)).await?.ok_or_else(unknown)?;
    match invitations::state(&row, ctx.clock().now()) {
        InvitationState::Pending => Ok(row),
        _ => Err(over()),
    }
}

/// The log-in an acceptance was proved for: one that exists, or one to make.
struct Proved {
    account: account::Model,
    is_new: bool,
    step: Option<i64>,
}

impl Proved {
    async fn enter(&self, unit: &Unit) -> Result<()> {
        if self.is_new && !account::insert(unit.conn(), &self.account).await? {
            return Err(Error::conflict("account_exists", "This address has a log-in now; accept with its password."));
        }
        spend(unit, &self.account, self.step).await
    }
}

async fn prove(ctx: &Ctx, row: &invitation::Model, wish: &Acceptance, name: &str, caller: &Caller) -> Result<Proved> {
    let Some(account) = account::by_email(ctx.db.platform(), &row.email).await? else {
        let password = Password::parse(wish.password.reveal(), &row.email)?;
        let account = new_account(ctx, &row.email, name, ctx.keys.bench.hash(&password).await?);
        return Ok(Proved { account, is_new: true, step: None });
    };
    let keys = [Key::login("agent", &row.email), Key::network(caller.ip)];
    ctx.keys.throttle.guess(&keys, ctx.clock().now())?;
    if !ctx.keys.bench.fits(wish.password.reveal(), Some(&account.password_hash)).await? {
        return Err(super::log_in::invalid());
    }
    let step = check_code(ctx, &account, wish.code.as_deref())?;
    ctx.keys.throttle.right(&keys);
    Ok(Proved { account, is_new: false, step })
}

/// A log-in that is not in the table yet.
pub(super) fn new_account(ctx: &Ctx, email: &str, name: &str, password_hash: String) -> account::Model {
    account::Model {
        id: AccountId::new(ctx.clock()),
        email: email.to_owned(),
        name: name.to_owned(),
        password_hash,
        totp_secret: None,
        totp_pending: None,
        totp_last_step: None,
        created_at: ctx.clock().now(),
    }
}

async fn join(
    ctx: &Ctx,
    unit: &mut Unit,
    row: &invitation::Model,
    account: AccountId,
    name: String,
) -> Result<agent::Model> {
    let who = agent::Model {
        tenant_id: row.tenant_id,
        id: AgentId::new(ctx.clock()),
        account_id: account,
        name,
        email: row.email.clone(),
        role: row.role.clone(),
        created_at: ctx.clock().now(),
        last_seen_at: None,
        removed_at: None,
    };
    enter(unit, &who).await?;
    Ok(who)
}

/// Adds a person to a tenant within `unit` and says so.
pub(super) async fn enter(unit: &mut Unit, who: &agent::Model) -> Result<()> {
    if !agent::insert(unit.conn(), who).await? {
        return Err(Error::conflict("already_member", "This person is in the team already."));
    }
    let agent = agent::wire_one(unit.conn(), who.clone()).await?;
    unit.emit(who.tenant_id, Audience::Agents, Event::AgentJoined { agent });
    Ok(())
}

fn unknown() -> Error {
    Error::new(Kind::NotFound, "invitation_unknown", "This invitation does not exist. Ask for a new one.")
}

fn over() -> Error {
    Error::new(Kind::Gone, "invitation_expired", "This invitation is over or was used. Ask for a new one.")
}
