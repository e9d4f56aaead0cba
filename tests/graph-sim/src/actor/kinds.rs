//! Every kind of message a user can send, each with a body that is right without any argument.

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::letters::letter;
use crate::data;
use crate::world::{Media, Origin, World, sample};

/// All kinds `send` knows.
pub const KINDS: [&str; 36] = [
    "text",
    "image",
    "video",
    "audio",
    "voice",
    "legacy_voice",
    "document",
    "sticker",
    "animated_sticker",
    "location",
    "contacts",
    "contact_request",
    "button_reply",
    "list_reply",
    "nfm_reply",
    "nfm_address",
    "nfm_invalid",
    "nfm_list",
    "call_permission_reply",
    "payment_method",
    "product",
    "button",
    "order",
    "unsupported",
    "unsupported_poll",
    "unavailable",
    "unknown",
    "request_welcome",
    "media_error",
    "media_too_large",
    "document_without_name",
    "referral_status",
    "gif",
    "order_text_numbers",
    "contacts_bare",
    "future",
];

/// Type and body of a kind; more keys of the message may come with it.
pub fn shape(world: &mut World, number: &str, kind: &str, args: &Value) -> Result<Value, String> {
    if let Some(found) = file(world, number, kind, args) {
        return Ok(found);
    }
    if args["body"].is_object() || args["body"].is_array() {
        let kind = letter(kind, args)
            .and_then(|message| message["type"].as_str().map(str::to_owned))
            .unwrap_or(kind.to_owned());
        return Ok(json!({"type": kind, kind: args["body"]}));
    }
    letter(kind, args).ok_or_else(|| format!("there is no kind {kind}"))
}

fn file(world: &mut World, number: &str, kind: &str, args: &Value) -> Option<Value> {
    let (name, of) = match kind {
        "image" | "video" | "audio" | "document" | "sticker" => (kind, kind),
        "voice" => ("audio", "voice"),
        "legacy_voice" => ("voice", "voice"),
        "animated_sticker" => ("sticker", "sticker"),
        "document_without_name" => ("document", "document"),
        "gif" => ("video", "video"),
        _ => return None,
    };
    let (mime, bytes) = sample(of);
    let given = args["data"].as_str().and_then(|data| BASE64.decode(data.as_bytes()).ok());
    let mime = args["mime"].as_str().unwrap_or(mime).to_owned();
    let filename = args["filename"].as_str().unwrap_or("Currículum café.pdf").to_owned();
    let mut body = received(world, number, given.unwrap_or(bytes), &mime, Some(filename.clone()));
    match kind {
        "document" => body["filename"] = json!(filename),
        "audio" => body["voice"] = json!(args["voice"] == true),
        "voice" => body["voice"] = json!(true),
        "sticker" | "animated_sticker" => body["animated"] = json!(kind == "animated_sticker"),
        _ => {}
    }
    if let Some(caption) = args["caption"].as_str() {
        body["caption"] = json!(caption);
    }
    Some(json!({"type": name, name: body}))
}

/// A file a user sends: its id lives seven days, its address five minutes.
pub(super) fn received(world: &mut World, number: &str, bytes: Vec<u8>, mime: &str, filename: Option<String>) -> Value {
    let (id, at) = (world.dice.digits(16), world.now());
    let hash = data::hash(&bytes, &world.switches.webhook_sha256);
    let (number, origin) = (number.to_owned(), Origin::Received);
    let media =
        Media { id: id.clone(), number, bytes, mime: mime.to_owned(), filename, origin, at, addresses: Vec::new() };
    world.media.insert(id.clone(), media);
    let mut body = json!({"id": id, "mime_type": mime, "sha256": hash});
    if world.switches.media_url {
        body["url"] = json!(data::link(world, &id));
    }
    body
}
