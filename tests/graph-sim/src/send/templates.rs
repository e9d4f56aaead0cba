//! Step 9: the template exists in exactly this language, is approved, and is given exactly its parameters.

use serde_json::Value;

use super::Draft;
use crate::data::GraphError;
use crate::world::{Template, World};

/// Checks a template message.
pub(super) fn check(world: &World, draft: &mut Draft) -> Result<(), GraphError> {
    if draft.kind != "template" {
        return Ok(());
    }
    let content = draft.content().clone();
    let (name, language) = (word(&content["name"]), word(&content["language"]["code"]));
    let waba = world.waba_of(&draft.number).map(|waba| waba.id.clone()).unwrap_or_default();
    let mut all = world.templates.values().filter(|template| template.waba == waba);
    let missing = || GraphError::new(132_001, format!("template name ({name}) does not exist in {language}"));
    let template = all.find(|t| t.name == name && t.language == language).ok_or_else(missing)?;
    match template.status.as_str() {
        "APPROVED" => {}
        "PAUSED" => return Err(GraphError::new(132_015, "Template is paused due to low quality.")),
        "DISABLED" => return Err(GraphError::new(132_016, "Template is disabled.")),
        _ => return Err(missing()),
    }
    if template.category == "AUTHENTICATION" && draft.by_id {
        return Err(GraphError::new(131_062, "Authentication templates need a phone number."));
    }
    draft.category = Some(template.category.clone());
    parameters(template, &content)
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn parameters(template: &Template, content: &Value) -> Result<(), GraphError> {
    let parts: Vec<_> = content["components"].as_array().cloned().unwrap_or_default();
    let given = |kind: &str| {
        let part = parts.iter().find(|part| part["type"].as_str().is_some_and(|t| t.eq_ignore_ascii_case(kind)));
        part.and_then(|part| part["parameters"].as_array().cloned()).unwrap_or_default()
    };
    let text = |kind: &str| template.component(kind).map(|part| word(&part["text"])).unwrap_or_default();
    header(template, &given("header"), &text("header"))?;
    texts(template, "body", &given("body"), &text("body"))?;
    buttons(template, &parts)
}

fn header(template: &Template, given: &[Value], text: &str) -> Result<(), GraphError> {
    let format = template.component("header").map(|part| word(&part["format"]).to_lowercase()).unwrap_or_default();
    if !matches!(format.as_str(), "image" | "video" | "document" | "location") {
        return texts(template, "header", given, text);
    }
    let fits = given.len() == 1 && given[0]["type"] == format.as_str() && given[0][format.as_str()].is_object();
    let wrong = || GraphError::new(132_012, format!("header: Format mismatch, expected {}", format.to_uppercase()));
    fits.then_some(()).ok_or_else(wrong)
}

fn texts(template: &Template, place: &str, given: &[Value], text: &str) -> Result<(), GraphError> {
    let names = Template::variables(text);
    if names.len() != given.len() {
        let details = format!(
            "{place}: number of localizable_params ({}) does not match the expected number of params ({})",
            given.len(),
            names.len()
        );
        return Err(GraphError::new(132_000, details));
    }
    let wrong = |details: String| Err(GraphError::new(132_012, details));
    for parameter in given {
        let name = word(&parameter["parameter_name"]);
        if template.parameter_format == "NAMED" && !names.contains(&name) {
            return wrong(format!("{place}: parameter name is missing or empty"));
        }
        let value = word(&parameter["text"]);
        let plain = parameter["type"] == "text";
        let bad = value.is_empty() || value.contains(['\n', '\t']) || value.contains("     ");
        if plain && bad {
            return wrong(format!(
                "{place}: Param text cannot be empty or have new-line/tab characters or more than 4 consecutive spaces"
            ));
        }
    }
    Ok(())
}

/// Buttons with a variable address need exactly their one parameter.
fn buttons(template: &Template, parts: &[Value]) -> Result<(), GraphError> {
    let known = template.component("buttons").and_then(|part| part["buttons"].as_array().cloned()).unwrap_or_default();
    for (at, button) in known.iter().enumerate() {
        let variable =
            word(&button["url"]).contains("{{") || matches!(button["type"].as_str(), Some("COPY_CODE" | "OTP"));
        let given = parts.iter().find(|part| part["type"] == "button" && index(part) == Some(at as u64));
        let count = given.and_then(|part| part["parameters"].as_array()).map_or(0, Vec::len);
        if variable && count != 1 {
            return Err(GraphError::new(
                131_008,
                format!("buttons: Button at index {at} of type Url requires a parameter"),
            ));
        }
    }
    Ok(())
}

fn index(part: &Value) -> Option<u64> {
    part["index"].as_u64().or_else(|| part["index"].as_str()?.parse().ok())
}
