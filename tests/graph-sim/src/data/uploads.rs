//! Resumable uploads of an app: samples of templates and profile pictures.

use serde_json::json;

use super::{Answered, GraphError, bearer};
use crate::http::{Answer, Call};
use crate::world::{Upload, World};

const TYPES: [&str; 5] = ["application/pdf", "image/jpeg", "image/jpg", "image/png", "video/mp4"];

/// `POST /{app}/uploads`
pub(super) fn begin(world: &mut World, call: &Call, app: &str) -> Answered {
    bearer::caller(world, call)?;
    let (kind, length) =
        (call.get("file_type").unwrap_or_default(), call.get("file_length").and_then(|l| l.parse().ok()));
    let length = length.ok_or_else(|| GraphError::new(100, "The parameter file_length is required."))?;
    if !TYPES.contains(&kind.as_str()) {
        return Err(GraphError::new(100, format!("file_type must be one of {TYPES:?}.")));
    }
    let id = format!("upload:{}", world.dice.letters(48));
    world.uploads.insert(id.clone(), Upload { app: app.to_owned(), length, kind, bytes: Vec::new() });
    Ok(Answer::ok(&json!({"id": id})))
}

/// `POST|GET /upload:{id}`
pub(super) fn upload(world: &mut World, call: &Call, id: &str) -> Answered {
    bearer::caller(world, call)?;
    let handle = format!("4:{}", world.dice.letters(60));
    let upload = world.uploads.get_mut(id).ok_or_else(|| GraphError::gone(id))?;
    if call.method == "GET" {
        return Ok(Answer::ok(&json!({"id": id, "file_offset": upload.bytes.len()})));
    }
    let offset = call.headers.get("file_offset").and_then(|offset| offset.parse::<usize>().ok());
    if offset != Some(upload.bytes.len()) {
        return Err(GraphError::new(100, "file_offset does not continue what has been uploaded."));
    }
    upload.bytes.extend_from_slice(&call.body);
    if upload.bytes.len() != upload.length {
        return Err(GraphError::new(100, "The upload is not complete."));
    }
    Ok(Answer::ok(&json!({"h": handle})))
}
