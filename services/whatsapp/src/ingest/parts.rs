//! The items of a delivery. What is in none of the known lists is one item as a whole: nothing is passed over.

use std::sync::Arc;

use kernel::Timestamp;
use serde_json::{Value, json};

use crate::payload::{Change, Look, Person, moment, person};

/// One item with its place in its delivery.
#[derive(Clone)]
pub struct Part {
    /// Its delivery's place among those that are worked on together.
    pub of: usize,
    /// Its own place in the delivery.
    pub nth: i32,
    /// Which list it was in.
    pub kind: &'static str,
    /// What it is, in Meta's word.
    pub what: String,
    /// The item.
    pub item: Value,
    /// What it came in.
    pub change: Arc<Slim>,
}

/// A change without its long lists: they need not be carried with every one of their items.
pub struct Slim {
    /// The change; whole where the item is the change.
    pub change: Change,
    /// Whom it speaks of.
    pub people: Vec<Person>,
}

impl Part {
    /// Whether Meta tells something about a person.
    pub fn is_notice(&self) -> bool {
        self.kind == "message" && self.what == "system"
    }

    /// When it happened, by Meta's clock; `received` for what does not say.
    pub fn at(&self, received: Timestamp) -> Timestamp {
        moment(&self.item).unwrap_or(received)
    }
}

/// The items of a delivery's changes, numbered.
pub fn parts(of: usize, changes: &[Change]) -> impl Iterator<Item = Part> {
    changes.iter().flat_map(parts_of).zip(0..).map(move |(part, nth)| Part { of, nth, ..part })
}

fn parts_of(change: &Change) -> Vec<Part> {
    let metadata = json!({ "metadata": change.value.at("metadata") });
    let people = change.value.list("contacts").iter().filter_map(person).collect();
    let slim = Arc::new(Slim {
        change: Change {
            value: metadata,
            account: change.account.clone(),
            time: change.time,
            field: change.field.clone(),
        },
        people,
    });
    let each = |kind: &'static str, list: &str, what: &str| -> Vec<Part> {
        let items = change.value.list(list).iter();
        let part = |item: &Value| Part {
            of: 0,
            nth: 0,
            kind,
            what: item.word(what).unwrap_or_default(),
            item: item.clone(),
            change: slim.clone(),
        };
        items.map(part).collect()
    };
    let whole = |kind: &'static str| {
        let whole = Arc::new(Slim { change: change.clone(), people: Vec::new() });
        vec![Part { of: 0, nth: 0, kind, what: change.field.clone(), item: Value::Null, change: whole }]
    };
    let parts = match change.field.as_str() {
        "messages" => [
            each("message", "messages", "type"),
            each("status", "statuses", "status"),
            each("problem", "errors", "code"),
        ]
        .concat(),
        "smb_message_echoes" | "message_echoes" => each("echo", "message_echoes", "type"),
        "history" => whole("history"),
        "smb_app_state_sync" => whole("contacts"),
        _ => whole("news"),
    };
    if parts.is_empty() { whole("message") } else { parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_of_every_list_has_a_line_and_what_is_in_none_has_one_too() {
        let change = |field: &str, value: Value| Change { account: "1".into(), time: None, field: field.into(), value };
        let kinds = |change: Change| -> Vec<(&'static str, String)> {
            parts(0, &[change]).map(|part| (part.kind, part.what)).collect()
        };
        let mixed = json!({"metadata": {"phone_number_id": "7"}, "messages": [{"type": "text"}, 5, null],
            "statuses": [{"status": "read"}], "errors": [{"code": 131000}]});
        let expected =
            [("message", "text"), ("message", ""), ("message", ""), ("status", "read"), ("problem", "131000")];
        let expected: Vec<_> = expected.map(|(kind, what)| (kind, what.to_owned())).into();
        assert_eq!(kinds(change("messages", mixed)), expected);
        assert_eq!(kinds(change("messages", json!({"messages": null}))), [("message", "messages".to_owned())]);
        assert_eq!(kinds(change("unheard_of", json!(3))), [("news", "unheard_of".to_owned())]);
    }
}
