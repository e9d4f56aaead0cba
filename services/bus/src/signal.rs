//! What is only true for a moment: typing, presence, viewing.

use bytestring::ByteString;
use kernel::{AgentId, ContactId, TenantId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Who of a tenant hears a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hearers {
    /// The tenant's people.
    Agents,
    /// The tenant's people and this visitor.
    AgentsAnd(ContactId),
    /// Every visitor of the tenant.
    Visitors,
}

/// A frame that is ready to be sent and kept nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// Whose it is.
    pub tenant: TenantId,
    /// Who hears it.
    pub to: Hearers,
    /// The agent who caused it and need not hear of it.
    pub except: Option<AgentId>,
    /// JSON as sockets send it. Never what somebody typed: it passes through a broker.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub text: ByteString,
}

fn write<S: Serializer>(text: &ByteString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ByteString, D::Error> {
    String::deserialize(deserializer).map(ByteString::from)
}
