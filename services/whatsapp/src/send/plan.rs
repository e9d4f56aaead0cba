//! Into which calls a message is taken apart. Pure: whoever asks twice gets the same.

use kernel::FileId;
use kernel::wire::{Content, File, FileState, Message};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::outgoing::{Filled, MediaKind, What};
use crate::payload::Look;

/// Characters below a file.
const CAPTION: usize = 1_024;

/// One call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum Part {
    /// The message's words.
    Text,
    /// One of its files, with its words below or without.
    File { file: FileId, caption: bool },
    /// What it holds beside words and files.
    Content,
    /// A template with its variables.
    Template { name: String, language: String, components: Vec<Value> },
    /// A sign under a message; an empty one takes it away.
    Reaction { emoji: String },
}

/// What follows for a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Plan {
    /// These calls, in this order.
    Calls(Vec<Part>),
    /// A file is still being looked at.
    Wait,
    /// There is nothing Meta could be asked to send.
    Nothing,
}

/// Takes a message apart. `request` is what the channel was told beside it.
pub fn plan(message: &Message, request: Option<&str>) -> Plan {
    let content = message.extra.as_ref().and_then(|extra| extra.content.as_ref());
    match content {
        Some(Content::Template { .. }) => template(request).map_or(Plan::Nothing, |part| Plan::Calls(vec![part])),
        // their words are part of them
        Some(Content::Buttons { .. } | Content::List { .. } | Content::Link { .. }) => Plan::Calls(vec![Part::Content]),
        Some(Content::Location { .. } | Content::Contacts { .. }) => {
            Plan::Calls(words(message).into_iter().chain([Part::Content]).collect())
        }
        _ => files(message),
    }
}

fn template(request: Option<&str>) -> Option<Part> {
    let told: Value = serde_json::from_str(request?).ok()?;
    let (name, language) = (told.text("name")?.to_owned(), told.text("language")?.to_owned());
    Some(Part::Template { name, language, components: told.list("components").to_vec() })
}

fn words(message: &Message) -> Option<Part> {
    (!message.body.trim().is_empty()).then_some(Part::Text)
}

/// Words go below the first file that takes them; else they come first.
fn files(message: &Message) -> Plan {
    if message.files.iter().any(|file| file.state == FileState::Checking) {
        return Plan::Wait;
    }
    let fits = words(message).is_some() && message.body.chars().count() <= CAPTION;
    let bearer = message.files.iter().find(|file| fits && takes_words(file)).map(|file| file.id);
    let first = words(message).filter(|_| bearer.is_none());
    let each = message.files.iter().map(|file| Part::File { file: file.id, caption: bearer == Some(file.id) });
    match first.into_iter().chain(each).collect::<Vec<_>>() {
        calls if calls.is_empty() => Plan::Nothing,
        calls => Plan::Calls(calls),
    }
}

fn takes_words(file: &File) -> bool {
    let kind = u64::try_from(file.bytes).ok().and_then(|bytes| MediaKind::of(&file.media_type, bytes));
    file.state == FileState::Ready && kind.is_some_and(MediaKind::takes_caption)
}

impl Part {
    /// What Meta is asked for, where the message itself says everything; files need a hand first.
    pub fn what(&self, message: &Message) -> Option<What> {
        match self {
            Self::Text => Some(What::Text(message.body.clone())),
            Self::File { .. } | Self::Reaction { .. } => None,
            Self::Content => {
                let content = message.extra.as_ref().and_then(|extra| extra.content.as_ref());
                content.and_then(|content| What::of(content, &message.body).ok())
            }
            Self::Template { name, language, components } => Some(What::Template(Filled {
                name: name.clone(),
                language: language.clone(),
                components: components.clone(),
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::wire::{Author, AuthorKind, Delivery, Extra, FileKind, Visibility};
    use kernel::{Clock, ConversationId, MessageId, Timestamp};

    use super::*;

    fn message(body: &str, files: Vec<File>) -> Message {
        let clock = Clock::System;
        Message {
            id: MessageId::new(&clock),
            conversation_id: ConversationId::new(&clock),
            seq: 1,
            client_id: "1".into(),
            author: Author { kind: AuthorKind::Agent, id: None, name: String::new() },
            body: body.into(),
            files,
            visibility: Visibility::Public,
            delivery: Delivery::Queued,
            reply_to: None,
            extra: None,
            created_at: Timestamp::default(),
        }
    }

    fn file(media_type: &str, state: FileState) -> File {
        File {
            id: FileId::new(&Clock::System),
            name: "a".into(),
            kind: FileKind::Document,
            media_type: media_type.into(),
            bytes: 100,
            width: None,
            height: None,
            state,
            reason: None,
            scan: None,
            findings: vec![],
            created_at: Timestamp::default(),
        }
    }

    fn captions(plan: &Plan) -> Vec<Option<bool>> {
        let Plan::Calls(calls) = plan else { return vec![] };
        let one = |part: &Part| if let Part::File { caption, .. } = part { Some(*caption) } else { None };
        calls.iter().map(one).collect()
    }

    #[test]
    fn words_go_below_the_first_file_that_takes_them_and_first_where_none_does() {
        let (voice, picture) = (file("audio/ogg", FileState::Ready), file("image/png", FileState::Ready));
        let both = plan(&message("Look", vec![voice.clone(), picture.clone()]), None);
        assert_eq!(captions(&both), [Some(false), Some(true)]);
        assert_eq!(captions(&plan(&message("Listen", vec![voice]), None)), [None, Some(false)]);
        let long = "x".repeat(1_025);
        assert_eq!(captions(&plan(&message(&long, vec![picture.clone()]), None)), [None, Some(false)]);
        let refused = file("image/png", FileState::Refused);
        assert_eq!(captions(&plan(&message("Look", vec![refused, picture]), None)), [Some(false), Some(true)]);
    }

    #[test]
    fn what_is_looked_at_is_waited_for() {
        assert_eq!(plan(&message("Look", vec![file("image/png", FileState::Checking)]), None), Plan::Wait);
        assert_eq!(plan(&message("", vec![]), None), Plan::Nothing);
    }

    #[test]
    fn a_template_is_what_the_channel_was_told() {
        let mut told = message("Hi Ada", vec![]);
        let content = Content::Template { name: "hello".into(), language: "en_US".into(), buttons: vec![] };
        told.extra = Some(Box::new(Extra { content: Some(content), ..Extra::default() }));
        let request = r#"{"name":"hello","language":"en_US","components":[{"type":"body"}]}"#;
        let Plan::Calls(calls) = plan(&told, Some(request)) else { panic!("a call") };
        let Some(What::Template(filled)) = calls[0].what(&told) else { panic!("a template") };
        assert_eq!((filled.name.as_str(), filled.language.as_str(), filled.components.len()), ("hello", "en_US", 1));
        assert_eq!(plan(&told, None), Plan::Nothing);
    }
}
