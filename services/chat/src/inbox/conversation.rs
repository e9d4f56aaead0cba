//! How conversations are asked for.

use kernel::wire::{Source, Status};
use kernel::{AgentId, ContactId};

/// Whose conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum View {
    /// Everybody's.
    #[default]
    All,
    /// The asking agent's.
    Mine,
    /// Nobody's.
    Unassigned,
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Order {
    /// Latest message first.
    #[default]
    Newest,
    /// Longest silence first.
    Oldest,
}

/// Which conversations.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Whose.
    pub view: View,
    /// In this state; `None` for any.
    pub status: Option<Status>,
    /// Through this channel.
    pub source: Option<Source>,
    /// In the care of this agent.
    pub assignee: Option<AgentId>,
    /// With this person.
    pub contact: Option<ContactId>,
    /// In this order.
    pub order: Order,
}
