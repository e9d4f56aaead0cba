//! The parts of a template, read from Meta's own JSON.

use kernel::{Error, Result};
use serde_json::Value;

use crate::payload::Look;

/// A template in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Lower-case letters, digits and `_`.
    pub name: String,
    /// `en_US`; in Meta's webhooks also `en-US`.
    pub language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`.
    pub category: String,
    /// Whether variables are named.
    pub named: bool,
    /// Its parts.
    pub components: Vec<Component>,
}

/// One part.
#[derive(Clone, Debug, PartialEq)]
pub enum Component {
    /// A heading of words.
    Header(String),
    /// A heading that is a picture, film, document or place: `IMAGE`, `VIDEO`, `DOCUMENT`, `LOCATION`.
    Media(String),
    /// The text.
    Body(String),
    /// The small print.
    Footer(String),
    /// Buttons.
    Buttons(Vec<Button>),
    /// A part nobody knew when this was written.
    Other(String),
}

/// One button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// `QUICK_REPLY`, `URL`, `PHONE_NUMBER`, `COPY_CODE`, `FLOW` …
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Where it leads; may end in a variable.
    pub url: Option<String>,
    /// Whom it calls.
    pub phone: Option<String>,
}

/// Reads a template as Meta lists it.
pub fn read(item: &Value) -> Option<Template> {
    Some(Template {
        name: item.word("name")?,
        language: item.word("language")?.replace('-', "_"),
        category: item.word("category").unwrap_or_default(),
        named: item.text("parameter_format") == Some("NAMED"),
        components: item.list("components").iter().map(component).collect(),
    })
}

/// Reads a template somebody wants to submit.
pub fn parse(item: &Value) -> Result<Template> {
    match item.word("name") {
        None => Err(Error::field("name", "invalid_name", "A name has lower-case letters, digits and _ only.")),
        Some(_) => read(item)
            .ok_or_else(|| Error::field("language", "invalid_language", "The language looks like en or pt_BR.")),
    }
}

fn component(item: &Value) -> Component {
    let words = || item.word("text").unwrap_or_default();
    match (item.text("type").unwrap_or_default().to_ascii_uppercase().as_str(), item.text("format")) {
        ("HEADER", None | Some("TEXT")) => Component::Header(words()),
        ("HEADER", Some(format)) => Component::Media(format.to_owned()),
        ("BODY", _) => Component::Body(words()),
        ("FOOTER", _) => Component::Footer(words()),
        ("BUTTONS", _) => Component::Buttons(item.list("buttons").iter().map(button).collect()),
        (other, _) => Component::Other(other.to_owned()),
    }
}

fn button(item: &Value) -> Button {
    Button {
        kind: item.word("type").unwrap_or_default(),
        text: item.word("text").unwrap_or_default(),
        url: item.word("url"),
        phone: item.word("phone_number"),
    }
}
