//! What the hub asks of the product.

#[cfg(test)]
use std::sync::Arc;

use chat::{Ctx, Replay, domains, identity, inbox};
use kernel::wire::Reach;
use kernel::{Actor, AgentId, ContactId, ConversationId, Event, Position, Result, Scope, Stamped, TenantId, Timestamp};

/// The product, or for tests a script of it.
pub(crate) enum Product {
    Chat(Box<Ctx>),
    #[cfg(test)]
    Script(Arc<crate::tests::Script>),
}

/// Events after a position.
pub(crate) enum Missed {
    Events(Vec<Stamped>),
    TooOld,
}

impl Product {
    pub fn now(&self) -> Timestamp {
        match self {
            Self::Chat(ctx) => ctx.clock().now(),
            #[cfg(test)]
            Self::Script(script) => script.clock.now(),
        }
    }

    /// Where the tenant's stream ends, at the latest for what the bus is about to carry.
    pub fn head(&self, tenant: TenantId) -> Position {
        match self {
            Self::Chat(ctx) => ctx.db.head(tenant),
            #[cfg(test)]
            Self::Script(script) => script.head(),
        }
    }

    pub async fn missed(&self, tenant: TenantId, after: Position, limit: u64) -> Result<Missed> {
        match self {
            Self::Chat(ctx) => Ok(match ctx.db.replay(tenant, after, limit).await? {
                Replay::Events(events) => Missed::Events(events),
                Replay::TooOld => Missed::TooOld,
            }),
            #[cfg(test)]
            Self::Script(script) => script.missed(tenant, after, limit).await,
        }
    }

    /// The visitor of a conversation, if it has one and the bearer may hear of it.
    pub async fn whose(&self, scope: &Scope, conversation: ConversationId) -> Result<Option<ContactId>> {
        match self {
            Self::Chat(ctx) => inbox::may_hear(ctx, scope, conversation).await,
            #[cfg(test)]
            Self::Script(script) => script.whose(scope, conversation).map(Some),
        }
    }

    pub async fn mark(&self, scope: &Scope, conversation: ConversationId, seq: i64, reach: Reach) -> Result<()> {
        match self {
            Self::Chat(ctx) => inbox::mark(ctx, scope, conversation, seq, reach).await,
            #[cfg(test)]
            Self::Script(script) => script.mark(scope, conversation, seq, reach),
        }
    }

    /// The agent's name as colleagues see it.
    pub async fn name(&self, scope: &Scope) -> Result<String> {
        match self {
            Self::Chat(ctx) => {
                let (agent, _) = scope.agent()?;
                identity::show_agent(ctx, scope, agent).await.map(|agent| agent.name)
            }
            #[cfg(test)]
            Self::Script(script) => Ok(script.name(scope)),
        }
    }

    /// A colleague's name, asked for one of the tenant's people.
    pub async fn name_of(&self, scope: &Scope, agent: AgentId) -> Result<String> {
        match self {
            Self::Chat(ctx) => identity::show_agent(ctx, scope, agent).await.map(|agent| agent.name),
            #[cfg(test)]
            Self::Script(_) => Ok(format!("Agent {agent}")),
        }
    }

    /// The visitor's own conversations.
    pub async fn conversations(&self, scope: &Scope) -> Result<Vec<ConversationId>> {
        match self {
            Self::Chat(ctx) => Ok(inbox::mine(ctx, scope).await?.into_iter().map(|own| own.id).collect()),
            #[cfg(test)]
            Self::Script(script) => Ok(script.conversations(scope)),
        }
    }

    /// What another process revoked must not be believed from memory.
    pub fn forget(&self, tenant: TenantId, event: &Event) {
        match self {
            Self::Chat(ctx) => match event {
                Event::SessionEnded { session_id, .. } => identity::forget_session(ctx, *session_id),
                Event::AgentChanged { agent } | Event::AgentRemoved { agent } => identity::forget_agent(ctx, agent.id),
                Event::TenantSuspended {} | Event::TenantResumed {} => identity::forget_tenant(ctx, tenant),
                Event::WidgetChanged { widget } => domains::forget(ctx, widget.id),
                Event::OriginRevoked { widget_id, .. } => domains::forget(ctx, *widget_id),
                // proved by a worker: the process that serves the page must not go on refusing it
                Event::DomainChanged { domain } => domains::forget(ctx, domain.widget_id),
                _ => {}
            },
            #[cfg(test)]
            Self::Script(_) => {}
        }
    }
}

/// Whether the bearer is a visitor.
pub(crate) fn is_visitor(scope: &Scope) -> bool {
    matches!(scope.actor(), Actor::Visitor { .. })
}
