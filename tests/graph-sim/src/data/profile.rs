//! The profile people see.

use serde_json::{Value, json};

use super::{Answered, GraphError, bearer};
use crate::http::{Answer, Call};
use crate::world::World;

const LIMITS: [(&str, usize); 4] = [("about", 139), ("address", 256), ("description", 512), ("email", 128)];

pub(super) fn profile(world: &mut World, call: &Call, number: &str) -> Answered {
    bearer::manager(world, call, number)?;
    if call.method == "GET" {
        return Ok(Answer::ok(&shown(world, call, number)));
    }
    let body = call.json().unwrap_or_default();
    if body["messaging_product"] != "whatsapp" {
        return Err(GraphError::new(100, "The parameter messaging_product is required."));
    }
    check(&body)?;
    let mut fields = body.as_object().cloned().unwrap_or_default();
    fields.remove("messaging_product");
    if let Some(handle) = fields.remove("profile_picture_handle") {
        let known = handle.as_str().is_some_and(|handle| handle.starts_with("4:"));
        if !known {
            return Err(GraphError::new(131_009, "profile_picture_handle is not the handle of an upload."));
        }
        let address = format!("{}/_media/profile-{number}", world.base);
        fields.insert("profile_picture_url".to_owned(), json!(address));
    }
    if let Some(number) = world.numbers.get_mut(number) {
        number.profile.extend(fields);
    }
    Ok(Answer::success())
}

fn check(body: &Value) -> Result<(), GraphError> {
    let long = |(name, most): &&(&str, usize)| body[*name].as_str().is_some_and(|text| text.chars().count() > *most);
    if let Some((name, most)) = LIMITS.iter().find(long) {
        return Err(GraphError::new(100, format!("Param {name} must be at most {most} characters long.")));
    }
    let sites = body["websites"].as_array().map(Vec::as_slice).unwrap_or_default();
    let bad = sites.len() > 2
        || sites.iter().any(|site| site.as_str().is_none_or(|site| !site.starts_with("http") || site.len() > 256));
    if bad { Err(GraphError::new(131_009, "websites takes at most two addresses of 256 characters.")) } else { Ok(()) }
}

fn shown(world: &World, call: &Call, number: &str) -> Value {
    let known = world.numbers.get(number).map(|number| number.profile.clone()).unwrap_or_default();
    let asked = call.get("fields");
    let wanted = |name: &str| asked.as_ref().is_none_or(|fields| fields.split(',').any(|field| field.trim() == name));
    let mut item: serde_json::Map<_, _> = known.into_iter().filter(|(name, _)| wanted(name)).collect();
    item.insert("messaging_product".to_owned(), json!("whatsapp"));
    if wanted("vertical") {
        item.entry("vertical").or_insert(json!("OTHER"));
    }
    json!({"data": [item]})
}
