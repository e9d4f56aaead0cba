//! Attachments: what is shown of them. Their bytes are had by links only.

use serde::{Deserialize, Serialize};

use crate::{FileId, Timestamp};

/// How a file is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture, with previews.
    Image,
    /// Something to listen to.
    Audio,
    /// Something to watch.
    Video,
    /// Everything else: a card with a name.
    Document,
}

impl FileKind {
    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Audio => "audio",
            Self::Video => "video",
            Self::Document => "document",
        }
    }
    /// Reads the word back; unknown words are documents.
    pub fn from_word(word: &str) -> Self {
        [Self::Image, Self::Audio, Self::Video].into_iter().find(|kind| kind.word() == word).unwrap_or(Self::Document)
    }
}

/// Where a file stands. Only `ready` files have bytes anybody may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Being looked at; nobody may have it yet.
    Checking,
    /// May be had.
    Ready,
    /// Refused for the reason given; its bytes are gone.
    Refused,
    /// Was there, is no more.
    Gone,
}

impl FileState {
    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Checking => "checking",
            Self::Ready => "ready",
            Self::Refused => "refused",
            Self::Gone => "gone",
        }
    }
    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Checking, Self::Ready, Self::Refused, Self::Gone].into_iter().find(|state| state.word() == word)
    }
}

/// What the virus scanner said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FileScan {
    /// Nothing found.
    Clean,
    /// It could not be asked, and the tenant lets such files pass.
    Unscanned,
    /// This installation has none.
    Off,
}

impl FileScan {
    /// The word used in tables and on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Unscanned => "unscanned",
            Self::Off => "off",
        }
    }
    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Clean, Self::Unscanned, Self::Off].into_iter().find(|scan| scan.word() == word)
    }
}

/// An attachment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct File {
    /// Id.
    pub id: FileId,
    /// Its name as the sender had it, cleaned, up to 200 characters.
    pub name: String,
    /// How it is shown.
    pub kind: FileKind,
    /// What it is, by our own table.
    pub media_type: String,
    /// Size of what may be had.
    pub bytes: i64,
    /// Pixels, of pictures.
    pub width: Option<i32>,
    /// Pixels, of pictures.
    pub height: Option<i32>,
    /// Where it stands.
    pub state: FileState,
    /// Why it was refused or is gone: a code.
    pub reason: Option<String>,
    /// What the virus scanner said.
    pub scan: Option<FileScan>,
    /// What the reader should know of it, such as `secret`: it holds what looks like a password or key.
    pub findings: Vec<String>,
    /// When it was sent up.
    pub created_at: Timestamp,
}

/// What a person may attach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FileRules {
    /// Whether anything at all.
    pub enabled: bool,
    /// Files in one message.
    pub most: i32,
    /// Bytes of one file.
    pub max_bytes: i64,
    /// Endings of names, lower case, without the dot.
    pub types: Vec<String>,
}

/// What becomes of a file when the virus scanner cannot be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ScannerAway {
    /// It waits, a day at most.
    #[default]
    Hold,
    /// It is refused.
    Refuse,
    /// It may be had, marked as not scanned.
    Warn,
}

/// What becomes of a file that is too large for the virus scanner.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TooLargeToScan {
    /// It is refused.
    #[default]
    Refuse,
    /// It may be had, marked as not scanned.
    Warn,
}

/// What a tenant makes of a virus scanner that does not say yes or no.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ScanPolicy {
    /// When it cannot be asked.
    pub away: ScannerAway,
    /// When a file is too large for it.
    pub too_large: TooLargeToScan,
}

/// What a tenant lets be attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FilePolicy {
    /// Files in one message.
    pub most: i32,
    /// Bytes of one file.
    pub max_bytes: i64,
    /// Endings of names, lower case, without the dot.
    pub types: Vec<String>,
    /// Whether old office files (`doc`, `xls`) pass too, where there is a virus scanner.
    pub legacy_office: bool,
    /// What becomes of files the scanner says nothing about.
    pub scan: ScanPolicy,
}

/// The most a tenant may allow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct FileCeiling {
    /// Files in one message.
    pub most: i32,
    /// Bytes of one file.
    pub max_bytes: i64,
    /// Endings of names.
    pub types: Vec<String>,
    /// Bytes of all files together.
    pub quota_bytes: i64,
}

/// What a widget lets its visitors attach, within what the tenant allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WidgetFiles {
    /// Whether visitors may attach files.
    pub enabled: bool,
    /// Files in one message; the tenant's number unless given.
    pub most: Option<i32>,
    /// Bytes of one file; the tenant's number unless given.
    pub max_bytes: Option<i64>,
    /// Endings of names; the tenant's unless given.
    pub types: Option<Vec<String>>,
}

impl Default for WidgetFiles {
    fn default() -> Self {
        Self { enabled: true, most: None, max_bytes: None, types: None }
    }
}

/// How many days files are kept, by the channel they came through; `null` is as long as their conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FileRetention {
    /// Through a widget.
    #[serde(deserialize_with = "given")]
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub website: Option<i32>,
    /// Through WhatsApp.
    #[serde(deserialize_with = "given")]
    #[cfg_attr(feature = "schema", schema(required = true))]
    pub whatsapp: Option<i32>,
}

impl Default for FileRetention {
    fn default() -> Self {
        Self { website: Some(90), whatsapp: Some(90) }
    }
}

/// A number or `null`, but written down: leaving it out must not mean for ever.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<i32>, D::Error> {
    Option::deserialize(deserializer)
}
