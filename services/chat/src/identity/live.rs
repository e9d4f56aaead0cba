//! Which sessions are alive, remembered for two seconds.
//!
//! A token proves who asked for it; whether they may still act is read here: the session not over, the person not
//! removed, the tenant not suspended, the role as it is now. What this process changes it forgets at once; what another
//! process changes is seen two seconds later.

use std::time::Duration;

use dashmap::DashMap;
use kernel::{AgentId, Error, Result, Role, SessionId, TenantId, Timestamp};

use super::tables::{session, tenant};
use crate::Ctx;

/// How long a look into the tables is good for.
const FRESH: Duration = Duration::from_secs(2);
/// Beyond this many, old looks are dropped first.
const MOST: usize = 50_000;

/// What the tables say of a session.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub tenant: TenantId,
    pub agent: AgentId,
    pub role: Role,
    pub active: bool,
}

/// Looks that are still fresh.
#[derive(Default)]
pub(crate) struct Live {
    looks: DashMap<SessionId, (Timestamp, Standing)>,
    tenants: DashMap<TenantId, (Timestamp, bool)>,
}

impl Live {
    fn fresh(&self, session: SessionId, now: Timestamp) -> Option<Standing> {
        let look = self.looks.get(&session)?;
        (now.since(look.0) < FRESH).then_some(look.1)
    }

    fn keep(&self, session: SessionId, now: Timestamp, standing: Standing) {
        if self.looks.len() > MOST {
            self.looks.retain(|_, look| now.since(look.0) < FRESH);
        }
        self.looks.insert(session, (now, standing));
    }

    /// Forgets one session.
    pub(crate) fn forget(&self, session: SessionId) {
        self.looks.remove(&session);
    }

    /// Forgets everybody of a tenant.
    pub(crate) fn forget_tenant(&self, tenant: TenantId) {
        self.looks.retain(|_, look| look.1.tenant != tenant);
        self.tenants.remove(&tenant);
    }

    /// Forgets one person, whose role changed.
    pub(crate) fn forget_agent(&self, agent: AgentId) {
        self.looks.retain(|_, look| look.1.agent != agent);
    }
}

/// Who the session stands for now; one that is over is `session_ended`, a suspended tenant's `tenant_suspended`.
pub(crate) async fn standing(ctx: &Ctx, session: SessionId) -> Result<Standing> {
    let now = ctx.clock().now();
    let standing = match ctx.keys.live.fresh(session, now) {
        Some(standing) => standing,
        None => {
            let standing = session::standing(ctx.db.platform(), session, now).await?.ok_or_else(ended)?;
            ctx.keys.live.keep(session, now, standing);
            standing
        }
    };
    match standing.active {
        true => Ok(standing),
        false => Err(suspended()),
    }
}

/// Whether the tenant may work: it exists and is not suspended. Two seconds old at most.
pub async fn is_active(ctx: &Ctx, id: TenantId) -> Result<bool> {
    let now = ctx.clock().now();
    let tenants = &ctx.keys.live.tenants;
    if let Some(active) = tenants.get(&id).filter(|look| now.since(look.0) < FRESH).map(|look| look.1) {
        return Ok(active);
    }
    let active = tenant::is_active(ctx.db.platform(), id).await?;
    if tenants.len() > MOST {
        tenants.retain(|_, look| now.since(look.0) < FRESH);
    }
    tenants.insert(id, (now, active));
    Ok(active)
}

/// Makes this process look again before it believes the session: call it when one ends.
pub fn forget_session(ctx: &Ctx, session: SessionId) {
    ctx.keys.live.forget(session);
}

/// Makes this process look again at everybody of a tenant: call it when a tenant is suspended or resumed elsewhere.
pub fn forget_tenant(ctx: &Ctx, tenant: TenantId) {
    ctx.keys.live.forget_tenant(tenant);
}

/// Makes this process look again at one person: call it when somebody else changed their role.
pub fn forget_agent(ctx: &Ctx, agent: AgentId) {
    ctx.keys.live.forget_agent(agent);
}

pub(crate) fn ended() -> Error {
    Error::unauthenticated("session_ended", "This session is over. Log in again.")
}

pub(crate) fn suspended() -> Error {
    Error::unauthenticated("tenant_suspended", "This workspace is suspended. Ask whoever runs this service.")
}
