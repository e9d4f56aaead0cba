//! What we ask Meta to send, exactly as its reference has it, and the limits that are cheaper to know than to be told.

use kernel::wire::Content;
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::alias::Alias;

/// Characters of a text.
const TEXT: usize = 4_096;
/// Characters below a file.
const CAPTION: usize = 1_024;
/// Characters of an interactive body.
const BODY: usize = 1_024;

/// One message for one person. What an agent wrote with three files is three of these.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// To whom.
    pub to: Alias,
    /// The message answered, by Meta's id.
    pub answers: Option<String>,
    /// Our own mark; comes back with every status, also when the answer to this call was lost.
    pub mark: String,
    /// What.
    pub what: What,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Words; a link in them is previewed.
    Text(String),
    /// A file that was handed to Meta before, by its id there.
    Media { kind: MediaKind, id: String, caption: Option<String>, filename: Option<String> },
    /// A place.
    Location { latitude: f64, longitude: f64, name: Option<String>, address: Option<String> },
    /// Address cards.
    Contacts(Vec<Card>),
    /// A sign under a message of theirs or ours; an empty one takes it away.
    Reaction { target: String, emoji: String },
    /// One to three buttons.
    Buttons { body: String, buttons: Vec<(String, String)> },
    /// Up to ten rows behind one button.
    List { body: String, button: String, rows: Vec<Row> },
    /// A button that opens a page.
    Link { body: String, label: String, url: String },
    /// An approved template with its variables filled in.
    Template(Filled),
}

/// As what a file is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    Image,
    Video,
    Audio,
    Voice,
    Document,
    Sticker,
}

impl MediaKind {
    /// Meta's word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio | Self::Voice => "audio",
            Self::Document => "document",
            Self::Sticker => "sticker",
        }
    }

    /// As what a file of this type and size may be sent: what WhatsApp would not show goes as a document, and what is
    /// too large for that does not go.
    pub fn of(media_type: &str, bytes: u64) -> Option<Self> {
        const MB: u64 = 1_000_000;
        let shown = match media_type {
            "image/jpeg" | "image/png" => Some((Self::Image, 5 * MB)),
            "video/mp4" | "video/3gpp" => Some((Self::Video, 16 * MB)),
            "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" => Some((Self::Audio, 16 * MB)),
            _ => None,
        };
        match shown {
            Some((kind, most)) if bytes <= most => Some(kind),
            _ => (bytes <= 100 * MB).then_some(Self::Document),
        }
    }

    /// Whether words can stand below it.
    pub const fn takes_caption(self) -> bool {
        matches!(self, Self::Image | Self::Video | Self::Document)
    }
}

/// An address card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// As shown.
    pub name: String,
    /// Numbers.
    pub phones: Vec<String>,
    /// Addresses.
    pub emails: Vec<String>,
    /// Where they work.
    pub organisation: Option<String>,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub title: String,
    pub description: Option<String>,
}

/// A template with its variables.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// Its name.
    pub name: String,
    /// Its language, as Meta spells it.
    pub language: String,
    /// Components as [`crate::template::fill`] made them.
    pub components: Vec<Value>,
}

impl Outgoing {
    /// The body of `POST /{number}/messages`.
    pub fn body(&self) -> Value {
        let mut body = json!({ "messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": self.mark });
        match &self.to {
            // without the `+` Meta would put the business's own country in front
            Alias::Wa(digits) => body["to"] = format!("+{digits}").into(),
            // in `to` such an id is accepted and silently dropped
            Alias::User(id) | Alias::Parent(id) => body["recipient"] = id.as_str().into(),
            Alias::Group(id) => {
                body["recipient_type"] = "group".into();
                body["to"] = id.as_str().into();
            }
        }
        if let Some(answered) = &self.answers {
            body["context"] = json!({ "message_id": answered });
        }
        let (kind, content) = self.what.content();
        body["type"] = kind.into();
        body[kind] = content;
        body
    }
}

impl What {
    /// What an agent may put beside words, checked; `words` are the message's.
    pub fn of(content: &Content, words: &str) -> Result<Self> {
        let body = words.to_owned();
        let what = match content {
            Content::Buttons { buttons } => {
                let buttons = buttons.iter().map(|button| (button.id.clone(), button.title.clone())).collect();
                Self::Buttons { body, buttons }
            }
            Content::List { button, rows } => {
                let row = |row: &kernel::wire::Choice| Row {
                    id: row.id.clone(),
                    title: row.title.clone(),
                    description: row.description.clone().filter(|text| !text.is_empty()),
                };
                Self::List { body, button: button.clone(), rows: rows.iter().map(row).collect() }
            }
            Content::Link { label, url } => Self::Link { body, label: label.clone(), url: url.clone() },
            Content::Location { latitude, longitude, name, address } => Self::Location {
                latitude: *latitude,
                longitude: *longitude,
                name: name.clone(),
                address: address.clone(),
            },
            Content::Contacts { cards } => Self::Contacts(cards.iter().map(Card::of).collect()),
            _ => return Err(Error::field("content", "content_refused", "This cannot be sent as a message.")),
        };
        what.check().map(|()| what)
    }

    fn content(&self) -> (&'static str, Value) {
        match self {
            Self::Text(text) => {
                ("text", json!({ "body": text, "preview_url": text.contains("https://") || text.contains("http://") }))
            }
            Self::Media { kind, id, caption, filename } => {
                (kind.word(), media(*kind, id, caption.as_deref(), filename.as_deref()))
            }
            Self::Location { latitude, longitude, name, address } => (
                "location",
                without_nulls(
                    json!({ "latitude": latitude, "longitude": longitude, "name": name, "address": address }),
                ),
            ),
            Self::Contacts(cards) => ("contacts", cards.iter().map(card).collect()),
            Self::Reaction { target, emoji } => ("reaction", json!({ "message_id": target, "emoji": emoji })),
            Self::Buttons { body, buttons } => {
                let button =
                    |(id, title): &(String, String)| json!({ "type": "reply", "reply": { "id": id, "title": title } });
                (
                    "interactive",
                    json!({ "type": "button", "body": { "text": body }, "action": { "buttons": buttons.iter().map(button).collect::<Vec<_>>() } }),
                )
            }
            Self::List { body, button, rows } => {
                let row = |row: &Row| {
                    without_nulls(json!({ "id": row.id, "title": row.title, "description": row.description }))
                };
                let rows: Vec<_> = rows.iter().map(row).collect();
                (
                    "interactive",
                    json!({ "type": "list", "body": { "text": body }, "action": { "button": button, "sections": [{ "rows": rows }] } }),
                )
            }
            Self::Link { body, label, url } => (
                "interactive",
                json!({ "type": "cta_url", "body": { "text": body }, "action": { "name": "cta_url", "parameters": { "display_text": label, "url": url } } }),
            ),
            Self::Template(filled) => (
                "template",
                json!({ "name": filled.name, "language": { "code": filled.language }, "components": filled.components }),
            ),
        }
    }

    /// Refuses what Meta would refuse, before it is queued.
    pub fn check(&self) -> Result<()> {
        match self {
            Self::Text(text) => within("body", text, 1..=TEXT),
            Self::Media { kind, caption, .. } => match caption {
                Some(caption) if kind.takes_caption() => within("body", caption, 0..=CAPTION),
                _ => Ok(()),
            },
            Self::Buttons { body, buttons } => buttons_fit(body, buttons),
            Self::List { body, button, rows } => list_fits(body, button, rows),
            Self::Link { body, label, url } => {
                within("body", body, 1..=BODY)?;
                within("label", label, 1..=20)?;
                match url.starts_with("https://") || url.starts_with("http://") {
                    true => Ok(()),
                    false => Err(Error::field("url", "invalid_url", "The link starts with https://.")),
                }
            }
            Self::Contacts(cards) if cards.is_empty() || cards.iter().any(|card| card.name.trim().is_empty()) => {
                Err(Error::field("contacts", "name_missing", "Every card needs a name."))
            }
            Self::Contacts(cards) if cards.len() > 10 => {
                Err(Error::field("contacts", "out_of_range", "Send ten cards at most."))
            }
            Self::Location { latitude, longitude, .. } => place_fits(*latitude, *longitude),
            _ => Ok(()),
        }
    }
}

fn place_fits(latitude: f64, longitude: f64) -> Result<()> {
    match latitude.abs() <= 90.0 && longitude.abs() <= 180.0 {
        true => Ok(()),
        false => Err(Error::field("content", "out_of_range", "A place lies within 90 and 180 degrees.")),
    }
}

fn media(kind: MediaKind, id: &str, caption: Option<&str>, filename: Option<&str>) -> Value {
    let caption = caption.filter(|text| kind.takes_caption() && !text.is_empty());
    let filename = filename.filter(|_| kind == MediaKind::Document);
    let voice = (kind == MediaKind::Voice).then_some(true);
    without_nulls(json!({ "id": id, "caption": caption, "filename": filename, "voice": voice }))
}

/// Meta wants one more part of the name than the whole of it.
fn card(card: &Card) -> Value {
    let (first, last) = card.name.trim().rsplit_once(' ').unwrap_or((card.name.trim(), ""));
    let last = Some(last).filter(|last| !last.is_empty());
    let phones: Vec<_> = card.phones.iter().map(|phone| json!({ "phone": phone })).collect();
    let emails: Vec<_> = card.emails.iter().map(|email| json!({ "email": email })).collect();
    let name = without_nulls(json!({ "formatted_name": card.name, "first_name": first, "last_name": last }));
    let org = card.organisation.as_ref().map(|company| json!({ "company": company }));
    without_nulls(json!({ "name": name, "phones": phones, "emails": emails, "org": org }))
}

impl Card {
    fn of(card: &kernel::wire::Card) -> Self {
        Self {
            name: card.name.clone(),
            phones: card.phones.clone(),
            emails: card.emails.clone(),
            organisation: card.organisation.clone().filter(|text| !text.is_empty()),
        }
    }
}

fn without_nulls(mut object: Value) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    object
}

fn within(field: &'static str, text: &str, range: std::ops::RangeInclusive<usize>) -> Result<()> {
    match range.contains(&text.chars().count()) && (*range.start() == 0 || !text.trim().is_empty()) {
        true => Ok(()),
        false => Err(Error::field(
            field,
            "length",
            format!("WhatsApp takes {} to {} characters here.", range.start(), range.end()),
        )),
    }
}

fn buttons_fit(body: &str, buttons: &[(String, String)]) -> Result<()> {
    within("body", body, 1..=BODY)?;
    if !(1..=3).contains(&buttons.len()) {
        return Err(Error::field("buttons", "out_of_range", "WhatsApp shows one to three buttons."));
    }
    let mut titles: Vec<_> = buttons.iter().map(|(_, title)| title).collect();
    titles.sort();
    titles.dedup();
    if titles.len() != buttons.len() {
        return Err(Error::field("buttons", "repeated", "Two buttons say the same."));
    }
    buttons.iter().try_for_each(|(id, title)| within("buttons", title, 1..=20).and(within("buttons", id, 1..=256)))
}

fn list_fits(body: &str, button: &str, rows: &[Row]) -> Result<()> {
    within("body", body, 1..=TEXT)?;
    within("button", button, 1..=20)?;
    if !(1..=10).contains(&rows.len()) {
        return Err(Error::field("rows", "out_of_range", "WhatsApp shows one to ten rows."));
    }
    rows.iter().try_for_each(|row| {
        within("rows", &row.title, 1..=24)?;
        within("rows", &row.id, 1..=200)?;
        within("rows", row.description.as_deref().unwrap_or_default(), 0..=72)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(to: Alias, what: What) -> Value {
        Outgoing { to, answers: None, mark: "wsn_1".into(), what }.body()
    }

    #[test]
    fn a_phone_number_gets_its_plus_and_an_id_its_own_place() {
        let phone = to(Alias::Wa("16505551234".into()), What::Text("hi".into()));
        assert_eq!((phone["to"].as_str(), phone.get("recipient")), (Some("+16505551234"), None));
        let id = to(Alias::User("US.1".into()), What::Text("see https://x.example".into()));
        assert_eq!(
            (id.get("to"), id["recipient"].as_str(), &id["text"]["preview_url"]),
            (None, Some("US.1"), &json!(true))
        );
    }

    #[test]
    fn files_go_as_what_whatsapp_shows() {
        assert_eq!(MediaKind::of("image/png", 5_000_000), Some(MediaKind::Image));
        assert_eq!(MediaKind::of("image/png", 5_000_001), Some(MediaKind::Document));
        assert_eq!(MediaKind::of("image/gif", 10), Some(MediaKind::Document));
        assert_eq!(MediaKind::of("application/pdf", 100_000_001), None);
        let sound = What::Media {
            kind: MediaKind::Voice,
            id: "1".into(),
            caption: Some("no".into()),
            filename: Some("a.ogg".into()),
        };
        assert_eq!(to(Alias::Wa("1".into()), sound)["audio"], json!({ "id": "1", "voice": true }));
        let paper = What::Media {
            kind: MediaKind::Document,
            id: "1".into(),
            caption: Some("see".into()),
            filename: Some("a.pdf".into()),
        };
        assert_eq!(
            to(Alias::Wa("1".into()), paper)["document"],
            json!({ "id": "1", "caption": "see", "filename": "a.pdf" })
        );
    }

    #[test]
    fn what_meta_would_refuse_is_refused_before() {
        let button = |title: &str| (title.to_lowercase(), title.to_owned());
        let fine = [
            What::Text("x".repeat(4_096)),
            What::Buttons { body: "b".into(), buttons: vec![button("Yes"), button("No")] },
            What::Link { body: "b".into(), label: "Open".into(), url: "https://x.example".into() },
        ];
        let bad = [
            What::Text("x".repeat(4_097)),
            What::Text("  ".into()),
            What::Buttons { body: "b".into(), buttons: vec![button("Yes"), button("Yes")] },
            What::Buttons { body: "b".into(), buttons: vec![] },
            What::Buttons { body: "b".into(), buttons: vec![button(&"x".repeat(21))] },
            What::List { body: "b".into(), button: "More".into(), rows: vec![] },
            What::Link { body: "b".into(), label: "Open".into(), url: "javascript:1".into() },
            What::Contacts(vec![]),
        ];
        assert!(fine.iter().all(|what| what.check().is_ok()));
        assert!(bad.iter().all(|what| what.check().is_err()));
    }
}
