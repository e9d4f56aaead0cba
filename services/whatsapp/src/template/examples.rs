//! Meta's reviewers want an example of whatever a gap will hold.

use kernel::{Error, Result};
use serde_json::Value;

use super::components::Template;
use super::variables::variables;
use crate::payload::Look;

/// Refuses a template whose gaps or files have no example, as Meta would.
pub fn examples(template: &Template, components: &[Value]) -> Result<()> {
    // Meta writes these texts itself
    if template.category == "AUTHENTICATION" {
        return Ok(());
    }
    components.iter().try_for_each(|part| {
        let given = part.at("example");
        match part.text("type").unwrap_or_default().to_ascii_uppercase().as_str() {
            "HEADER" => match part.text("format").unwrap_or("TEXT") {
                "TEXT" => {
                    texts(template, part, "header", given.list("header_text"), given.list("header_text_named_params"))
                }
                "LOCATION" => Ok(()),
                _ if words(given.list("header_handle")) >= 1 => Ok(()),
                _ => missing("header", "Meta wants an example of the file: send one up first."),
            },
            "BODY" => {
                let by_place = given.list("body_text").first().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                texts(template, part, "body", by_place, given.list("body_text_named_params"))
            }
            "BUTTONS" => part.list("buttons").iter().try_for_each(button),
            _ => Ok(()),
        }
    })
}

fn texts(template: &Template, part: &Value, field: &'static str, by_place: &[Value], by_name: &[Value]) -> Result<()> {
    let gaps = variables(part.text("text").unwrap_or_default());
    let fit = match template.named {
        false => words(by_place) == gaps.len() && by_place.len() == gaps.len(),
        true => gaps
            .iter()
            .all(|gap| by_name.iter().any(|one| one.text("param_name") == Some(gap) && one.text("example").is_some())),
    };
    if fit { Ok(()) } else { missing(field, "Give every variable an example: Meta's reviewers read it.") }
}

fn button(button: &Value) -> Result<()> {
    let has_gap = button.text("url").is_some_and(|url| !variables(url).is_empty());
    let is_code = button.text("type") == Some("COPY_CODE");
    let given = words(button.list("example")) >= 1 || button.text("example").is_some();
    match (has_gap || is_code) && !given {
        true => missing("buttons", "Give the button's variable an example: a whole link, or a code."),
        false => Ok(()),
    }
}

/// How many texts there are that say something.
fn words(list: &[Value]) -> usize {
    list.iter().filter(|one| one.as_str().is_some_and(|text| !text.trim().is_empty())).count()
}

fn missing(field: &'static str, words: &'static str) -> Result<()> {
    Err(Error::field(field, "example_missing", words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::read;
    use serde_json::json;

    fn of(named: bool, components: Value) -> Result<()> {
        let format = if named { "NAMED" } else { "POSITIONAL" };
        let template = json!({ "name": "t", "language": "en", "category": "UTILITY", "parameter_format": format, "components": components });
        examples(&read(&template).expect("a template"), template["components"].as_array().expect("parts"))
    }

    #[test]
    fn every_gap_and_file_needs_its_example() {
        let body = |example: Value| json!([{ "type": "BODY", "text": "Hi {{1}}, see {{2}} soon", "example": example }]);
        assert!(of(false, body(json!({ "body_text": [["Ann", "Bob"]] }))).is_ok());
        for bad in [json!(null), json!({ "body_text": [["Ann"]] }), json!({ "body_text": [["Ann", " "]] })] {
            assert!(of(false, body(bad.clone())).is_err(), "{bad}");
        }
        let named = |name: &str| {
            json!([{ "type": "BODY", "text": "Hi {{who}} there",
            "example": { "body_text_named_params": [{ "param_name": name, "example": "Ann" }] } }])
        };
        assert!(of(true, named("who")).is_ok() && of(true, named("other")).is_err());
        assert!(of(false, json!([{ "type": "HEADER", "format": "IMAGE" }])).is_err());
        let link = |example: Value| json!([{ "type": "BUTTONS", "buttons": [{ "type": "URL", "url": "https://x.example/{{1}}", "example": example }] }]);
        assert!(of(false, link(json!(["https://x.example/1"]))).is_ok() && of(false, link(json!(null))).is_err());
    }
}
