//! Tenants, their people, and how both prove who they are.
//!
//! Promises: a token is checked in one place and its bearer's standing is read, not believed; secrets are stored as
//! digests; refusals look alike for those who exist and those who do not.

mod agents;
mod identity_keys;
pub(crate) mod jwt;
mod keys;
mod live;
mod tables;
pub(crate) mod tokens;
mod visitor_identity;

pub use agents::{agent_names, assignable, assignable_agents, list_agents, show_agent};
pub use keys::{Keys, digest};
pub use live::{forget_agent, forget_session, forget_tenant, is_active};
pub use tokens::{
    ACCESS_SECONDS, AgentPass, VisitorPass, agent_pass, mint_visitor, scope_of_system, scope_of_visitor, vouch_agent,
    vouch_agent_pass, vouch_visitor,
};

pub use identity_keys::{IdentityKey, MadeKey, NewKey, create_key, list_keys, revoke_key};
pub use visitor_identity::{VisitorIdentity, verify_visitor_token};

use store::Handler;

use crate::Ctx;

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    Vec::new()
}
