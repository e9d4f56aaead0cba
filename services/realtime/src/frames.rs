//! Frames the server makes itself; events are framed by `kernel::Stamped`.

use bytestring::ByteString;
use kernel::wire::{AgentName, Author};
use kernel::{AgentId, ConversationId, Position};
use serde::Serialize;

use crate::protocol::Active;

/// One agent's presence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct AgentPresence {
    pub id: AgentId,
    pub state: &'static str,
}

impl AgentPresence {
    pub fn new(id: AgentId, state: Active) -> Self {
        Self { id, state: state.word() }
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    Welcome {
        position: Position,
        resumed: bool,
    },
    Ping {
        position: Position,
    },
    Reconnect {
        after_ms: u64,
    },
    Typing {
        conversation_id: ConversationId,
        author: &'a Author,
        on: bool,
    },
    Viewing {
        conversation_id: ConversationId,
        agents: &'a [AgentName],
    },
    #[serde(rename = "presence")]
    Agents {
        agents: &'a [AgentPresence],
    },
    #[serde(rename = "presence")]
    Visitor {
        conversation_id: ConversationId,
        visitor: &'static str,
    },
    #[serde(rename = "presence")]
    Somebody {
        online: bool,
    },
}

impl Frame<'_> {
    fn text(&self) -> ByteString {
        // plain structs of strings and numbers cannot fail to serialise
        serde_json::to_string(self).unwrap_or_default().into()
    }
}

pub(crate) fn welcome(position: Position, resumed: bool) -> ByteString {
    Frame::Welcome { position, resumed }.text()
}

pub(crate) fn ping(position: Position) -> ByteString {
    Frame::Ping { position }.text()
}

pub(crate) fn reconnect(after_ms: u64) -> ByteString {
    Frame::Reconnect { after_ms }.text()
}

pub(crate) fn typing(conversation_id: ConversationId, author: &Author, on: bool) -> ByteString {
    Frame::Typing { conversation_id, author, on }.text()
}

pub(crate) fn viewing(conversation_id: ConversationId, agents: &[AgentName]) -> ByteString {
    Frame::Viewing { conversation_id, agents }.text()
}

pub(crate) fn agents(agents: &[AgentPresence]) -> ByteString {
    Frame::Agents { agents }.text()
}

pub(crate) fn visitor(conversation_id: ConversationId, is_online: bool) -> ByteString {
    Frame::Visitor { conversation_id, visitor: if is_online { "online" } else { "offline" } }.text()
}

pub(crate) fn somebody(online: bool) -> ByteString {
    Frame::Somebody { online }.text()
}
