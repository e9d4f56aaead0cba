//! Tenants and their people.

use serde::{Deserialize, Serialize};

use crate::{AgentId, Role, TenantId, Timestamp};

/// Whether a tenant may work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TenantStatus {
    /// Works.
    Active,
    /// Widgets are dark, people are signed out, nothing is deleted.
    Suspended,
    /// As suspended, and everything goes when the delay is over.
    Deleting,
}

impl TenantStatus {
    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Deleting => "deleting",
        }
    }
    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Deleting].into_iter().find(|status| status.word() == word)
    }
}

/// A business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Tenant {
    /// Id.
    pub id: TenantId,
    /// Name.
    pub name: String,
    /// Whether it may work.
    pub status: TenantStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

/// One of a tenant's people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Agent {
    /// Id.
    pub id: AgentId,
    /// Name.
    pub name: String,
    /// Address they log in with.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Whether log-in asks for a code too.
    pub second_factor: bool,
    /// When they joined.
    pub created_at: Timestamp,
    /// When they last used the product.
    pub last_seen_at: Option<Timestamp>,
}

/// An agent's name, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AgentName {
    /// Id.
    pub id: AgentId,
    /// Name.
    pub name: String,
}
