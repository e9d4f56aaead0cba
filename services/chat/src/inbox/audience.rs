//! Who hears what happens in a conversation.
//!
//! A visitor's token names a contact. What comes through a channel is never theirs to hear or to see, whoever the
//! contact is: the team may say that a visitor and somebody on a channel are one person, and whoever sits at that
//! visitor's browser must learn nothing by it.

use kernel::wire::Conversation;
use kernel::{Audience, ContactId};

/// The tenant's people and, on a web page, the visitor.
pub fn of(conversation: &Conversation) -> Audience {
    if conversation.channel.is_some() { Audience::Agents } else { Audience::Visitor(conversation.contact.id) }
}

/// Whether the conversation is this visitor's own.
pub fn is_own(conversation: &Conversation, visitor: ContactId) -> bool {
    conversation.channel.is_none() && conversation.contact.id == visitor
}
