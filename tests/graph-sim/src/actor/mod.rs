//! The people: users who write, tap, change their minds and their numbers; the business app on a phone; Meta itself.

mod account;
mod business;
mod changes;
mod frame;
mod history;
mod identity;
mod kinds;
mod letters;
mod presence;
mod replay;
mod review;
mod say;
mod taps;

use serde_json::Value;

pub use account::act as account_act;
pub use business::{act as business_act, contacts_sync, echo_of};
pub use history::history;
pub use kinds::{KINDS, shape};
pub use replay::replay;
pub use review::template_status;
pub use say::{hear, say};

use crate::world::World;

/// What an act gives back, or a sentence about why it cannot be done.
pub type Done = Result<Value, String>;

/// Everything a user can do.
pub const ACTS: [&str; 31] = [
    "send",
    "album",
    "react",
    "unreact",
    "edit",
    "revoke",
    "tap",
    "flow",
    "change_number",
    "adopt_username",
    "drop_username",
    "forget_phone",
    "rename",
    "block",
    "unblock",
    "offline",
    "online",
    "open",
    "close",
    "play",
    "receipts",
    "stop_marketing",
    "resume_marketing",
    "leave_whatsapp",
    "join_whatsapp",
    "outdated",
    "call",
    "raw",
    "system",
    "ctwa",
    "identity_changed",
];

/// Lets a user act towards a number.
pub fn act(world: &mut World, user: &str, act: &str, args: &Value) -> Done {
    let key = world.user(user).map(|user| user.key.clone()).ok_or_else(|| format!("there is no user {user}"))?;
    let named = args["number"].as_str().map(str::to_owned);
    let number = named.or_else(|| world.first_number().map(|number| number.id.clone())).ok_or("there is no number")?;
    if !world.numbers.contains_key(&number) {
        return Err(format!("there is no number {number}"));
    }
    let (user, number) = (key.as_str(), number.as_str());
    match act {
        "send" | "album" | "raw" | "ctwa" => say::act(world, user, number, act, args),
        "react" | "unreact" | "edit" | "revoke" => changes::act(world, user, number, act, args),
        "tap" | "flow" => taps::act(world, user, number, act, args),
        "change_number" | "adopt_username" | "drop_username" | "forget_phone" | "rename" | "system"
        | "identity_changed" => identity::act(world, user, number, act, args),
        _ => presence::act(world, user, number, act, args),
    }
}
