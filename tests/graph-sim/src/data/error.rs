//! Errors as Graph writes them.

use serde_json::{Value, json};

use super::catalogue::{http, title};
use crate::http::Answer;
use crate::world::World;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphError {
    /// Code: what a program keys on.
    pub code: u32,
    /// Subcode, where one is still given.
    pub subcode: Option<u32>,
    /// `error_data.details`
    pub details: String,
}

impl GraphError {
    /// A refusal with its details.
    pub fn new(code: u32, details: impl Into<String>) -> Self {
        Self { code, subcode: None, details: details.into() }
    }

    /// The same with a subcode.
    pub fn sub(code: u32, subcode: u32, details: impl Into<String>) -> Self {
        Self { subcode: Some(subcode), ..Self::new(code, details) }
    }

    /// Object gone or out of this token's reach.
    pub fn gone(id: &str) -> Self {
        let text = "does not exist, cannot be loaded due to missing permissions, or does not support this operation";
        Self::sub(100, 33, format!("Unsupported request. Object with ID '{id}' {text}."))
    }

    /// The document.
    pub fn body(&self, trace: &str) -> Value {
        let message = match self.code {
            0 | 190 | 200 | 2500 => self.details.clone(),
            100 if self.subcode == Some(33) => self.details.clone(),
            code => format!("(#{code}) {}", title(code)),
        };
        let mut error = json!({"message": message, "type": "OAuthException", "code": self.code, "fbtrace_id": trace});
        if self.subcode == Some(33) {
            error["type"] = json!("GraphMethodException");
        }
        if self.code >= 100 && !matches!(self.code, 190 | 200 | 2500) && self.subcode != Some(33) {
            error["error_data"] = json!({"messaging_product": "whatsapp", "details": self.details});
        }
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if matches!(self.code, 1 | 2 | 4 | 131_016 | 130_429 | 80_007) {
            error["is_transient"] = json!(true);
        }
        json!({"error": error})
    }

    /// The answer, with the HTTP status of the table or of chance.
    pub fn answer(&self, world: &mut World) -> Answer {
        let trace = format!("A{}", world.dice.letters(22));
        let statuses = [400, 401, 403, 404, 429, 500, 503];
        let status = match world.switches.http_status.as_str() {
            "random" => statuses[world.dice.below(statuses.len())],
            _ => http(self.code, self.subcode),
        };
        Answer::json(status, &self.body(&trace)).header("x-fb-trace-id", trace)
    }

    /// The same as an item of `errors` in a push.
    pub fn pushed(&self) -> Value {
        pushed(self.code, &self.details)
    }
}

/// An item of `errors` in a push.
pub fn pushed(code: u32, details: &str) -> Value {
    let href = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/";
    json!({"code": code, "title": title(code), "message": title(code), "error_data": {"details": details}, "href": href})
}
