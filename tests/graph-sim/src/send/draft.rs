//! A message that is being sent, and one that was accepted.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

/// Who it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Recipient {
    /// Somebody with WhatsApp.
    User(String),
    /// Digits nobody answers.
    Nobody(String),
    /// Accepted and silently dropped: a business-scoped id in `to`.
    #[default]
    Void,
    /// A group.
    Group(String),
}

/// A message on its way through the checks.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// From.
    pub number: String,
    /// The request.
    pub body: Value,
    /// Its type.
    pub kind: String,
    /// For whom.
    pub to: Recipient,
    /// What was given for it, as the answer repeats it.
    pub input: String,
    /// Addressed by business-scoped id.
    pub by_id: bool,
    /// The template's category.
    pub category: Option<String>,
    /// Within the window.
    pub open: bool,
    /// Why it will fail after it was accepted.
    pub fails: Option<(u32, String)>,
    /// A linked file to fetch.
    pub link: Option<String>,
}

impl Draft {
    /// A draft of a request whose shape is right.
    pub fn of(number: &str, body: &Value) -> Self {
        let kind = body["type"].as_str().unwrap_or("text").to_owned();
        Self { number: number.to_owned(), body: body.clone(), kind, ..Self::default() }
    }

    /// The body of its type.
    pub fn content(&self) -> &Value {
        &self.body[self.kind.as_str()]
    }

    /// The user, if it is one.
    pub fn user(&self) -> Option<&str> {
        if let Recipient::User(user) = &self.to { Some(user) } else { None }
    }

    /// It will fail, unless it already will for another reason.
    pub fn fail(&mut self, code: u32, details: &str) {
        self.fails.get_or_insert((code, details.to_owned()));
    }
}

/// What was accepted.
#[derive(Clone, Debug, Serialize)]
pub struct Sent {
    /// Its id.
    pub id: String,
    /// From.
    pub number: String,
    /// To.
    pub to: Recipient,
    /// Type.
    pub kind: String,
    /// The type's body.
    pub content: Value,
    /// `biz_opaque_callback_data`
    pub opaque: Option<String>,
    /// Addressed by business-scoped id.
    pub by_id: bool,
    /// Pricing category: `service` or the template's.
    pub category: String,
    /// Within the window.
    pub open: bool,
    /// States already reached.
    pub reached: BTreeSet<String>,
    /// Whether the price was already told on a receipt.
    pub priced: u8,
    /// When.
    pub at: i64,
    /// The conversation of old payloads.
    pub conversation: String,
}
