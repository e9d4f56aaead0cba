//! One inbound message.

use kernel::Timestamp;
use serde_json::Value;

use super::content::Content;
use super::look::Look;
use super::problem::{Problem, problems};
use crate::alias::Alias;

/// A message somebody sent to a business, or, as an echo, the business from its phone.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// Meta's id of it: opaque, and it holds a phone number, so it stands in no log.
    pub id: String,
    /// Whose names are given; none in a message of the system about somebody.
    pub from: Vec<Alias>,
    /// To whom, in an echo.
    pub to: Vec<Alias>,
    /// When it was sent, by Meta's clock.
    pub at: Option<Timestamp>,
    /// What it says.
    pub content: Content,
    /// What it answers or forwards.
    pub context: Option<Quote>,
    /// The advertisement that led here.
    pub referral: Option<Referral>,
    /// A group; such a message is no part of the sender's own conversation.
    pub group: Option<String>,
    /// What Meta could not deliver of it.
    pub problems: Vec<Problem>,
}

/// What a message answers or forwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The message answered; it may be one we never had.
    pub id: Option<String>,
    /// Handed on from elsewhere.
    pub forwarded: bool,
    /// Handed on more than five times.
    pub often: bool,
    /// The product asked about: catalogue and product.
    pub product: Option<(String, String)>,
}

/// An advertisement or post that was tapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Referral {
    /// Where it is.
    pub url: Option<String>,
    /// `ad` or `post`.
    pub kind: Option<String>,
    /// Its heading.
    pub headline: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// The click's id.
    pub click: Option<String>,
}

/// Reads one message. `None` only when it has no id, without which it could neither be kept once nor answered.
pub fn message(item: &Value) -> Option<Inbound> {
    Some(Inbound {
        id: item.text("id")?.to_owned(),
        from: names(item, ["from_user_id", "from_parent_user_id", "from"]),
        to: names(item, ["to_user_id", "to_parent_user_id", "to"]),
        at: moment(item),
        content: Content::of(item),
        context: quote(item.at("context")),
        referral: referral(item.at("referral")),
        group: item.word("group_id"),
        problems: problems(item.at("errors")),
    })
}

/// The names in these members, each once.
pub fn names(item: &Value, members: [&str; 3]) -> Vec<Alias> {
    let mut found: Vec<Alias> = Vec::new();
    for alias in members.iter().filter_map(|member| Alias::of(&item.word(member)?)) {
        if !found.contains(&alias) {
            found.push(alias);
        }
    }
    found
}

/// Seconds as text, as a number, and now and then milliseconds.
pub fn moment(item: &Value) -> Option<Timestamp> {
    let number = item.number("timestamp").filter(|number| *number > 0)?;
    let millis = if number >= 1_000_000_000_000 { number } else { number.checked_mul(1000)? };
    Some(Timestamp::from_millis(millis))
}

fn quote(context: &Value) -> Option<Quote> {
    let product = context.at("referred_product");
    context.is_object().then(|| Quote {
        id: context.word("id"),
        forwarded: context.is("forwarded") || context.is("frequently_forwarded"),
        often: context.is("frequently_forwarded"),
        product: product.word("catalog_id").zip(product.word("product_retailer_id")),
    })
}

fn referral(referral: &Value) -> Option<Referral> {
    referral.is_object().then(|| Referral {
        url: referral.word("source_url"),
        kind: referral.word("source_type"),
        headline: referral.word("headline"),
        body: referral.word("body"),
        click: referral.word("ctwa_clid"),
    })
}
