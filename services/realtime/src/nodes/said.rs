//! What processes say to each other about presence.

use bytes::Bytes;
use kernel::{AgentId, ConversationId, TenantId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One thing that is so, as long as the process that said it lives and has not taken it back.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Fact {
    /// One of the tenant's people is connected; `true` when at the screen.
    #[serde(rename = "a")]
    Agent(TenantId, AgentId, bool),
    /// They look at a conversation.
    #[serde(rename = "l")]
    Looks(TenantId, AgentId, ConversationId),
    /// The visitor of a conversation is there.
    #[serde(rename = "v")]
    Visitor(TenantId, ConversationId),
}

/// One note. A process numbers its changes; whoever misses a number asks for the whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub(crate) enum Said {
    /// Tell me yours: one process, or all.
    Ask { of: Option<Uuid> },
    /// I live, and stand at `n`.
    Alive { n: u64 },
    /// What changed with number `n`.
    Changed { n: u64, come: Vec<Fact>, gone: Vec<Fact> },
    /// All of it at `n`, in `of` parts.
    Whole { n: u64, part: u32, of: u32, facts: Vec<Fact> },
    /// I leave; my people are on their way to you.
    Bye {},
}

/// A later release may say more: a note of a higher version, or of a shape nobody here knows, is passed over.
#[derive(Serialize, Deserialize)]
struct Note {
    v: u8,
    #[serde(flatten)]
    said: Said,
}

const VERSION: u8 = 1;

pub(crate) fn write(said: Said) -> Bytes {
    // plain structs of ids and numbers cannot fail to serialise
    serde_json::to_vec(&Note { v: VERSION, said }).unwrap_or_default().into()
}

pub(crate) fn read(bytes: &[u8]) -> Option<Said> {
    let note: Note = serde_json::from_slice(bytes).ok()?;
    (note.v == VERSION).then_some(note.said)
}

#[cfg(test)]
mod tests {
    use kernel::{Clock, Id};

    use super::*;

    #[test]
    fn notes_are_small_hold_ids_and_pass_over_what_is_unknown() {
        let (tenant, agent, talk) = (Id::new(&Clock::System), Id::new(&Clock::System), Id::new(&Clock::System));
        let come =
            vec![Fact::Agent(tenant, agent, true), Fact::Looks(tenant, agent, talk), Fact::Visitor(tenant, talk)];
        let said = Said::Changed { n: 7, come, gone: Vec::new() };
        let bytes = write(said.clone());
        assert_eq!(read(&bytes), Some(said));
        assert!(bytes.len() < 450, "{} bytes", bytes.len());
        for other in ["", "{}", r#"{"v":2,"say":"alive","n":1}"#, r#"{"v":1,"say":"sings"}"#, "\u{0}"] {
            assert_eq!(read(other.as_bytes()), None, "{other}");
        }
    }
}
