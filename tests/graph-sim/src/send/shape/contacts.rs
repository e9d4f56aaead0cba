//! Contact cards.

use serde_json::Value;

use super::{Checked, missing, text, wrong};

/// A list of cards, each with a formatted name and one more part of it.
pub(super) fn check(content: &Value) -> Checked {
    let cards = content.as_array().map(Vec::as_slice).unwrap_or_default();
    if cards.is_empty() {
        return wrong("contacts must be a list with at least one card.");
    }
    cards.iter().try_for_each(|card| {
        let name = &card["name"];
        text(name, "formatted_name", 1, 1024)?;
        let parts = ["first_name", "last_name", "middle_name", "prefix", "suffix"];
        let more = parts.iter().any(|part| name[*part].as_str().is_some_and(|text| !text.is_empty()));
        if more { Ok(()) } else { missing("name.first_name") }
    })
}
