//! A template with values: what is sent, and what it will look like.

use std::collections::BTreeMap;

use kernel::{Error, Result};
use serde_json::{Value, json};

use super::components::{Button, Component, Template};
use super::variables::{filled, variables};

/// Values for one template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values {
    /// For gaps in the heading.
    pub header: BTreeMap<String, String>,
    /// For gaps in the text.
    pub body: BTreeMap<String, String>,
    /// For buttons, by their number from 0: the rest of a link, a code.
    pub buttons: BTreeMap<usize, String>,
    /// For a heading that is a file: our id of it. Meta's takes its place when it is sent.
    pub media: Option<String>,
}

/// The components to send and the text as it will be read. Every gap needs a value that Meta would take.
pub fn fill(template: &Template, values: &Values) -> Result<(Vec<Value>, String)> {
    let mut sent = Vec::new();
    let mut shown = Vec::new();
    for component in &template.components {
        match component {
            Component::Header(text) => {
                sent.extend(parameters(template, "header", text, &values.header)?);
                shown.push(filled(text, |name| values.header.get(name).cloned()));
            }
            Component::Media(format) => sent.push(media(format, values.media.as_deref())?),
            Component::Body(text) => {
                sent.extend(parameters(template, "body", text, &values.body)?);
                shown.push(filled(text, |name| values.body.get(name).cloned()));
            }
            Component::Footer(text) => shown.push(text.clone()),
            Component::Buttons(all) => sent.extend(buttons(all, values)?),
            Component::Other(_) => (),
        }
    }
    Ok((sent, shown.join("\n\n")))
}

fn parameters(template: &Template, part: &str, text: &str, values: &BTreeMap<String, String>) -> Result<Option<Value>> {
    let gaps = variables(text);
    if gaps.is_empty() {
        return Ok(None);
    }
    let parameter = |gap: &String| {
        let value = taken(values.get(gap), gap)?;
        Ok(match template.named {
            true => json!({ "type": "text", "parameter_name": gap, "text": value }),
            false => json!({ "type": "text", "text": value }),
        })
    };
    let mut in_place = gaps.clone();
    if !template.named {
        in_place.sort_by_key(|gap| gap.parse::<u32>().unwrap_or(u32::MAX));
    }
    let parameters: Vec<Value> = in_place.iter().map(parameter).collect::<Result<_>>()?;
    Ok(Some(json!({ "type": part, "parameters": parameters })))
}

/// Meta takes no empty value, no line break or tab, and no four blanks in a row.
fn taken<'a>(value: Option<&'a String>, gap: &str) -> Result<&'a str> {
    let value = value.map(|value| value.trim()).filter(|value| !value.is_empty());
    let value = value.ok_or_else(|| Error::field("values", "missing", format!("The variable {gap} needs a value.")))?;
    match value.contains(['\n', '\r', '\t']) || value.contains("    ") {
        true => Err(Error::field(
            "values",
            "blank",
            format!("{gap} may hold no line break, no tab and no four blanks in a row."),
        )),
        false => Ok(value),
    }
}

fn media(format: &str, id: Option<&str>) -> Result<Value> {
    if format == "LOCATION" {
        return Err(Error::field(
            "values",
            "place_refused",
            "Templates that begin with a place cannot be sent from here.",
        ));
    }
    let kind = format.to_ascii_lowercase();
    let id =
        id.ok_or_else(|| Error::field("values", "file_missing", "This template begins with a file: choose one."))?;
    let mut parameter = json!({ "type": kind });
    parameter[&kind] = json!({ "file_id": id });
    Ok(json!({ "type": "header", "parameters": [parameter] }))
}

fn buttons(all: &[Button], values: &Values) -> Result<Vec<Value>> {
    let mut sent = Vec::new();
    for (n, button) in all.iter().enumerate() {
        let (kind, parameter) = match button.kind.as_str() {
            "URL" if button.url.as_deref().is_some_and(|url| !variables(url).is_empty()) => ("url", "text"),
            "OTP" => ("url", "text"),
            "COPY_CODE" => ("copy_code", "coupon_code"),
            _ => continue,
        };
        // a code stands in the text as well
        let code = values.body.get("1").filter(|_| is_code(button));
        let value = taken(values.buttons.get(&n).or(code), &button.text)?;
        let mut given = json!({ "type": parameter });
        given[parameter] = value.into();
        sent.push(json!({ "type": "button", "sub_type": kind, "index": n.to_string(), "parameters": [given] }));
    }
    Ok(sent)
}

/// A button that hands a one-time code over; Meta lists it as a link of its own once it was approved.
fn is_code(button: &Button) -> bool {
    button.kind == "OTP" || button.url.as_deref().is_some_and(|url| url.contains("otp_type="))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::read;

    fn template(named: bool, body: &str) -> Template {
        let format = if named { "NAMED" } else { "POSITIONAL" };
        read(&json!({ "name": "t", "language": "en-US", "parameter_format": format, "components": [
            { "type": "BODY", "text": body },
            { "type": "BUTTONS", "buttons": [{ "type": "URL", "text": "Track", "url": "https://x.example/{{1}}" }, { "type": "QUICK_REPLY", "text": "Stop" }] },
        ] })).expect("a template")
    }

    fn values(body: &[(&str, &str)]) -> Values {
        let body = body.iter().map(|(gap, value)| ((*gap).to_owned(), (*value).to_owned())).collect();
        Values { body, buttons: [(0, "42".to_owned())].into(), ..Values::default() }
    }

    #[test]
    fn values_go_in_place_or_by_name() {
        let (sent, shown) =
            fill(&template(false, "{{2}} for {{1}}"), &values(&[("1", "Ann"), ("2", "Shoes")])).expect("filled");
        assert_eq!(
            sent[0]["parameters"],
            json!([{ "type": "text", "text": "Ann" }, { "type": "text", "text": "Shoes" }])
        );
        assert_eq!(shown, "Shoes for Ann");
        assert_eq!(
            sent[1],
            json!({ "type": "button", "sub_type": "url", "index": "0", "parameters": [{ "type": "text", "text": "42" }] })
        );
        let (sent, _) = fill(&template(true, "Hi {{name}}"), &values(&[("name", "Ann")])).expect("filled");
        assert_eq!(sent[0]["parameters"][0]["parameter_name"], "name");
    }

    #[test]
    fn a_gap_without_a_fit_value_is_refused_before_meta_does() {
        for bad in ["", "  ", "a\nb", "a    b"] {
            assert!(fill(&template(true, "Hi {{name}}"), &values(&[("name", bad)])).is_err(), "{bad:?}");
        }
        assert!(fill(&template(true, "Hi {{name}}"), &Values::default()).is_err());
    }
}
