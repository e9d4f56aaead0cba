//! What a phone shows of one chat.

use serde::Serialize;
use serde_json::Value;

/// One bubble.
#[derive(Clone, Debug, Serialize)]
pub struct Bubble {
    /// Wamid.
    pub id: String,
    /// Written on the phone (true) or by the business (false).
    pub mine: bool,
    /// Virtual milliseconds.
    pub at: i64,
    /// Message type.
    pub kind: String,
    /// The type's body, as sent.
    pub body: Value,
    /// What it quotes.
    pub quotes: Option<String>,
    /// `accepted`, `sent`, `delivered`, `read`, `played`, `failed`.
    pub state: String,
    /// Reactions, by whom (`user`, `business`).
    pub reactions: Vec<(String, String)>,
    /// Changed afterwards.
    pub edited: bool,
    /// Taken back.
    pub revoked: bool,
}

/// A chat.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Thread {
    /// Grows with every change.
    pub revision: u64,
    /// The bubbles.
    pub bubbles: Vec<Bubble>,
    /// Until when the business is shown typing.
    pub typing_until: i64,
}

impl Thread {
    /// A bubble by its id.
    pub fn bubble(&mut self, id: &str) -> Option<&mut Bubble> {
        self.revision += 1;
        self.bubbles.iter_mut().rev().find(|bubble| bubble.id == id)
    }

    /// Adds one.
    pub fn add(&mut self, bubble: Bubble) {
        self.revision += 1;
        self.bubbles.push(bubble);
    }

    /// Sets or takes away a reaction.
    pub fn react(&mut self, id: &str, who: &str, emoji: &str) {
        if let Some(bubble) = self.bubble(id) {
            bubble.reactions.retain(|(by, _)| by != who);
            if !emoji.is_empty() {
                bubble.reactions.push((who.to_owned(), emoji.to_owned()));
            }
        }
    }
}

/// The words of a body, as far as it has any.
pub fn preview(kind: &str, body: &Value) -> String {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let found = match kind {
        "text" => text(&body["body"]),
        "interactive" => text(&body["body"]["text"]).or_else(|| text(&body["button_reply"]["title"])),
        "button" => text(&body["text"]),
        "template" => text(&body["name"]),
        _ => text(&body["caption"]).or_else(|| text(&body["filename"])).or_else(|| text(&body["name"])),
    };
    found.unwrap_or_else(|| format!("[{kind}]"))
}
