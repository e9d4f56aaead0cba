//! Step 10: files by id are checked at once, files by link are fetched afterwards.

use serde_json::Value;

use super::Draft;
use crate::data::GraphError;
use crate::world::World;

const KINDS: [&str; 5] = ["image", "video", "audio", "document", "sticker"];

/// Checks the file of a media message, of an interactive header and of a template header.
pub(super) fn check(world: &World, draft: &mut Draft) -> Result<(), GraphError> {
    for file in files(draft) {
        match (file["id"].as_str(), file["link"].as_str()) {
            (Some(id), _) => by_id(world, &draft.number, id)?,
            (None, Some(link)) => draft.link = Some(link.to_owned()),
            (None, None) => return Err(GraphError::new(131_008, "Either id or link is required.")),
        }
    }
    Ok(())
}

fn files(draft: &Draft) -> Vec<Value> {
    let content = draft.content();
    if KINDS.contains(&draft.kind.as_str()) {
        return vec![content.clone()];
    }
    let named = |value: &Value| KINDS.iter().map(|kind| value[*kind].clone()).find(|file| file.is_object());
    let header = named(&content["header"]);
    let parts = content["components"].as_array().into_iter().flatten();
    let parameters = parts.flat_map(|part| part["parameters"].as_array().into_iter().flatten());
    header.into_iter().chain(parameters.filter_map(named)).collect()
}

fn by_id(world: &World, number: &str, id: &str) -> Result<(), GraphError> {
    let waba = world.waba_of(number).map(|waba| &waba.id);
    let media = world.media.get(id).filter(|media| world.waba_of(&media.number).map(|waba| &waba.id) == waba);
    let lives = media.is_some_and(|media| media.lives(world.now()));
    lives.then_some(()).ok_or_else(|| GraphError::new(131_009, format!("Media id {id} is not valid or has expired.")))
}
