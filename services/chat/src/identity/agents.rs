//! A tenant's people, as everybody may see them.

use kernel::wire::{Agent, AgentName};
use kernel::{AgentId, Cursor, Error, Limit, Page, Result, Role, Scope, Timestamp};

use super::tables::agent;
use crate::Ctx;

/// One page of the tenant's people, in the order in which they joined.
pub async fn list_agents(ctx: &Ctx, scope: &Scope, cursor: Option<&Cursor>, limit: Limit) -> Result<Page<Agent>> {
    scope.require(Role::Viewer)?;
    let after: Option<(i64, AgentId)> = cursor.map(Cursor::unpack).transpose()?;
    let after = after.map(|(at, id)| (Timestamp::from_millis(at), id));
    let conn = &ctx.db.read(scope);
    let rows = agent::list(conn, scope.tenant(), after, limit.get() + 1).await?;
    let page = Page::cut(rows, limit, |row| (row.created_at.millis(), row.id))?;
    Ok(Page { items: agent::wire(ctx.db.platform(), page.items).await?, next_cursor: page.next_cursor })
}

/// One of the tenant's people.
pub async fn show_agent(ctx: &Ctx, scope: &Scope, id: AgentId) -> Result<Agent> {
    scope.require(Role::Viewer)?;
    let conn = &ctx.db.read(scope);
    agent::wire_one(ctx.db.platform(), agent::find(conn, scope.tenant(), id).await?).await
}

/// Everybody who may be given a conversation, by name.
pub async fn assignable_agents(ctx: &Ctx, scope: &Scope) -> Result<Vec<AgentName>> {
    scope.require(Role::Viewer)?;
    let rows = agent::who_answer(&ctx.db.read(scope), scope.tenant()).await?;
    Ok(rows.into_iter().map(|row| AgentName { id: row.id, name: row.name }).collect())
}

/// The person, if they may be given a conversation: viewers, strangers and people who left may not.
pub async fn assignable(ctx: &Ctx, scope: &Scope, id: AgentId) -> Result<AgentName> {
    let row = agent::peek(&ctx.db.read(scope), scope.tenant(), id).await?;
    match row {
        Some(row) if row.role()? > Role::Viewer => Ok(AgentName { id: row.id, name: row.name }),
        _ => Err(Error::field("agent_id", "unknown_agent", "Nobody of this team with this id takes conversations.")),
    }
}
