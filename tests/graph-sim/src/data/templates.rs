//! Templates: listing, making, changing, deleting.

use serde_json::{Value, json};

use super::{Answered, GraphError, bearer, fields};
use crate::actor;
use crate::http::{Answer, Call};
use crate::world::{DAY, Template, World};

const CATEGORIES: [&str; 3] = ["AUTHENTICATION", "MARKETING", "UTILITY"];

pub(super) fn of_account(world: &mut World, call: &Call, waba: &str) -> Answered {
    bearer::account(world, call, waba, bearer::MANAGEMENT)?;
    match call.method.as_str() {
        "POST" => create(world, call, waba),
        "DELETE" => delete(world, call, waba),
        _ => Ok(list(world, call, waba)),
    }
}

fn shown(template: &Template) -> Value {
    json!({"id": template.id, "name": template.name, "language": template.language, "category": template.category,
        "status": template.status, "components": template.components, "parameter_format": template.parameter_format,
        "quality_score": {"score": template.quality, "date": 1_790_000_000}, "rejected_reason": template.rejected_reason,
        "previous_category": template.category})
}

const USUAL: [&str; 6] = ["name", "parameter_format", "components", "language", "status", "category"];

fn list(world: &World, call: &Call, waba: &str) -> Answer {
    let fits = |name: &str, value: &str| call.get(name).is_none_or(|wanted| wanted.eq_ignore_ascii_case(value));
    let all = world.templates.values().filter(|t| t.waba == waba && t.status != "DELETED");
    let all = all.filter(|t| call.get("name").is_none_or(|name| t.name.contains(&name)));
    let all =
        all.filter(|t| fits("status", &t.status) && fits("language", &t.language) && fits("category", &t.category));
    let list = all.map(|template| fields::picked(call, &shown(template), &USUAL)).collect();
    let list: Vec<Value> = list;
    let total = list.len();
    let mut page = fields::page(call, &world.base, list);
    if call.get("summary").is_some() || call.get("fields").is_some_and(|fields| fields.contains("total_count")) {
        page["summary"] = json!({"total_count": total, "message_template_count": total, "message_template_limit": 6000,
            "are_translations_complete": true});
    }
    Answer::ok(&page)
}

fn create(world: &mut World, call: &Call, waba: &str) -> Answered {
    let body = call.json().unwrap_or_default();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let (name, language, category) = (text("name"), text("language"), text("category").to_uppercase());
    let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if name.is_empty() || name.len() > 512 || !name.bytes().all(letter) {
        return Err(GraphError::new(100, "name takes lower-case letters, digits and underscores, at most 512."));
    }
    if !CATEGORIES.contains(&category.as_str()) || language.is_empty() {
        return Err(GraphError::new(100, format!("category must be one of {CATEGORIES:?}, and language is required.")));
    }
    let mut same = world.templates.values().filter(|t| t.waba == waba && t.name == name);
    if same.any(|t| t.language == language || t.status == "DELETED") {
        return Err(GraphError::sub(
            100,
            2_388_023,
            "There is already, or was until recently, a template of this name and language.",
        ));
    }
    let components = body["components"].as_array().cloned().unwrap_or_default();
    check(&components)?;
    let parameter_format = text("parameter_format").to_uppercase();
    let parameter_format = if parameter_format.is_empty() { "POSITIONAL".to_owned() } else { parameter_format };
    let template = Template {
        waba: waba.to_owned(),
        name,
        language,
        category,
        components,
        parameter_format,
        ..Template::default()
    };
    let template = Template { status: "PENDING".to_owned(), quality: "UNKNOWN".to_owned(), ..template };
    let made = world.add_template(template);
    Ok(Answer::ok(&json!({"id": made.id, "status": made.status, "category": made.category})))
}

/// The rules one can break beforehand.
fn check(components: &[Value]) -> Result<(), GraphError> {
    let of =
        |kind: &str| components.iter().find(|part| part["type"].as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)));
    let body = of("BODY").ok_or_else(|| GraphError::new(100, "A template needs a BODY."))?;
    let text = body["text"].as_str().unwrap_or_default();
    let long = |part: Option<&Value>, most: usize| {
        part.and_then(|p| p["text"].as_str()).is_some_and(|t| t.chars().count() > most)
    };
    if long(Some(body), 1024) || long(of("HEADER"), 60) || long(of("FOOTER"), 60) {
        return Err(GraphError::new(132_005, "A text of the template is too long."));
    }
    let bare = text.trim();
    if bare.starts_with("{{") || bare.ends_with("}}") {
        return Err(GraphError::sub(100, 2_388_299, "Variables can't be at the start or end of the template."));
    }
    if !Template::variables(text).is_empty() && body["example"].is_null() {
        return Err(GraphError::sub(100, 2_388_043, "Variables need examples."));
    }
    Ok(())
}

fn delete(world: &mut World, call: &Call, waba: &str) -> Answered {
    let (name, id) = (call.get("name"), call.get("hsm_id"));
    let fits = |t: &Template| match (&id, &name) {
        (Some(id), _) => t.id == *id,
        (None, name) => Some(&t.name) == name.as_ref(),
    };
    let found: Vec<_> = world.templates.values().filter(|t| t.waba == waba && fits(t)).map(|t| t.id.clone()).collect();
    if found.is_empty() {
        return Err(GraphError::sub(100, 2_593_002, "The template does not exist."));
    }
    found.iter().for_each(|id| actor::template_status(world, id, &json!({"status": "DELETED", "quiet": true})));
    Ok(Answer::success())
}

/// `GET|POST /{template}`
pub(super) fn one(world: &mut World, call: &Call, id: &str) -> Answered {
    let template = world.templates.get(id).cloned().ok_or_else(|| GraphError::gone(id))?;
    bearer::account(world, call, &template.waba, bearer::MANAGEMENT)?;
    if call.method == "GET" {
        return Ok(Answer::ok(&fields::picked(call, &shown(&template), &USUAL)));
    }
    if !matches!(template.status.as_str(), "APPROVED" | "REJECTED" | "PAUSED") {
        return Err(GraphError::sub(100, 2_388_025, "Only approved, rejected and paused templates can be edited."));
    }
    let now = world.now();
    let recent = |days: i64| template.edits.iter().filter(|at| now - **at < days * DAY).count();
    if template.status == "APPROVED" && (recent(1) >= 1 || recent(30) >= 10) {
        return Err(GraphError::sub(
            100,
            2_388_023,
            "An approved template can be edited once a day and ten times in 30 days.",
        ));
    }
    let components = call.json().unwrap_or_default()["components"].as_array().cloned();
    components.as_deref().map_or(Ok(()), check)?;
    if let Some(known) = world.templates.get_mut(id) {
        known.components = components.unwrap_or(template.components);
        known.category = call.get("category").unwrap_or(template.category);
        known.status = "PENDING".to_owned();
        known.edits.push(now);
    }
    Ok(Answer::success())
}
