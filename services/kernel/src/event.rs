//! What happened, as everybody is told: one enum, past tense, the same JSON stored, sent and generated into TypeScript.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::wire::{
    Agent, AgentName, Author, Contact, Context, Conversation, Domain, File, Message, Reach, Side, Status, Tenant,
    WhatsAppAccount, WhatsAppNumber, WhatsAppTemplate, Widget, Window,
};
use crate::{AgentId, ContactId, ConversationId, Position, SessionId, TenantId, Timestamp, WidgetId};

/// Something that happened in a tenant. Bodies only grow; a member is never renamed or removed within a release.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A message was committed.
    MessagePosted { conversation_id: ConversationId, seq: i64, message: Message },
    /// A message says something else now, was taken back, got a sign under it, or came further: this is all of it.
    MessageChanged { conversation_id: ConversationId, seq: i64, message: Message },
    /// A contact began a conversation; its first message follows.
    ConversationOpened { conversation: Box<Conversation> },
    /// Open, pending, snoozed, resolved or archived now.
    ConversationStatusChanged { conversation_id: ConversationId, status: Status, by: Author },
    /// Somebody, or nobody, is responsible now.
    ConversationAssigned { conversation_id: ConversationId, assignee: Option<AgentName>, by: Author },
    /// The visitor looks at another product or page now.
    ConversationContextChanged { conversation_id: ConversationId, context: Option<Context> },
    /// The time in which the tenant may write freely moved.
    ConversationWindowChanged { conversation_id: ConversationId, window: Window },
    /// It is with another contact now: two turned out to be one person, or not to be.
    ConversationContactChanged { conversation_id: ConversationId, contact: Contact },
    /// One side received or read up to `seq`; `unread` is what that side has left.
    ReceiptMoved { conversation_id: ConversationId, side: Side, state: Reach, seq: i64, unread: i64 },
    /// A file of this message was checked, refused or removed.
    FileChanged { conversation_id: ConversationId, seq: i64, file: File },
    /// A conversation and everything in it was erased.
    ConversationDeleted { conversation_id: ConversationId },
    /// A contact's profile changed.
    ContactChanged { contact: Contact },
    /// A person joined the tenant.
    AgentJoined { agent: Agent },
    /// A person's name, role or second factor changed.
    AgentChanged { agent: Agent },
    /// A person left the tenant; their sessions and sockets end.
    AgentRemoved { agent: Agent },
    /// A widget was made, changed, switched or deleted.
    WidgetChanged { widget: Widget },
    /// A claim to a host moved to another state.
    DomainChanged { domain: Domain },
    /// The tenant's own data changed.
    TenantChanged { tenant: Tenant },
    /// A WhatsApp account was connected, or its standing changed.
    #[serde(rename = "whatsapp_account_changed")]
    WhatsAppAccountChanged { account: Box<WhatsAppAccount> },
    /// A WhatsApp number was connected, or its standing changed.
    #[serde(rename = "whatsapp_number_changed")]
    WhatsAppNumberChanged { number: Box<WhatsAppNumber> },
    /// A template was made, approved, rejected, paused or deleted.
    #[serde(rename = "whatsapp_template_changed")]
    WhatsAppTemplateChanged { template: Box<WhatsAppTemplate> },
    /// One log-in is over.
    SessionEnded { session_id: SessionId, agent_id: AgentId },
    /// The operator suspended the tenant: widgets go dark, people are signed out.
    TenantSuspended {},
    /// The suspension is over.
    TenantResumed {},
    /// An origin may no longer run a widget; what runs there ends.
    OriginRevoked { widget_id: WidgetId, origin: String },
}

impl Event {
    /// The conversation whose content this event carries: what must be forgotten with it.
    pub fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::MessagePosted { conversation_id, .. }
            | Self::MessageChanged { conversation_id, .. }
            | Self::ConversationWindowChanged { conversation_id, .. }
            | Self::ConversationContactChanged { conversation_id, .. }
            | Self::ConversationStatusChanged { conversation_id, .. }
            | Self::ConversationAssigned { conversation_id, .. }
            | Self::ConversationContextChanged { conversation_id, .. }
            | Self::ReceiptMoved { conversation_id, .. }
            | Self::FileChanged { conversation_id, .. }
            | Self::ConversationDeleted { conversation_id } => Some(*conversation_id),
            Self::ConversationOpened { conversation } => Some(conversation.id),
            _ => None,
        }
    }
}

/// Who may hear an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The tenant's people.
    Agents,
    /// The tenant's people and this visitor.
    Visitor(ContactId),
    /// The tenant's people, and the servers, which act on it (closing sockets).
    Control,
}

/// An event before it is committed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Who may hear it.
    pub audience: Audience,
    /// What happened.
    pub event: Event,
}

/// A committed event with its place in the stream. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// Its place; dense within the shard.
    pub position: Position,
    /// Whose event it is.
    pub tenant: TenantId,
    /// Who may hear it.
    pub audience: Audience,
    /// When it was committed.
    pub at: Timestamp,
    /// The event's own JSON object, without position and time.
    pub body: Arc<str>,
}

impl Stamped {
    /// The frame as sockets send it: the event's members, then `position` and `at`.
    pub fn frame(&self) -> String {
        let open = self.body.strip_suffix('}').unwrap_or(&self.body);
        format!("{open},\"position\":\"{}\",\"at\":\"{}\"}}", self.position, self.at)
    }
}
