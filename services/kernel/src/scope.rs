//! The tenancy wall: who asks, and whose data they may see.

use serde::{Deserialize, Serialize};

use crate::{AgentId, ContactId, Error, OperatorId, Result, SessionId, TenantId, WidgetId};

/// What a person may do in a tenant; later ones may do all that earlier ones may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads, never writes.
    Viewer,
    /// Answers conversations.
    Agent,
    /// Also assigns for others and sees the team's work.
    Supervisor,
    /// Also manages people, widgets and domains.
    Admin,
    /// Also manages owners and the tenant itself.
    Owner,
}

impl Role {
    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Agent => "agent",
            Self::Supervisor => "supervisor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Viewer, Self::Agent, Self::Supervisor, Self::Admin, Self::Owner]
            .into_iter()
            .find(|role| role.word() == word)
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// One of the tenant's people, in a session.
    Agent { id: AgentId, role: Role, session: SessionId },
    /// A visitor of a widget. The row may not exist yet: a visitor becomes a contact on the first act.
    Visitor { id: ContactId, widget: WidgetId },
    /// A person who writes through a channel that vouches for them.
    Contact { id: ContactId },
    /// The business itself, writing on a phone that shares the channel.
    Phone,
    /// Platform staff, acting on a tenant from the operator console.
    Operator { id: OperatorId },
    /// The product itself: jobs, followers, seeds.
    System,
}

/// A tenant and who acts in it. Every query takes one; a row of another tenant is simply not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    tenant: TenantId,
    actor: Actor,
}

impl Scope {
    /// Vouches that `actor` may act in `tenant`. Banned by lint outside the few places that check a credential.
    pub const fn vouch(tenant: TenantId, actor: Actor) -> Self {
        Self { tenant, actor }
    }

    /// The same bearer after their role was changed by a committed event; nobody but an agent has one.
    #[must_use]
    pub fn in_role(self, now: Role) -> Self {
        let Self { tenant, actor } = self;
        let actor = match actor {
            Actor::Agent { id, session, .. } => Actor::Agent { id, role: now, session },
            other => other,
        };
        Self { tenant, actor }
    }

    /// The tenant whose rows may be seen.
    pub const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Who asks.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Refuses an agent below `role`, and every visitor. The product itself and operators pass.
    pub fn require(&self, role: Role) -> Result<()> {
        match &self.actor {
            Actor::Agent { role: have, .. } if *have >= role => Ok(()),
            Actor::Operator { .. } | Actor::System => Ok(()),
            _ => Err(Error::forbidden("role_required", format!("This needs the role {} or higher.", role.word()))),
        }
    }

    /// The acting agent, or a refusal.
    pub fn agent(&self) -> Result<(AgentId, Role)> {
        match &self.actor {
            Actor::Agent { id, role, .. } => Ok((*id, *role)),
            _ => Err(Error::forbidden("agent_required", "Only people of the tenant may do this.")),
        }
    }

    /// The acting visitor and the widget they came through, or a refusal.
    pub fn visitor(&self) -> Result<(ContactId, WidgetId)> {
        match &self.actor {
            Actor::Visitor { id, widget } => Ok((*id, *widget)),
            _ => Err(Error::forbidden("visitor_required", "Only a visitor may do this.")),
        }
    }
}
/// Whose rows the bearer may see, where nothing else of them counts.
impl From<&Scope> for TenantId {
    fn from(scope: &Scope) -> Self {
        scope.tenant()
    }
}
