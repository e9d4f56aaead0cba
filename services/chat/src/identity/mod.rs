//! Tenants, their people, and how both prove who they are.
//!
//! Promises: a token is checked in one place and its bearer's standing is read, not believed; secrets are stored as
//! digests; refusals look alike for those who exist and those who do not.

mod accept;
mod agents;
mod device;
pub(crate) mod factor;
mod identity_keys;
pub(crate) mod invitations;
pub(crate) mod jwt;
mod keys;
mod letters;
pub(crate) mod live;
mod log_in;
mod me;
pub(crate) mod password;
mod readers;
pub(crate) mod refresh;
mod roles;
mod sessions;
pub(crate) mod tables;
mod team;
pub(crate) mod tenants;
pub(crate) mod throttle;
pub(crate) mod tokens;
mod visitor_identity;

pub use accept::{Acceptance, Preview, accept_invitation, preview_invitation};
pub use agents::{assignable, assignable_agents, list_agents, show_agent};
pub use device::Caller;
pub use identity_keys::{IdentityKey, MadeKey, NewKey, create_key, list_keys, revoke_key};
pub use invitations::{
    Invitation, InvitationState, NewInvitation, invite, list_invitations, resend_invitation, revoke_invitation,
};
pub use keys::{Keys, digest};
pub use live::{forget_agent, forget_session, forget_tenant, is_active};
pub use log_in::{LogIn, log_in};
pub use me::{FactorOffer, Me, change_password, confirm_factor, disable_factor, me, offer_factor, rename_me};
pub use readers::readers;
pub use sessions::{Device, LoggedIn, end_by_refresh, end_session, list_sessions, refresh};
pub use team::{AgentChange, change_agent, remove_agent};
pub use tenants::{NewAgent, create_agent_directly, rename_tenant, show_tenant};
pub use tokens::{
    ACCESS_SECONDS, AgentPass, VisitorPass, agent_pass, mint_visitor, scope_of_new_agent, scope_of_system,
    scope_of_visitor, session_of, vouch_agent, vouch_agent_pass, vouch_visitor,
};
pub use visitor_identity::{VisitorIdentity, verify_visitor_token};

use store::Handler;

use crate::Ctx;

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    vec![(letters::KIND, letters::send)]
}

/// The kind of job that sends a letter of this slice.
pub(crate) const LETTER: &str = letters::KIND;
