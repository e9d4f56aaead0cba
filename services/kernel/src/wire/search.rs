//! What a search finds.

use serde::{Deserialize, Serialize};

use super::{Author, Contact, Source, Status, Visibility};
use crate::{ContactId, ConversationId, MessageId, Timestamp};

/// A stretch of text, which may be what was looked for. Plain text: whoever shows it marks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Stretch {
    /// The text.
    pub text: String,
    /// Whether it was looked for.
    pub hit: bool,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FoundMessage {
    /// Where it was said.
    pub conversation_id: ConversationId,
    /// Its number there.
    pub seq: i64,
    /// Its id.
    pub message_id: MessageId,
    /// Who wrote it.
    pub author: Author,
    /// Whether it is a note.
    pub visibility: Visibility,
    /// When it was written.
    pub created_at: Timestamp,
    /// The words around what was looked for, or the names of its files.
    pub excerpt: Vec<Stretch>,
    /// Where the conversation stands.
    pub status: Status,
    /// Through what it comes.
    pub source: Source,
    /// With whom it is.
    pub contact_id: ContactId,
    /// Their name.
    pub contact_name: Option<String>,
}

/// A person who was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FoundContact {
    /// The person.
    pub contact: Contact,
    /// Their latest conversation, if there is one.
    pub conversation_id: Option<ConversationId>,
}
