//! Text, media, location, reaction and the frame of a template.

use serde_json::Value;

use super::{Checked, missing, text, wrong};

pub(super) fn check(kind: &str, content: &Value) -> Checked {
    if !content.is_object() {
        return wrong(format!("{kind} must be an object."));
    }
    match kind {
        "text" => text(content, "body", 1, 4096),
        "image" | "video" | "document" => file(content).and_then(|()| text(content, "caption", 0, 1024)),
        "audio" | "sticker" if !content["caption"].is_null() => wrong(format!("{kind} has no caption.")),
        "audio" | "sticker" => file(content),
        "location" => location(content),
        "reaction" => text(content, "message_id", 1, 256).and_then(|()| emoji(content)),
        "template" => text(content, "name", 1, 512).and_then(|()| text(&content["language"], "code", 1, 16)),
        _ => Ok(()),
    }
}

fn file(content: &Value) -> Checked {
    let (id, link) = (content["id"].as_str(), content["link"].as_str());
    match (id, link) {
        (None, None) => missing("id or link"),
        (Some(_), Some(_)) => wrong("Only one of id and link is allowed."),
        (_, Some(link)) if !link.starts_with("http") => wrong("link is not a valid address."),
        _ => Ok(()),
    }
}

fn location(content: &Value) -> Checked {
    for (name, most) in [("latitude", 90.0), ("longitude", 180.0)] {
        let value = &content[name];
        let degrees = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        match degrees {
            None => return missing(name),
            Some(degrees) if degrees.abs() > most => return wrong(format!("{name} is out of range.")),
            Some(_) => {}
        }
    }
    Ok(())
}

/// An empty emoji takes the reaction back.
fn emoji(content: &Value) -> Checked {
    match content["emoji"].as_str() {
        None => missing("emoji"),
        Some(emoji) if emoji.chars().count() > 12 || emoji.bytes().any(|b| b.is_ascii_alphabetic()) => {
            wrong("emoji is not an emoji.")
        }
        Some(_) => Ok(()),
    }
}
