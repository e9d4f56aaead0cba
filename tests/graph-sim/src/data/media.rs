//! Uploading, looking up and deleting files.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

use super::{Answered, GraphError, bearer};
use crate::fault;
use crate::http::{Answer, Call, parts};
use crate::world::{Media, Origin, SECOND, World, sha256};

/// How long an address lives.
const ADDRESS: i64 = 300 * SECOND;

const MIB: usize = 1024 * 1024;

/// Whether Meta takes a file of this type and size for this kind of message.
pub fn allowed(kind: &str, mime: &str, length: usize) -> Result<(), String> {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    let (types, most): (&[&str], usize) = match kind {
        "audio" => (&["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"], 16 * MIB),
        "image" => (&["image/jpeg", "image/png"], 5 * MIB),
        "video" => (&["video/mp4", "video/3gpp"], 16 * MIB),
        "sticker" => (&["image/webp"], 500 * 1024),
        _ => (&[], 100 * MIB),
    };
    let page = mime.starts_with("text/html");
    if page || !(types.is_empty() || types.contains(&mime)) {
        return Err(format!("not one of {types:?}"));
    }
    if length == 0 || length > most { Err(format!("{length} bytes, at most {most}")) } else { Ok(()) }
}

/// A hash in the notation a switch asks for.
pub fn hash(bytes: &[u8], notation: &str) -> String {
    let hash = sha256(bytes);
    if notation == "hex" { HEXLOWER.encode(&hash) } else { BASE64.encode(&hash) }
}

/// A fresh address of a file, as both the API and a push hand it out.
pub fn link(world: &mut World, id: &str) -> Option<String> {
    let (token, now) = (world.dice.letters(40), world.now());
    let base = world.base.clone();
    let media = world.media.get_mut(id)?;
    media.addresses.push((token.clone(), now + ADDRESS));
    Some(format!("{base}/_media/{token}?mid={id}&ext={}", (now + ADDRESS) / 1000))
}

pub(super) fn upload(world: &mut World, call: &Call, number: &str) -> Answered {
    bearer::sender(world, call, number)?;
    let kind = call.headers.get("content-type").map_or("", String::as_str);
    let parts = parts(kind, &call.body).unwrap_or_default();
    let field = |name: &str| parts.iter().find(|part| part.name == name);
    let product = field("messaging_product").is_some_and(|part| part.bytes == b"whatsapp");
    if !product {
        return Err(GraphError::new(100, "The parameter messaging_product is required."));
    }
    let file = field("file").ok_or_else(|| GraphError::new(100, "The parameter file is required."))?;
    let declared = field("type").map(|part| String::from_utf8_lossy(&part.bytes).into_owned());
    let mime = file.content_type.clone().or(declared).unwrap_or_default();
    let wrong = |why| GraphError::new(100, format!("Param file must be a file with one of the following types: {why}"));
    allowed(family(&mime), &mime, file.bytes.len()).map_err(wrong)?;
    let filename = file.filename.clone();
    Ok(Answer::ok(&json!({"id": keep(world, number, file.bytes.clone(), &mime, filename)})))
}

fn family(mime: &str) -> &str {
    match mime.split('/').next().unwrap_or_default() {
        "image" if mime == "image/webp" => "sticker",
        found @ ("image" | "video" | "audio") => found,
        _ => "document",
    }
}

fn keep(world: &mut World, number: &str, bytes: Vec<u8>, mime: &str, filename: Option<String>) -> String {
    let (id, at) = (world.dice.digits(16), world.now());
    let (number, mime, origin) = (number.to_owned(), mime.to_owned(), Origin::Uploaded);
    let media = Media { id: id.clone(), number, bytes, mime, filename, origin, at, addresses: Vec::new() };
    world.media.insert(id.clone(), media);
    id
}

pub(super) fn one(world: &mut World, call: &Call, id: &str) -> Answered {
    let media = world.media.get(id).cloned().ok_or_else(|| GraphError::gone(id))?;
    let waba = world.waba_of(&media.number).map(|waba| waba.id.clone()).unwrap_or_default();
    bearer::account(world, call, &waba, bearer::MESSAGING)?;
    let elsewhere = call.get("phone_number_id").is_some_and(|number| number != media.number);
    if elsewhere || !media.lives(world.now()) {
        return Err(GraphError::gone(id));
    }
    match call.method.as_str() {
        "DELETE" => {
            world.media.remove(id);
            Ok(Answer::success())
        }
        _ => match fault::lookup(world, &media.number) {
            Some(answer) => Ok(answer),
            None => Ok(Answer::ok(&described(world, &media))),
        },
    }
}

fn described(world: &mut World, media: &Media) -> Value {
    let size = media.bytes.len();
    let size = if world.switches.file_size == "string" { json!(size.to_string()) } else { json!(size) };
    json!({"messaging_product": "whatsapp", "url": link(world, &media.id), "mime_type": media.mime,
        "sha256": hash(&media.bytes, &world.switches.media_sha256), "file_size": size, "id": media.id})
}
