//! How a person appears in a push, with the phone or without.

use serde_json::{Value, json};

use super::World;

impl World {
    /// An item of `contacts`.
    pub fn card(&mut self, user: &str, number: &str) -> Value {
        let portfolio = self.portfolio_of(number);
        let id = self.bsuid(user, &portfolio);
        let phone = self.visible(user, number, &id);
        let Some(user) = self.users.get(user) else { return Value::Null };
        let mut card = json!({"profile": {"name": user.name}, "user_id": id});
        if let Some(name) = &user.username {
            let at = if self.switches.username_at { "@" } else { "" };
            card["profile"]["username"] = json!(format!("{at}{name}"));
        }
        if let Some(phone) = phone {
            card["wa_id"] = json!(phone);
        }
        card
    }

    /// What stands in `from`, `wa_id` and `recipient_id`; `None`: the key is left out.
    pub fn visible(&self, user: &str, number: &str, bsuid: &str) -> Option<String> {
        let user = self.users.get(user)?;
        if user.shows_phone(number, self.now()) {
            return Some(user.wa_id.clone());
        }
        match self.switches.hidden_phone.as_str() {
            "empty" => Some(String::new()),
            "bsuid" => Some(bsuid.to_owned()),
            _ => None,
        }
    }
}
