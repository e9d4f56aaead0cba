//! Frames clients send.

use kernel::wire::Reach;
use kernel::{ConversationId, Position};
use serde::Deserialize;

/// What a client may say. Nothing here is a write that must not be lost.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientFrame {
    /// Who it is and where it stands; the first frame.
    Hello { token: String, after: Option<Position> },
    /// Somebody writes, or stopped.
    Typing { conversation_id: ConversationId, on: bool },
    /// Whether the agent is there, and what they look at.
    Presence { state: Active, viewing: Option<ConversationId> },
    /// Messages up to `seq` arrived or were seen.
    Seen { conversation_id: ConversationId, seq: i64, state: Reach },
    /// A fresh token, before the old one is over.
    Token { token: String },
    /// The answer to a ping.
    Pong {},
}

/// Whether somebody who is connected is at the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Active {
    /// At the screen.
    Online,
    /// Connected, not at the screen.
    Away,
}

impl Active {
    /// The word on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Away => "away",
        }
    }
}

/// A frame nobody may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bad;

impl ClientFrame {
    /// Reads a text frame. Unknown types and members are refused; nesting is bounded by the parser.
    pub fn parse(text: &str) -> Result<Self, Bad> {
        serde_json::from_str(text).map_err(|_| Bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ws_09_frames_are_read_strictly() {
        assert_eq!(ClientFrame::parse(r#"{"type":"pong"}"#), Ok(ClientFrame::Pong {}));
        let hello = ClientFrame::parse(r#"{"type":"hello","token":"t","after":"a-0-7"}"#);
        assert!(matches!(hello, Ok(ClientFrame::Hello { after: Some(Position { n: 7, .. }), .. })));
        assert!(ClientFrame::parse(r#"{"type":"hello","token":"t"}"#).is_ok());
        let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        for bad in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":"post"}"#,
            r#"{"type":"pong","x":1}"#,
            r#"{"type":"typing","conversation_id":"cnv_1","on":true}"#,
            r#"{"type":"typing","conversation_id":7,"on":true}"#,
            r#"{"type":"presence","state":"busy","viewing":null}"#,
            r#"{"type":"hello","token":"t","after":"7"}"#,
            deep.as_str(),
        ] {
            assert_eq!(ClientFrame::parse(bad), Err(Bad), "{}", &bad[..bad.len().min(60)]);
        }
    }
}
