//! Who wrote, as a delivery names them.

use serde_json::Value;

use super::look::Look;
use super::message::names;
use crate::alias::Alias;

/// A person a delivery speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Every name given.
    pub aliases: Vec<Alias>,
    /// The name they show.
    pub name: Option<String>,
    /// Their handle, without `@`.
    pub username: Option<String>,
}

/// Reads one of the people; somebody without any name is nobody.
pub fn person(item: &Value) -> Option<Person> {
    let aliases = names(item, ["user_id", "parent_user_id", "wa_id"]);
    let profile = item.at("profile");
    let username = profile.word("username").map(|name| name.trim_start_matches('@').to_owned());
    (!aliases.is_empty()).then(|| Person { aliases, name: profile.word("name"), username })
}

/// Who a message is from: found by any shared name, never by place in the list, which is in no order.
pub fn sender<'a>(people: &'a [Person], from: &[Alias]) -> Option<&'a Person> {
    people.iter().find(|person| person.aliases.iter().any(|alias| from.contains(alias)))
}
