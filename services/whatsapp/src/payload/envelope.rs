//! A delivery taken apart into its changes. Each stands alone: one that cannot be read spoils nothing beside it.

use serde_json::Value;

use super::look::Look;

/// One change of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The business account it came for; routes everything that names no number.
    pub account: String,
    /// When, for account-level fields: seconds.
    pub time: Option<i64>,
    /// The subscription's field.
    pub field: String,
    /// What changed.
    pub value: Value,
}

impl Change {
    /// The number it is about; the only routing key of messages, never the number as displayed.
    pub fn number(&self) -> Option<&str> {
        self.value.at("metadata").text("phone_number_id")
    }
}

/// Every change of every entry. A body that is no delivery has none.
pub fn changes(body: &[u8]) -> Result<Vec<Change>, serde_json::Error> {
    let delivery: Value = serde_json::from_slice(body)?;
    let of_entry = |entry: &Value| -> Vec<Change> {
        let account = entry.word("id").unwrap_or_default();
        let time = entry.number("time");
        let change = |change: &Value| Change {
            account: account.clone(),
            time,
            field: change.text("field").unwrap_or_default().to_owned(),
            value: change.at("value").clone(),
        };
        entry.list("changes").iter().map(change).collect()
    };
    Ok(delivery.list("entry").iter().flat_map(of_entry).collect())
}
