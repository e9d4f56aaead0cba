//! The tenant's own data, and how tenants come to be.

use kernel::wire::Tenant;
use kernel::{AgentId, Audience, Email, Event, Name, Result, Role, Scope, Secret, TenantId};
use store::{Unit, Whose};

use super::accept::{enter, new_account};
use super::password::Password;
use super::tables::{account, agent, tenant};
use crate::Ctx;

/// Where the asking person works.
pub async fn show_tenant(ctx: &Ctx, scope: &Scope) -> Result<Tenant> {
    scope.require(Role::Viewer)?;
    tenant::find(&ctx.db.read(scope), scope.tenant()).await.map(|row| row.wire())
}

/// Gives the tenant another name. Owners only.
pub async fn rename_tenant(ctx: &Ctx, scope: &Scope, name: &str) -> Result<Tenant> {
    scope.require(Role::Owner)?;
    let name = Name::parse(name)?;
    let mut unit = ctx.db.write(scope).await?;
    let mut row = tenant::lock(unit.conn(), scope.tenant()).await?;
    row.name = name.into_string();
    tenant::save(unit.conn(), &row).await?;
    unit.emit(scope.tenant(), Audience::Control, Event::TenantChanged { tenant: row.wire() });
    unit.commit().await?;
    Ok(row.wire())
}

/// Adds a tenant within `unit`.
pub(crate) async fn found(ctx: &Ctx, unit: &Unit, name: Name) -> Result<tenant::Model> {
    let row = tenant::Model {
        id: TenantId::new(ctx.clock()),
        name: name.into_string(),
        status: "active".to_owned(),
        reason: None,
        suspended_at: None,
        created_at: ctx.clock().now(),
        delete_at: None,
        delete_reason: None,
    };
    tenant::insert(unit.conn(), &row).await?;
    Ok(row)
}

/// A person to add without an invitation.
pub struct NewAgent {
    /// Address to log in with.
    pub email: String,
    /// Name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Password; of a log-in that exists it stays the old one.
    pub password: Secret<String>,
}

/// Adds a person without an invitation: for the command line, the demo and tests, whose hands the database is in
/// anyway. All other rules hold.
pub async fn create_agent_directly(ctx: &Ctx, tenant: TenantId, new: NewAgent) -> Result<AgentId> {
    let (email, name) = (Email::parse(&new.email)?, Name::parse(&new.name)?.into_string());
    let password = Password::parse(new.password.reveal(), email.as_str())?;
    let hash = ctx.keys.bench.hash(&password).await?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    tenant::lock(unit.conn(), tenant).await?;
    let account = match account::by_email(unit.conn(), email.as_str()).await? {
        Some(account) => account,
        None => {
            let account = new_account(ctx, email.as_str(), &name, hash);
            account::insert(unit.conn(), &account).await?;
            account
        }
    };
    let who = agent::Model {
        tenant_id: tenant,
        id: AgentId::new(ctx.clock()),
        account_id: account.id,
        name,
        email: account.email,
        role: new.role.word().to_owned(),
        created_at: ctx.clock().now(),
        last_seen_at: None,
        removed_at: None,
    };
    enter(&mut unit, &who).await?;
    unit.commit().await?;
    Ok(who.id)
}
