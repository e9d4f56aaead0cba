//! Invitations: 72 hours, one use, for one address. The token travels by mail alone and is in no answer of ours.

use kernel::{
    AgentId, Cursor, Email, Error, InvitationId, Limit, Name, Page, Result, Role, Scope, TenantId, Timestamp,
    random_token,
};
use store::Unit;

use super::roles::{authority, may_manage};
use super::tables::{agent, invitation, tenant};
use super::throttle::Key;
use super::{digest, letters};
use crate::Ctx;

/// Whether an invitation can still be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// It waits.
    Pending,
    /// It was.
    Accepted,
    /// Too late.
    Expired,
    /// Taken back.
    Revoked,
}

/// An invitation as the tenant's people see it.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// Id.
    pub id: InvitationId,
    /// Whom.
    pub email: String,
    /// Their name, if known.
    pub name: Option<String>,
    /// As what.
    pub role: Role,
    /// Whether it can still be accepted.
    pub state: InvitationState,
    /// When it is over.
    pub expires_at: Timestamp,
    /// When it was given.
    pub created_at: Timestamp,
}

/// An invitation to give.
pub struct NewInvitation {
    /// Whom.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Their name, if known.
    pub name: Option<String>,
}

/// Invites somebody. Admins, within their rank.
pub async fn invite(ctx: &Ctx, scope: &Scope, new: NewInvitation) -> Result<Invitation> {
    may_manage(authority(scope)?, new.role)?;
    let checked = Checked::parse(&new)?;
    let mut unit = ctx.db.write(scope).await?;
    tenant::lock(unit.conn(), scope.tenant()).await?;
    let by = scope.agent().ok().map(|(id, _)| id);
    let row = add(ctx, &mut unit, scope.tenant(), checked, by).await?;
    unit.commit().await?;
    shown(row, ctx.clock().now())
}

/// An invitation's checked parts.
pub(crate) struct Checked {
    email: Email,
    role: Role,
    name: Option<Name>,
}

impl Checked {
    /// Checks address and name.
    pub(crate) fn parse(new: &NewInvitation) -> Result<Self> {
        let name = new.name.as_deref().filter(|name| !name.trim().is_empty()).map(Name::parse).transpose()?;
        Ok(Self { email: Email::parse(&new.email)?, role: new.role, name })
    }

    /// Whether it is for this address.
    pub(crate) fn is_for(&self, email: &str) -> bool {
        self.email.as_str() == email
    }
}

/// Adds an invitation and its letter within `unit`, whose caller holds the tenant.
pub(crate) async fn add(
    ctx: &Ctx,
    unit: &mut Unit,
    tenant: TenantId,
    new: Checked,
    by: Option<AgentId>,
) -> Result<invitation::Model> {
    let now = ctx.clock().now();
    not_too_often(ctx, new.email.as_str())?;
    if agent::by_email(unit.conn(), tenant, new.email.as_str()).await?.is_some() {
        return Err(Error::conflict("already_member", "This person is in the team already."));
    }
    if invitation::waiting_for(unit.conn(), tenant, new.email.as_str(), now).await?.is_some() {
        return Err(Error::conflict("already_invited", "This person is invited already; send the invitation again."));
    }
    let row = invitation::Model {
        tenant_id: tenant,
        id: InvitationId::new(ctx.clock()),
        email: new.email.as_str().to_owned(),
        name: new.name.map(Name::into_string),
        role: new.role.word().to_owned(),
        // fits no token: the one that does is made when the letter is written
        token_hash: digest(&random_token("nobody_")),
        invited_by: by,
        created_at: now,
        expires_at: now.plus(letters::GOOD_FOR),
        accepted_at: None,
        revoked_at: None,
    };
    invitation::insert(unit.conn(), &row).await?;
    letters::enqueue(ctx, unit, tenant, row.id);
    Ok(row)
}

/// One page of invitations, newest first. Admins only.
pub async fn list_invitations(
    ctx: &Ctx,
    scope: &Scope,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<Invitation>> {
    scope.require(Role::Admin)?;
    let before: Option<(i64, InvitationId)> = cursor.map(Cursor::unpack).transpose()?;
    let before = before.map(|(at, id)| (Timestamp::from_millis(at), id));
    let rows = invitation::list(&ctx.db.read(scope), scope.tenant(), before, limit.get() + 1).await?;
    let page = Page::cut(rows, limit, |row| (row.created_at.millis(), row.id))?;
    let now = ctx.clock().now();
    let items = page.items.into_iter().map(|row| shown(row, now)).collect::<Result<_>>()?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// Takes an invitation back. Admins, within their rank.
pub async fn revoke_invitation(ctx: &Ctx, scope: &Scope, id: InvitationId) -> Result<()> {
    let with = authority(scope)?;
    let unit = ctx.db.write(scope).await?;
    let row = invitation::find(unit.conn(), scope.tenant(), id).await?;
    may_manage(with, row.role()?)?;
    if !invitation::revoke(unit.conn(), id, ctx.clock().now()).await? {
        return Err(closed());
    }
    unit.commit().await.map(|_| ())
}

/// Sends an invitation again with three more days; the link of the former letter is dead at once. Admins, within
/// their rank.
pub async fn resend_invitation(ctx: &Ctx, scope: &Scope, id: InvitationId) -> Result<Invitation> {
    let with = authority(scope)?;
    let mut unit = ctx.db.write(scope).await?;
    let row = invitation::find(unit.conn(), scope.tenant(), id).await?;
    may_manage(with, row.role()?)?;
    let row = renew(ctx, &mut unit, row).await?;
    unit.commit().await?;
    shown(row, ctx.clock().now())
}

/// Gives an invitation three more days and another letter within `unit`.
pub(crate) async fn renew(ctx: &Ctx, unit: &mut Unit, mut row: invitation::Model) -> Result<invitation::Model> {
    not_too_often(ctx, &row.email)?;
    row.expires_at = ctx.clock().now().plus(letters::GOOD_FOR);
    if !invitation::renew(unit.conn(), row.id, &digest(&random_token("nobody_")), row.expires_at).await? {
        return Err(closed());
    }
    letters::enqueue(ctx, unit, row.tenant_id, row.id);
    Ok(row)
}

/// Nobody's mailbox is filled by us.
fn not_too_often(ctx: &Ctx, email: &str) -> Result<()> {
    ctx.keys.throttle.guess(&[Key::login("letter", email)], ctx.clock().now())
}

fn closed() -> Error {
    Error::conflict("invitation_closed", "This invitation was accepted or taken back already.")
}

/// Whether it can still be accepted at `now`.
pub(super) fn state(row: &invitation::Model, now: Timestamp) -> InvitationState {
    match (row.accepted_at, row.revoked_at) {
        (Some(_), _) => InvitationState::Accepted,
        (_, Some(_)) => InvitationState::Revoked,
        _ if row.expires_at <= now => InvitationState::Expired,
        _ => InvitationState::Pending,
    }
}

fn shown(row: invitation::Model, now: Timestamp) -> Result<Invitation> {
    let (role, state) = (row.role()?, state(&row, now));
    let invitation::Model { id, email, name, expires_at, created_at, .. } = row;
    Ok(Invitation { id, email, name, role, state, expires_at, created_at })
}
