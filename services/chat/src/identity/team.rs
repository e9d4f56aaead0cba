//! Changing and removing a tenant's people. At least one owner always remains.

use kernel::wire::Agent;
use kernel::{AgentId, Audience, Error, Event, Name, Result, Role, Scope};
use serde_json::json;
use store::{NewJob, Unit, Whose};

use super::roles::{authority, may_manage};
use super::tables::{agent, invitation, session, tenant};
use super::{live, me, sessions};
use crate::Ctx;

/// What to change about a person; `None` leaves it.
#[derive(Default)]
pub struct AgentChange {
    /// New name.
    pub name: Option<String>,
    /// New role.
    pub role: Option<Role>,
}

/// Changes a person. Admins, within their rank; a new role counts from the next request on.
pub async fn change_agent(ctx: &Ctx, scope: &Scope, id: AgentId, change: AgentChange) -> Result<Agent> {
    let with = authority(scope)?;
    let name = change.name.as_deref().map(Name::parse).transpose()?;
    // whether they have a second factor is told, and that stands with the log-in
    let unit = ctx.db.write(Whose::Platform).await?;
    tenant::lock(unit.conn(), scope.tenant()).await?;
    let mut row = agent::find(unit.conn(), scope.tenant(), id).await?;
    may_manage(with, row.role()?)?;
    if let Some(name) = name {
        row.name = name.into_string();
    }
    if let Some(role) = change.role {
        may_manage(with, role)?;
        keep_an_owner(&unit, &row, role).await?;
        row.role = role.word().to_owned();
        revoke_beyond(ctx, &unit, &row, Some(role)).await?;
    }
    agent::save(unit.conn(), &row).await?;
    let agent = me::changed(unit, scope, row).await?;
    live::forget_agent(ctx, id);
    Ok(agent)
}

/// Removes a person: their sessions end, and the job `release` takes their work back; its name is handed in, because the
/// inbox stands above this slice. Admins, within their rank.
pub async fn remove_agent(ctx: &Ctx, scope: &Scope, id: AgentId, release: &'static str) -> Result<()> {
    let with = authority(scope)?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    tenant::lock(unit.conn(), scope.tenant()).await?;
    let mut row = agent::find(unit.conn(), scope.tenant(), id).await?;
    may_manage(with, row.role()?)?;
    keep_an_owner(&unit, &row, Role::Viewer).await?;
    let rows = session::of_agent(unit.conn(), scope.tenant(), id, ctx.clock().now()).await?;
    sessions::end_all(ctx, &mut unit, &rows).await?;
    unit.enqueue(NewJob {
        kind: release,
        tenant: Some(scope.tenant()),
        payload: json!({ "agent": id }),
        run_at: ctx.clock().now(),
        unique_key: None,
    });
    revoke_beyond(ctx, &unit, &row, None).await?;
    row.removed_at = Some(ctx.clock().now());
    agent::save(unit.conn(), &row).await?;
    let agent = agent::wire_one(unit.conn(), row).await?;
    unit.emit(scope.tenant(), Audience::Control, Event::AgentRemoved { agent });
    unit.commit().await?;
    live::forget_agent(ctx, id);
    Ok(())
}

async fn keep_an_owner(unit: &Unit, row: &agent::Model, role: Role) -> Result<()> {
    let leaves = row.role()? == Role::Owner && role != Role::Owner;
    if leaves && agent::owners(unit.conn(), row.tenant_id).await? < 2 {
        return Err(Error::conflict("last_owner", "A workspace needs an owner; make somebody else one first."));
    }
    Ok(())
}

/// Invitations somebody gave do not outlive their right to give them.
async fn revoke_beyond(ctx: &Ctx, unit: &Unit, giver: &agent::Model, role: Option<Role>) -> Result<()> {
    for given in invitation::given_by(unit.conn(), giver.tenant_id, giver.id).await? {
        let still = match role {
            Some(role) => role >= Role::Admin && may_manage(role, given.role()?).is_ok(),
            None => false,
        };
        if !still {
            invitation::revoke(unit.conn(), given.id, ctx.clock().now()).await?;
        }
    }
    Ok(())
}
