//! Tenants as operators see them: made, found, counted.

use kernel::wire::TenantStatus;
use kernel::{Cursor, Error, Limit, Name, OperatorId, Page, Result, Role, TenantId, Timestamp};
use store::Whose;

use super::audit::{self, Deed};
use super::staff::Staff;
use super::tables::tenants::{self, Counted, Row, Search};
use crate::Ctx;
use crate::identity::invitations::{self, Checked};
use crate::identity::tables::{invitation, tenant};
use crate::identity::{NewInvitation, tenants as founding};

/// Who makes a tenant.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// An operator in the console.
    Operator(OperatorId),
    /// Whoever holds the machine.
    CommandLine,
}

impl By {
    const fn operator(self) -> Option<OperatorId> {
        match self {
            Self::Operator(id) => Some(id),
            Self::CommandLine => None,
        }
    }
}

/// How far an owner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnerState {
    /// The letter is out.
    Invited,
    /// They work here.
    Active,
}

/// The first owner, or whoever is invited to be.
#[derive(Clone, Debug)]
pub struct Owner {
    /// Address.
    pub email: String,
    /// How far they are.
    pub state: OwnerState,
}

/// A tenant in the operators' list.
#[derive(Clone, Debug)]
pub struct TenantSummary {
    /// Id.
    pub id: TenantId,
    /// Name.
    pub name: String,
    /// Whether it may work.
    pub status: TenantStatus,
    /// Why it may not.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it may not work.
    pub suspended_at: Option<Timestamp>,
    /// When everything of it goes, once somebody decided so.
    pub delete_at: Option<Timestamp>,
    /// Why it goes.
    pub delete_reason: Option<String>,
    /// Who owns it; `None` when the invitation was taken back.
    pub owner: Option<Owner>,
    /// How many people.
    pub agents: i64,
    /// How many conversations.
    pub conversations: i64,
}

/// How much a tenant holds.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// People.
    pub agents: i64,
    /// Widgets.
    pub widgets: i64,
    /// Contacts.
    pub contacts: i64,
    /// Conversations.
    pub conversations: i64,
}

/// What the list asks for.
#[derive(Clone, Debug, Default)]
pub struct TenantFilter {
    /// Part of a name or of an owner's address.
    pub text: Option<String>,
    /// Only those in this state.
    pub status: Option<TenantStatus>,
}

/// Makes a tenant and invites its owner.
pub async fn create_tenant(ctx: &Ctx, by: By, name: &str, owner_email: &str) -> Result<TenantSummary> {
    let name = Name::parse(name)?;
    let owner = NewInvitation { email: owner_email.to_owned(), role: Role::Owner, name: None };
    let owner = Checked::parse(&owner).map_err(|_| owner_email_invalid())?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let row = founding::found(ctx, &unit, name).await?;
    invitations::add(ctx, &mut unit, row.id, owner, None).await?;
    let deed = Deed { action: "tenant_created", tenant: Some(row.id), object: None, detail: Some(row.name) };
    audit::record(ctx, &unit, by.operator(), deed).await?;
    unit.commit().await?;
    one(ctx, row.id).await
}

/// Invites the owner again, or another one in their place; the link of the former letter is dead at once.
pub async fn invite_owner(ctx: &Ctx, by: &Staff, id: TenantId, email: &str) -> Result<TenantSummary> {
    let new = NewInvitation { email: email.to_owned(), role: Role::Owner, name: None };
    let checked = Checked::parse(&new)?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    tenant::lock(unit.conn(), id).await?;
    let last = invitation::of_owner(unit.conn(), id).await?;
    let last = last.filter(|row| row.accepted_at.is_none() && row.revoked_at.is_none());
    match last {
        Some(row) if checked.is_for(&row.email) => drop(invitations::renew(ctx, &mut unit, row).await?),
        other => {
            if let Some(row) = other {
                invitation::revoke(unit.conn(), row.id, ctx.clock().now()).await?;
            }
            invitations::add(ctx, &mut unit, id, checked, None).await?;
        }
    }
    let deed = Deed { action: "owner_invited", tenant: Some(id), object: None, detail: None };
    audit::record(ctx, &unit, Some(by.id), deed).await?;
    unit.commit().await?;
    one(ctx, id).await
}

/// One page of tenants, newest first.
pub async fn list_tenants(
    ctx: &Ctx,
    _by: &Staff,
    filter: &TenantFilter,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<TenantSummary>> {
    let text = filter.text.as_deref().unwrap_or_default().trim().to_lowercase();
    if text.chars().count() > 200 || text.chars().any(char::is_control) {
        return Err(Error::field(
            "q",
            "invalid_search",
            "Search for 200 characters at most, without control characters.",
        ));
    }
    let before: Option<(i64, TenantId)> = cursor.map(Cursor::unpack).transpose()?;
    let search = Search {
        text: &text,
        status: filter.status.map_or("", TenantStatus::word),
        before: before.map(|(at, id)| (Timestamp::from_millis(at), id)),
        most: i64::try_from(limit.get() + 1).unwrap_or(101),
    };
    let rows = tenants::search(ctx.db.platform(), &search).await?;
    let page = Page::cut(rows, limit, |row| (row.created_at.millis(), row.id))?;
    Ok(Page { items: summaries(ctx, page.items).await?, next_cursor: page.next_cursor })
}

/// One tenant with how much it holds.
pub async fn show_tenant(ctx: &Ctx, _by: &Staff, id: TenantId) -> Result<(TenantSummary, Usage)> {
    let summary = one(ctx, id).await?;
    let conn = ctx.db.platform();
    let count =
        async |what| tenants::count(conn, what, &[id]).await.map(|counts| counts.get(&id).copied().unwrap_or(0));
    let usage = Usage {
        agents: summary.agents,
        widgets: count(Counted::Widgets).await?,
        contacts: count(Counted::Contacts).await?,
        conversations: summary.conversations,
    };
    Ok((summary, usage))
}

pub(super) async fn one(ctx: &Ctx, id: TenantId) -> Result<TenantSummary> {
    let row = tenants::find(ctx.db.platform(), id).await?.ok_or_else(Error::not_found)?;
    summaries(ctx, vec![row]).await?.pop().ok_or_else(Error::not_found)
}

async fn summaries(ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<TenantSummary>> {
    let conn = ctx.db.platform();
    let ids: Vec<TenantId> = rows.iter().map(|row| row.id).collect();
    let agents = tenants::count(conn, Counted::Agents, &ids).await?;
    let conversations = tenants::count(conn, Counted::Conversations, &ids).await?;
    let mut active = tenants::owners(conn, &ids).await?;
    let mut invited = tenants::invited(conn, &ids).await?;
    let owner = |email: Option<String>, state| email.map(|email| Owner { email, state });
    let summary = |row: Row| TenantSummary {
        id: row.id,
        status: TenantStatus::from_word(&row.status).unwrap_or(TenantStatus::Suspended),
        owner: owner(active.remove(&row.id), OwnerState::Active)
            .or_else(|| owner(invited.remove(&row.id), OwnerState::Invited)),
        agents: agents.get(&row.id).copied().unwrap_or(0),
        conversations: conversations.get(&row.id).copied().unwrap_or(0),
        name: row.name,
        reason: row.reason,
        created_at: row.created_at,
        suspended_at: row.suspended_at,
        delete_at: row.delete_at,
        delete_reason: row.delete_reason,
    };
    Ok(rows.into_iter().map(summary).collect())
}

fn owner_email_invalid() -> Error {
    Error::field("owner_email", "invalid_email", "Write an e-mail address such as name@example.com.")
}
