//! What messages of other channels than a web page have beyond words and files.

use serde::{Deserialize, Serialize};

use super::{Delivery, Side};
use crate::Timestamp;

/// What a message has beyond words and files. Each member may say nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Extra {
    /// What it holds that is neither words nor a file.
    pub content: Option<Content>,
    /// How far it has come, where the channel says so for each message; receipts say nothing about it then.
    pub delivery: Option<Delivery>,
    /// Why it was not sent.
    pub failure: Option<Failure>,
    /// Signs people put under it, one per side.
    pub reactions: Vec<Reaction>,
    /// When its author changed what it says.
    pub edited_at: Option<Timestamp>,
    /// When its author took it back; its words and files are gone.
    pub revoked_at: Option<Timestamp>,
    /// Handed on from elsewhere.
    pub forwarded: Option<Forwarded>,
    /// The advertisement or post that led here.
    pub referral: Option<Referral>,
    /// It answers a message nobody here has.
    pub quotes_unknown: bool,
    /// The business wrote it in the phone's own app.
    pub phone_app: bool,
    /// When it was sent, by the channel's clock, if that was more than a minute before it came here.
    pub sent_at: Option<Timestamp>,
    /// It is from before the number was connected.
    pub history: bool,
}

impl Extra {
    /// Whether it says anything.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How often a message was handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Forwarded {
    /// Up to five times.
    Once,
    /// More often.
    Often,
}

/// A sign under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Reaction {
    /// Who put it there.
    pub side: Side,
    /// The sign.
    pub emoji: String,
}

/// An advertisement or post that was tapped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Referral {
    /// Where it is, http(s).
    pub url: Option<String>,
    /// `ad` or `post`.
    pub kind: Option<String>,
    pub headline: Option<String>,
    pub body: Option<String>,
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Failure {
    /// The channel's own code, if it said one.
    pub code: Option<i64>,
    /// What happened, for the agent.
    pub text: String,
    /// What can be done next; may be empty.
    pub next: String,
    /// Whether it may have arrived all the same: nobody knows, and it is not sent again by itself.
    #[serde(default)]
    pub unknown: bool,
}

/// As what a file was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    Image,
    Video,
    Audio,
    /// Recorded while speaking.
    Voice,
    Document,
    Sticker,
}

/// Where a file is that was announced before it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MediaState {
    /// On its way.
    Coming,
    /// Among the message's files.
    There,
    /// It will not come.
    Missing,
}

/// What a message holds that is neither words nor a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Content {
    /// A file that comes later than its message.
    Media {
        kind: MediaKind,
        state: MediaState,
        /// Its name, if it has one.
        name: Option<String>,
        /// Why it is missing: `expired`, `too_large`, `refused`, `unreachable`, `meta_failed`, `no_id`, `storage_full`.
        reason: Option<String>,
    },
    /// A place, in degrees.
    Location { latitude: f64, longitude: f64, name: Option<String>, address: Option<String> },
    /// Address cards.
    Contacts { cards: Vec<Card> },
    /// A button or row that was tapped.
    Choice { title: String, description: Option<String> },
    /// A form that was filled in.
    Form { name: Option<String>, answers: Vec<Answer> },
    /// Goods that were ordered.
    Order { items: Vec<OrderItem> },
    /// The channel tells something about the person: `changed_number`, `changed_id`, `identity_changed`, `other`.
    System { what: String },
    /// Something the channel does not hand on, or nobody knew when this was written; the word says what, if it does.
    Unsupported { what: Option<String> },
    /// A template, as it was filled in; its words are the message's.
    Template { name: String, language: String, buttons: Vec<String> },
    /// Buttons to answer with.
    Buttons { buttons: Vec<Choice> },
    /// Rows to answer with, behind one button.
    List { button: String, rows: Vec<Choice> },
    /// A button that opens a page.
    Link { label: String, url: String },
}

impl Content {
    /// A word for it where there is no room for more.
    pub fn label(&self) -> &str {
        match self {
            Self::Media { kind, name, .. } => name.as_deref().unwrap_or(match kind {
                MediaKind::Image => "Picture",
                MediaKind::Video => "Video",
                MediaKind::Audio => "Audio",
                MediaKind::Voice => "Voice message",
                MediaKind::Document => "Document",
                MediaKind::Sticker => "Sticker",
            }),
            Self::Location { name, .. } => name.as_deref().unwrap_or("Location"),
            Self::Contacts { cards } => cards.first().map_or("Contact", |card| card.name.as_str()),
            Self::Choice { title, .. } => title,
            Self::Form { .. } => "Form",
            Self::Order { .. } => "Order",
            Self::System { .. } => "Notice",
            Self::Unsupported { .. } => "Unsupported message",
            Self::Template { name, .. } => name,
            Self::Buttons { .. } => "Buttons",
            Self::List { button, .. } => button,
            Self::Link { label, .. } => label,
        }
    }
}

/// One answer a person can tap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Comes back when it is tapped.
    pub id: String,
    pub title: String,
    #[serde(default)]
    pub description: Option<String>,
}

/// An address card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Card {
    pub name: String,
    #[serde(default)]
    pub phones: Vec<String>,
    #[serde(default)]
    pub emails: Vec<String>,
    #[serde(default)]
    pub organisation: Option<String>,
}

/// One answer of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Answer {
    pub label: String,
    pub value: String,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrderItem {
    pub product: String,
    pub quantity: i64,
    /// As written.
    pub price: Option<String>,
    pub currency: Option<String>,
}
