//! Step 5: the shape of a request and the limits of its parts.

mod contacts;
mod interactive;
mod plain;

use serde_json::Value;

use crate::data::GraphError;

/// All types a business may send.
const TYPES: [&str; 12] = [
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
    "pin",
];

pub(super) type Checked = Result<(), GraphError>;

/// Checks a request to send.
pub(super) fn check(body: &Value) -> Checked {
    if body["messaging_product"] != "whatsapp" {
        return Err(GraphError::new(100, "The parameter messaging_product is required."));
    }
    let kind = body["type"].as_str().unwrap_or("text");
    if !TYPES.contains(&kind) {
        return Err(GraphError::new(100, format!("Param type must be one of {TYPES:?} - got \"{kind}\".")));
    }
    let content = &body[kind];
    if content.is_null() {
        return missing(kind);
    }
    if let Some(quoted) = body.get("context") {
        text(quoted, "message_id", 1, 256)?;
    }
    if body["biz_opaque_callback_data"].as_str().is_some_and(|opaque| opaque.chars().count() > 512) {
        return too_long("biz_opaque_callback_data", 512);
    }
    match kind {
        "interactive" => interactive::check(content),
        "contacts" => contacts::check(content),
        _ => plain::check(kind, content),
    }
}

pub(super) fn missing(name: &str) -> Checked {
    Err(GraphError::new(131_008, format!("The parameter {name} is required.")))
}

pub(super) fn wrong(details: impl Into<String>) -> Checked {
    Err(GraphError::new(131_009, details))
}

fn too_long(name: &str, most: usize) -> Checked {
    Err(GraphError::new(100, format!("Param {name} must be at most {most} characters long.")))
}

/// A text within `least` and `most` characters.
pub(super) fn text(value: &Value, name: &str, least: usize, most: usize) -> Checked {
    let found = &value[name];
    let Some(text) = found.as_str() else {
        return if found.is_null() && least == 0 { Ok(()) } else { missing(name) };
    };
    match text.chars().count() {
        count if count > most => too_long(name, most),
        count if count < least => missing(name),
        _ => Ok(()),
    }
}
