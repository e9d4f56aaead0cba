//! What an inbound message says: every kind the platform documents, and whatever else may come.

use serde_json::Value;

use super::look::Look;
use crate::alias::Alias;

/// What is said.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Words.
    Text(String),
    /// A picture, a film, a sound, a document or a sticker.
    Media(Media),
    /// A place.
    Location(Location),
    /// One or more address cards.
    Contacts(Vec<Card>),
    /// A sign under a message; no sign takes it away.
    Reaction { target: String, emoji: Option<String> },
    /// A button or a row was tapped.
    Choice { id: Option<String>, title: String, description: Option<String> },
    /// A form was filled in; `answers` is what it said, as it said it.
    Form { name: Option<String>, body: Option<String>, answers: Value },
    /// Goods were ordered.
    Order { catalog: Option<String>, text: Option<String>, items: Vec<OrderItem> },
    /// The platform tells something about the person.
    System(System),
    /// An earlier message says something else now.
    Edit { original: String, content: Box<Content> },
    /// An earlier message was taken back.
    Revoke { original: String },
    /// Something the platform does not hand on; the word says what, when it does.
    Unsupported(Option<String>),
    /// A kind nobody knew when this was written, by its name.
    Other(String),
}

/// What kind of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    Image,
    Video,
    Audio,
    Voice,
    Document,
    Sticker,
}

/// Media, to be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// What kind.
    pub kind: MediaKind,
    /// Id to ask for it with, for seven days.
    pub id: Option<String>,
    /// What it claims to be.
    pub mime: Option<String>,
    /// Its hash; base64 here, hexadecimal elsewhere.
    pub sha256: Option<String>,
    /// Its name; may hold anything.
    pub filename: Option<String>,
    /// Where it is for five minutes.
    pub url: Option<String>,
    /// Words below it.
    pub caption: Option<String>,
}

/// A place.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    pub latitude: f64,
    pub longitude: f64,
    pub name: Option<String>,
    pub address: Option<String>,
}

/// An address card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// As shown; a card may come without a name.
    pub name: Option<String>,
    /// Numbers as written.
    pub phones: Vec<String>,
    /// Addresses as written.
    pub emails: Vec<String>,
    /// Firm.
    pub organisation: Option<String>,
    /// Whether it answers our own request for it.
    pub asked_for: bool,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderItem {
    pub product: String,
    pub quantity: i64,
    /// As written: the platform gives numbers and texts.
    pub price: Option<String>,
    pub currency: Option<String>,
}

/// What the platform tells about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// `user_changed_number`, `user_changed_user_id`, `customer_identity_changed` …
    pub what: String,
    /// The sentence.
    pub body: Option<String>,
    /// Their names now.
    pub now: Vec<Alias>,
    /// Their name before.
    pub before: Option<Alias>,
}

impl Content {
    /// Reads the content of a message, whatever it is.
    pub fn of(item: &Value) -> Self {
        let kind = item.text("type").unwrap_or("unknown");
        let inner = item.at(kind);
        let read = match kind {
            "text" => inner.at("body").as_str().map(|body| Self::Text(body.to_owned())),
            "image" => Some(media(MediaKind::Image, inner)),
            "video" => Some(media(MediaKind::Video, inner)),
            "audio" if inner.is("voice") => Some(media(MediaKind::Voice, inner)),
            "audio" => Some(media(MediaKind::Audio, inner)),
            "voice" => Some(media(MediaKind::Voice, inner)),
            "document" => Some(media(MediaKind::Document, inner)),
            "sticker" => Some(media(MediaKind::Sticker, inner)),
            "location" => location(inner),
            "contacts" => Some(Self::Contacts(item.list("contacts").iter().map(card).collect())),
            "reaction" => reaction(inner),
            "interactive" => interactive(inner),
            "button" => Some(choice(inner.word("payload"), inner.word("text"), None)),
            "order" => Some(order(inner)),
            "system" => Some(Self::System(system(item, inner))),
            "edit" => edit(inner),
            "revoke" => inner.word("original_message_id").map(|original| Self::Revoke { original }),
            "unsupported" => Some(Self::Unsupported(inner.word("type"))),
            "unknown" => Some(Self::Unsupported(None)),
            _ => None,
        };
        read.unwrap_or_else(|| Self::Other(kind.to_owned()))
    }

    /// Whether it opens the window in which a business may answer freely. Undocumented for reactions, so they do not.
    pub const fn opens_window(&self) -> bool {
        !matches!(
            self,
            Self::Reaction { .. }
                | Self::System(_)
                | Self::Unsupported(_)
                | Self::Other(_)
                | Self::Revoke { .. }
                | Self::Edit { .. }
        )
    }
}

fn media(kind: MediaKind, inner: &Value) -> Content {
    Content::Media(Media {
        kind,
        id: inner.word("id"),
        mime: inner.word("mime_type"),
        sha256: inner.word("sha256"),
        filename: inner.word("filename"),
        url: inner.word("url"),
        caption: inner.word("caption"),
    })
}

fn location(inner: &Value) -> Option<Content> {
    let latitude = inner.fraction("latitude").filter(|degrees| (-90.0..=90.0).contains(degrees))?;
    let longitude = inner.fraction("longitude").filter(|degrees| (-180.0..=180.0).contains(degrees))?;
    Some(Content::Location(Location { latitude, longitude, name: inner.word("name"), address: inner.word("address") }))
}

fn card(card: &Value) -> Card {
    let name = card.at("name");
    let parts = ["prefix", "first_name", "middle_name", "last_name", "suffix"];
    let joined = || parts.iter().filter_map(|part| name.text(part)).collect::<Vec<_>>().join(" ");
    Card {
        name: name.word("formatted_name").or_else(|| Some(joined()).filter(|name| !name.is_empty())),
        phones: card
            .list("phones")
            .iter()
            .filter_map(|phone| phone.word("phone").or_else(|| phone.word("wa_id")))
            .collect(),
        emails: card.list("emails").iter().filter_map(|email| email.word("email")).collect(),
        organisation: card.at("org").word("company"),
        asked_for: card.text("origin") == Some("contact_request"),
    }
}

/// Without a sign, or with an empty one, a reaction is taken away.
fn reaction(inner: &Value) -> Option<Content> {
    let target = inner.word("message_id")?;
    Some(Content::Reaction { target, emoji: inner.word("emoji") })
}

fn interactive(inner: &Value) -> Option<Content> {
    let kind = inner.text("type")?;
    let reply = inner.at(kind);
    match kind {
        "button_reply" | "list_reply" => Some(choice(reply.word("id"), reply.word("title"), reply.word("description"))),
        "nfm_reply" => Some(form(reply)),
        "call_permission_reply" => Some(choice(None, reply.word("response"), Some("call permission".to_owned()))),
        _ => None,
    }
}

fn choice(id: Option<String>, title: Option<String>, description: Option<String>) -> Content {
    let title = title.or_else(|| id.clone()).unwrap_or_default();
    Content::Choice { id, title, description }
}

/// The answers are a text that should be JSON, and is not always.
fn form(reply: &Value) -> Content {
    let answers = match reply.at("response_json") {
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone())),
        other => other.clone(),
    };
    Content::Form { name: reply.word("name"), body: reply.word("body"), answers }
}

fn order(inner: &Value) -> Content {
    let item = |item: &Value| OrderItem {
        product: item.word("product_retailer_id").unwrap_or_default(),
        quantity: item.number("quantity").unwrap_or(1),
        price: item.word("item_price"),
        currency: item.word("currency"),
    };
    let items = inner.list("product_items").iter().map(item).collect();
    Content::Order { catalog: inner.word("catalog_id"), text: inner.word("text"), items }
}

/// The names of members changed over the years; all are read.
fn system(item: &Value, inner: &Value) -> System {
    let alias = |name: &str| inner.word(name).as_deref().and_then(Alias::of);
    let now = ["user_id", "parent_user_id", "wa_id", "new_wa_id"];
    let before = alias("previous_user_id").or_else(|| alias("customer"));
    System {
        what: inner.word("type").unwrap_or_default(),
        body: inner.word("body"),
        now: now.iter().filter_map(|name| alias(name)).collect(),
        before: before.or_else(|| item.word("from").as_deref().and_then(Alias::of)),
    }
}

fn edit(inner: &Value) -> Option<Content> {
    let original = inner.word("original_message_id")?;
    // an edit of an edit would be a trick: its content is read one level deep
    let content = match Content::of(inner.at("message")) {
        Content::Edit { .. } => Content::Other("edit".to_owned()),
        content => content,
    };
    Some(Content::Edit { original, content: Box::new(content) })
}
