//! Message templates.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A template in one language.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Template {
    /// Its id, a number that may not fit into 53 bits.
    pub id: String,
    /// The account.
    pub waba: String,
    /// `[a-z0-9_]`, at most 512.
    pub name: String,
    /// `en_US`
    pub language: String,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION`.
    pub category: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, …
    pub status: String,
    /// `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
    pub quality: String,
    /// `POSITIONAL` or `NAMED`.
    pub parameter_format: String,
    /// HEADER, BODY, FOOTER, BUTTONS.
    pub components: Vec<Value>,
    /// Why it was rejected.
    pub rejected_reason: String,
    /// Times of edits.
    pub edits: Vec<i64>,
}

impl Default for Template {
    fn default() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            id: String::new(),
            waba: String::new(),
            name: String::new(),
            language: text("en_US"),
            category: text("UTILITY"),
            status: text("APPROVED"),
            quality: text("GREEN"),
            parameter_format: text("POSITIONAL"),
            components: Vec::new(),
            rejected_reason: text("NONE"),
            edits: Vec::new(),
        }
    }
}

impl Template {
    /// A component by its type.
    pub fn component(&self, kind: &str) -> Option<&Value> {
        self.components
            .iter()
            .find(|component| component["type"].as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)))
    }

    /// Names of the variables in a text: `{{1}}`, `{{order_id}}`.
    pub fn variables(text: &str) -> Vec<String> {
        let mut names = Vec::new();
        for piece in text.split("{{").skip(1) {
            let name = piece.split("}}").next().unwrap_or_default().trim().to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
