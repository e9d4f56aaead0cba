//! Conversations, contacts and what the visitor looks at.

use serde::{Deserialize, Serialize};

use super::{AgentName, AuthorKind};
use crate::{ContactId, ConversationId, Timestamp, WidgetId};

/// Which channel a conversation came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A widget on a web site.
    Website,
    /// A WhatsApp number.
    Whatsapp,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Website, Self::Whatsapp];

    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::Whatsapp => "whatsapp",
        }
    }
    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.word() == word)
    }
}

/// Where a conversation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Wants attention.
    Open,
    /// Waits for somebody else.
    Pending,
    /// Put aside; a new message of the visitor brings it back.
    Snoozed,
    /// Done; a new message of the visitor brings it back.
    Resolved,
    /// Done for good; nothing more is taken.
    Archived,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Open, Self::Pending, Self::Snoozed, Self::Resolved, Self::Archived];

    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Pending => "pending",
            Self::Snoozed => "snoozed",
            Self::Resolved => "resolved",
            Self::Archived => "archived",
        }
    }
    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == word)
    }
    /// Whether it is still being worked on; a contact has at most one such conversation per widget.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Open | Self::Pending | Self::Snoozed)
    }
}

/// The product or page the visitor talks about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Context {
    /// What it is called, up to 200 characters.
    pub title: String,
    /// An https picture, up to 2,000 characters.
    #[serde(default)]
    pub image: Option<String>,
    /// Price as shown, up to 40 characters.
    #[serde(default)]
    pub price: Option<String>,
    /// Its http(s) page, up to 2,000 characters.
    #[serde(default)]
    pub url: Option<String>,
}

/// The page the visitor was on, without its query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PageSeen {
    /// http(s), query and fragment removed, up to 2,000 characters.
    pub url: String,
    /// Its title, up to 200 characters.
    #[serde(default)]
    pub title: String,
}

/// A person who writes to the tenant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Contact {
    /// Id; for a visitor also the subject of the access token.
    pub id: ContactId,
    /// As they gave it.
    pub name: Option<String>,
    /// As they gave it.
    pub email: Option<String>,
    /// As they gave it.
    pub phone: Option<String>,
    /// Whether the tenant's own signature vouches for the profile.
    pub verified: bool,
    /// Flat values given by the site.
    pub attributes: serde_json::Map<String, serde_json::Value>,
    /// Where they were seen last.
    pub page: Option<PageSeen>,
    /// Their language tag.
    pub locale: Option<String>,
    /// When they first acted.
    pub created_at: Timestamp,
    /// When they last acted.
    pub last_seen_at: Timestamp,
}

/// A widget's name, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WidgetName {
    /// Id.
    pub id: WidgetId,
    /// Name.
    pub name: String,
}

/// What a conversation outside a web page goes through, for lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ChannelName {
    /// Id; of a WhatsApp number its `wan_…`.
    pub id: String,
    /// What customers see it called.
    pub name: String,
    /// Where they write to, such as a phone number as displayed.
    pub address: String,
}

/// How long the tenant may write freely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Window {
    /// When the person wrote last, by the channel's clock; `null`: never.
    pub last_inbound_at: Option<Timestamp>,
    /// Until when, or since when no more; `null`: they never wrote.
    pub open_until: Option<Timestamp>,
    /// Until when nothing is charged, after a tap on an advertisement.
    pub free_until: Option<Timestamp>,
    /// When the channel last said that the window is shut, whatever our clock says, and they have not written since.
    pub refused_at: Option<Timestamp>,
}

/// How far each side has come; they only grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipts {
    /// Arrived on a screen of the visitor.
    pub visitor_delivered_seq: i64,
    /// Seen by the visitor.
    pub visitor_read_seq: i64,
    /// Arrived on a screen of the tenant's people.
    pub agent_delivered_seq: i64,
    /// Seen by one of the tenant's people.
    pub agent_read_seq: i64,
}

/// A conversation as the tenant's people see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Conversation {
    /// Id.
    pub id: ConversationId,
    /// Channel.
    pub source: Source,
    /// Where it stands.
    pub status: Status,
    /// The widget it came through.
    pub widget: Option<WidgetName>,
    /// What else it came through.
    #[serde(default)]
    pub channel: Option<ChannelName>,
    /// How long the tenant may write freely; `null` where there is no such limit.
    #[serde(default)]
    pub window: Option<Window>,
    /// A group of several people, by the channel's own id of it.
    #[serde(default)]
    pub group: Option<String>,
    /// With whom.
    pub contact: Contact,
    /// Who is responsible.
    pub assignee: Option<AgentName>,
    /// Start of the last public message.
    pub preview: String,
    /// Who wrote that.
    pub last_author: AuthorKind,
    /// Messages of the visitor that nobody of the team has read.
    pub unread: i64,
    /// Number of the last message, notes included.
    pub last_seq: i64,
    /// When the last message was written.
    pub last_message_at: Timestamp,
    /// What the visitor talks about.
    pub context: Option<Context>,
    /// How far each side has come.
    pub receipts: Receipts,
    /// When it began.
    pub created_at: Timestamp,
    /// When anything changed.
    pub updated_at: Timestamp,
}
