//! Who is responsible.

use futures::future::BoxFuture;
use kernel::wire::{AgentName, Conversation};
use kernel::{AgentId, Audience, ConversationId, Event, Result, Role, Scope};
use store::{Outcome, Task, Whose};

use super::audience;
use super::status::by;
use super::tables::conversation;
use crate::{Ctx, identity};

/// Gives a conversation to an agent, or to nobody. Agents and above.
pub async fn assign(ctx: &Ctx, scope: &Scope, id: ConversationId, agent: Option<AgentId>) -> Result<Conversation> {
    scope.require(Role::Agent)?;
    let assignee = match agent {
        Some(agent) => Some(identity::assignable(ctx, scope, agent).await?),
        None => None,
    };
    let mut unit = ctx.db.write(scope).await?;
    let mut now = conversation::lock(unit.conn(), scope.tenant(), id).await?.conversation;
    if now.assignee == assignee {
        return Ok(now);
    }
    now.assignee = assignee;
    now.updated_at = ctx.clock().now();
    conversation::set(unit.conn(), id, "assignee_id", agent.into(), now.updated_at).await?;
    let by = by(&unit, scope).await?;
    let event = Event::ConversationAssigned { conversation_id: id, assignee: now.assignee.clone(), by };
    unit.emit(scope.tenant(), audience::of(&now), event);
    unit.commit().await?;
    Ok(now)
}

/// Job left by the removal of an agent, with `{"agent": id}`: their conversations become nobody's.
pub const RELEASE: &str = "inbox.release";

/// Runs [`RELEASE`].
pub(super) fn release(ctx: Ctx, task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let (Some(tenant), Ok(agent)) = (task.tenant, serde_json::from_value::<AgentId>(task.payload["agent"].clone()))
        else {
            return Ok(Outcome::GiveUp("the job names no agent".to_owned()));
        };
        let scope = identity::scope_of_system(tenant);
        let mut unit = ctx.db.write(Whose::Platform).await?;
        let by = by(&unit, &scope).await?;
        for (id, visitor) in conversation::release(unit.conn(), tenant, agent, ctx.clock().now()).await? {
            let event =
                Event::ConversationAssigned { conversation_id: id, assignee: None::<AgentName>, by: by.clone() };
            unit.emit(tenant, visitor.map_or(Audience::Agents, Audience::Visitor), event);
        }
        unit.commit().await?;
        Ok(Outcome::Done)
    })
}
