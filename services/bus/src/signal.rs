//! What is only true for a moment: typing, presence, viewing.

use bytestring::ByteString;
use kernel::{AgentId, ContactId, TenantId};

/// Who of a tenant hears a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearers {
    /// The tenant's people.
    Agents,
    /// The tenant's people and this visitor.
    AgentsAnd(ContactId),
    /// Every visitor of the tenant.
    Visitors,
}

/// A frame that is ready to be sent and kept nowhere.
#[derive(Clone, Debug)]
pub struct Signal {
    /// Whose it is.
    pub tenant: TenantId,
    /// Who hears it.
    pub to: Hearers,
    /// The agent who caused it and need not hear of it.
    pub except: Option<AgentId>,
    /// JSON as sockets send it.
    pub text: ByteString,
}
