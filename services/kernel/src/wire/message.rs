//! Messages and how far they have come.

use serde::{Deserialize, Serialize};

use super::{Extra, File};
use crate::{ConversationId, MessageId, Timestamp};

/// Who wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The contact.
    Visitor,
    /// One of the tenant's people.
    Agent,
    /// An automaton of the tenant.
    Bot,
    /// The product.
    System,
}

impl AuthorKind {
    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Agent => "agent",
            Self::Bot => "bot",
            Self::System => "system",
        }
    }
    /// Reads the word back; unknown words are the system's.
    pub fn from_word(word: &str) -> Self {
        [Self::Visitor, Self::Agent, Self::Bot].into_iter().find(|kind| kind.word() == word).unwrap_or(Self::System)
    }
}

/// Who wrote, with the name they had then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Author {
    /// Which side.
    pub kind: AuthorKind,
    /// Agent or contact id, when there is one.
    pub id: Option<String>,
    /// Name at the time of writing; empty for a visitor without one.
    pub name: String,
}

/// Who may read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Both sides.
    #[default]
    Public,
    /// The tenant's people only.
    Note,
}

/// How far a message has come. It only moves forward, in this order; `failed` ends it. On a web page's conversations
/// `queued` and `failed` exist in the sender's own outbox only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Committed here, not yet taken by its channel.
    Queued,
    /// Committed; of another channel, taken by it.
    Sent,
    /// Arrived on a screen of the other side.
    Delivered,
    /// Seen by the other side.
    Read,
    /// Never sent, or never arrived.
    Failed,
}

/// The two sides of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The contact.
    Visitor,
    /// The tenant's people together.
    Agent,
}

/// How far one side has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It arrived.
    Delivered,
    /// It was seen; implies delivered.
    Read,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Where it was said.
    pub conversation_id: ConversationId,
    /// Dense number within the conversation, from 1.
    pub seq: i64,
    /// The sender's own id for it: the same id with the same text is the same message.
    pub client_id: String,
    /// Who wrote.
    pub author: Author,
    /// Plain text, up to 10,000 characters; may be empty beside files.
    pub body: String,
    /// What came with it, in the sender's order.
    #[serde(default)]
    pub files: Vec<File>,
    /// Who may read it.
    pub visibility: Visibility,
    /// How far it has come; in an event `sent`, receipts follow as events, unless `extra` says it itself.
    pub delivery: Delivery,
    /// The message this one answers.
    pub reply_to: Option<MessageId>,
    /// What its channel adds; `null` on a web page's messages.
    #[serde(default)]
    pub extra: Option<Box<Extra>>,
    /// When it was committed.
    pub created_at: Timestamp,
}

impl Message {
    /// What lists show of it: its words, the names of its files, or what else it is.
    pub fn preview(&self) -> String {
        let shown = preview(&self.body, &self.files);
        match self.extra.as_deref().filter(|_| shown.is_empty()) {
            Some(extra) if extra.revoked_at.is_some() => "Message deleted".to_owned(),
            Some(Extra { content: Some(content), .. }) => content.label().chars().take(120).collect(),
            _ => shown,
        }
    }
}

/// The first 120 characters on one line, as lists show them; of a message without words, the names of its files.
pub fn preview(body: &str, files: &[File]) -> String {
    let names = || files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
    let shown = if body.is_empty() { names() } else { body.to_owned() };
    shown.chars().take(120).map(|c| if c == '\n' || c == '\r' || c == '\t' { ' ' } else { c }).collect()
}
