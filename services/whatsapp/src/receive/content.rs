//! What a message says, as the inbox shows it. Whatever is too long or cannot be shown is cut; nothing is left out
//! because it is odd.

use chat::inbox::Body;
use kernel::Result;
use kernel::wire::{self, Answer, Card, MediaState, OrderItem};
use serde_json::{Map, Value};

use crate::payload::{self, Content, Look, Media, MediaKind, Problem};

/// Most characters of words: what the inbox takes.
const WORDS: usize = 10_000;
/// Most characters of a name, a title, a label.
const LINE: usize = 200;
/// Most characters of a form's answer.
const ANSWER: usize = 2_000;
/// Most cards, answers or lines of one message.
const ROWS: usize = 100;
/// Meta's code for a message it cannot hand on any more.
const UNAVAILABLE: i64 = 131_060;

/// A message as the inbox shows it.
pub struct Shown {
    /// Words.
    pub body: Body,
    /// What it holds beside them.
    pub content: Option<wire::Content>,
    /// What is to be fetched.
    pub media: Option<Media>,
}

/// Reads a message's content for the inbox.
pub fn shown(content: &Content, item: &Value, problems: &[Problem]) -> Result<Shown> {
    let media = match content {
        Content::Media(media) if missing(media, problems).is_none() => Some(media.clone()),
        _ => None,
    };
    let body = body(words(content).unwrap_or_default())?;
    let content = held(content, item, problems);
    let content = content.or_else(|| body.as_str().is_empty().then(|| unsupported(Some("text"))));
    Ok(Shown { body, content, media })
}

/// Words, cleaned and cut.
pub fn body(text: &str) -> Result<Body> {
    Body::or_nothing(&cut(text, WORDS, |c| matches!(c, '\n' | '\t')))
}

/// The words of a message; of media what is written below.
pub fn words(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) => Some(text),
        Content::Media(media) => media.caption.as_deref(),
        Content::Order { text, .. } => text.as_deref(),
        Content::System(told) => told.body.as_deref(),
        Content::Edit { content, .. } => words(content),
        _ => None,
    }
}

/// One line without controls, cut.
pub fn line(text: &str) -> Option<String> {
    let line = cut(text, LINE, |_| false);
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

fn lines(text: &Option<String>) -> Option<String> {
    text.as_deref().and_then(line)
}

fn cut(text: &str, most: usize, keep: impl Fn(char) -> bool) -> String {
    text.chars().filter(|c| !c.is_control() || keep(*c)).take(most).collect()
}

/// What a message holds beside words.
fn held(content: &Content, item: &Value, problems: &[Problem]) -> Option<wire::Content> {
    Some(match content {
        Content::Text(_) => return None,
        Content::Media(media) => file(media, problems),
        Content::Location(place) => wire::Content::Location {
            latitude: place.latitude,
            longitude: place.longitude,
            name: lines(&place.name),
            address: lines(&place.address),
        },
        Content::Contacts(cards) => wire::Content::Contacts { cards: cards.iter().take(ROWS).map(card).collect() },
        Content::Choice { title, description, .. } => {
            wire::Content::Choice { title: line(title).unwrap_or_default(), description: lines(description) }
        }
        Content::Form { name, answers, .. } => wire::Content::Form { name: lines(name), answers: form(answers) },
        Content::Order { items, .. } => wire::Content::Order { items: items.iter().take(ROWS).map(goods).collect() },
        Content::Edit { content, .. } => return held(content, edited(item), problems),
        Content::System(told) => wire::Content::System { what: notice(&told.what).to_owned() },
        Content::Unsupported(what) => {
            let away = problems.iter().any(|problem| problem.code == UNAVAILABLE).then_some("unavailable");
            unsupported(what.as_deref().or(away))
        }
        Content::Other(kind) => unsupported(Some(&other(kind, item))),
        Content::Reaction { .. } | Content::Revoke { .. } => unsupported(None),
    })
}

/// The message inside an edit.
fn edited(item: &Value) -> &Value {
    item.at("edit").at("message")
}

fn unsupported(what: Option<&str>) -> wire::Content {
    wire::Content::Unsupported { what: what.and_then(line) }
}

/// A kind nobody knew, as exactly as it names itself.
fn other(kind: &str, item: &Value) -> String {
    match item.at(kind).text("type") {
        Some(inner) => format!("{kind} {inner}"),
        None => kind.to_owned(),
    }
}

/// Why a file will never come, if that is known already.
fn missing(media: &Media, problems: &[Problem]) -> Option<&'static str> {
    if !problems.is_empty() {
        return Some("meta_failed");
    }
    (media.id.is_none() && media.url.is_none()).then_some("no_id")
}

fn file(media: &Media, problems: &[Problem]) -> wire::Content {
    let reason = missing(media, problems);
    wire::Content::Media {
        kind: kind(media.kind),
        state: if reason.is_some() { MediaState::Missing } else { MediaState::Coming },
        name: lines(&media.filename),
        reason: reason.map(str::to_owned),
    }
}

const fn kind(kind: MediaKind) -> wire::MediaKind {
    match kind {
        MediaKind::Image => wire::MediaKind::Image,
        MediaKind::Video => wire::MediaKind::Video,
        MediaKind::Audio => wire::MediaKind::Audio,
        MediaKind::Voice => wire::MediaKind::Voice,
        MediaKind::Document => wire::MediaKind::Document,
        MediaKind::Sticker => wire::MediaKind::Sticker,
    }
}

/// A card without a name is called by what it holds.
fn card(card: &payload::Card) -> Card {
    let all = |list: &[String]| list.iter().take(ROWS).filter_map(|text| line(text)).collect::<Vec<_>>();
    let (phones, emails) = (all(&card.phones), all(&card.emails));
    let held = phones.first().or(emails.first()).cloned();
    let organisation = lines(&card.organisation);
    let name = lines(&card.name).or_else(|| organisation.clone()).or(held).unwrap_or_else(|| "Contact".to_owned());
    Card { name, phones, emails, organisation }
}

fn goods(item: &payload::OrderItem) -> OrderItem {
    OrderItem {
        product: line(&item.product).unwrap_or_default(),
        quantity: item.quantity,
        price: lines(&item.price),
        currency: lines(&item.currency),
    }
}

/// A form's answers, one line each; what holds more is written as JSON.
fn form(answers: &Value) -> Vec<Answer> {
    let answer = |label: &str, value: &Value| Answer { label: line(label).unwrap_or_default(), value: said(value) };
    match answers {
        Value::Null => Vec::new(),
        Value::Object(map) => flat(map).iter().take(ROWS).map(|(label, value)| answer(label, value)).collect(),
        other => vec![answer("answer", other)],
    }
}

/// Members, with those of an inner `values` in its place: addresses come so. The token is ours, not an answer.
fn flat(map: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let mut all = Vec::new();
    for (label, value) in map.iter().filter(|(label, _)| *label != "flow_token") {
        match value {
            Value::Object(inner) if label == "values" => all.extend(inner.iter().map(|(k, v)| (k.as_str(), v))),
            _ => all.push((label.as_str(), value)),
        }
    }
    all
}

fn said(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    cut(&text, ANSWER, |c| c == '\n')
}

/// What a notice is about, in our words.
pub fn notice(what: &str) -> &'static str {
    match what {
        what if what.contains("changed_number") => "changed_number",
        what if what.contains("changed_user_id") => "changed_id",
        what if what.contains("identity_changed") => "identity_changed",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(item: Value) -> Shown {
        let message = payload::message(&item).expect("a message");
        shown(&message.content, &item, &message.problems).expect("shown")
    }

    #[test]
    fn a_form_is_shown_line_by_line_whatever_it_holds() {
        let form = |json: &str| {
            let reply = json!({ "type": "nfm_reply", "nfm_reply": { "name": "flow", "response_json": json } });
            match read(json!({ "id": "w", "type": "interactive", "interactive": reply })).content {
                Some(wire::Content::Form { answers, .. }) => {
                    answers.into_iter().map(|answer| format!("{}={}", answer.label, answer.value)).collect::<Vec<_>>()
                }
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(form(r#"{"flow_token":"t","size":42,"tags":["a"]}"#), ["size=42", r#"tags=["a"]"#]);
        assert_eq!(form(r#"{"values":{"city":"Pune"},"saved":true}"#), ["saved=true", "city=Pune"]);
        assert_eq!(form("not json"), ["answer=not json"]);
    }

    #[test]
    fn what_is_odd_is_shown_as_such_and_never_empty() {
        let what = |item: Value| match read(item).content {
            Some(wire::Content::Unsupported { what }) => what,
            other => panic!("{other:?}"),
        };
        assert_eq!(what(json!({ "id": "w", "type": "text", "text": { "body": "\u{0}" } })).as_deref(), Some("text"));
        assert_eq!(what(json!({ "id": "w", "type": "hologram", "hologram": {} })).as_deref(), Some("hologram"));
        let pays = json!({ "id": "w", "type": "interactive", "interactive": { "type": "payment_method" } });
        assert_eq!(what(pays).as_deref(), Some("interactive payment_method"));
        let away = json!({ "id": "w", "type": "unsupported", "errors": [{ "code": 131060 }] });
        assert_eq!(what(away).as_deref(), Some("unavailable"));
    }

    #[test]
    fn words_are_cut_to_what_the_inbox_takes() {
        let long = read(json!({ "id": "w", "type": "text", "text": { "body": "ü".repeat(10_001) } }));
        assert_eq!((long.body.as_str().chars().count(), long.content), (10_000, None));
    }
}
