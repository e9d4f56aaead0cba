//! Leaving the work behind.

use kernel::{ConversationId, Timestamp, WaNumberId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{NewJob, Unit};

use crate::payload::{Media, MediaKind};
use crate::tables::number;

/// Job that brings one file to its message.
pub const FETCH: &str = "whatsapp.media";

/// What is to be brought, and to which message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Through which number it came.
    pub number: WaNumberId,
    /// The message's conversation.
    pub conversation: ConversationId,
    /// The message's number there.
    pub seq: i64,
    /// When it came.
    pub at: Timestamp,
    /// Where it is for five minutes.
    pub url: Option<String>,
    /// What was said of it.
    #[serde(flatten)]
    pub said: Said,
}

/// What was said of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Said {
    /// Its kind.
    pub kind: String,
    /// Id to ask for it with, for seven days.
    pub id: Option<String>,
    /// Its hash, in whatever notation.
    pub sha256: Option<String>,
    /// What it claims to be.
    pub mime: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

/// Leaves the work of bringing a message's file, which exists if the message does. The message is to be posted with
/// [`kernel::wire::Content::Media`] in state `Coming`; what becomes of the file is written there.
pub fn fetch_later(unit: &mut Unit, number: &number::Model, conversation: ConversationId, seq: i64, media: &Media) {
    let media = media.clone();
    let said = Said {
        kind: word(media.kind).to_owned(),
        id: media.id,
        sha256: media.sha256,
        mime: media.mime,
        name: media.filename,
    };
    let asked = Asked { number: number.id, conversation, seq, at: unit.now(), url: media.url, said };
    let unique_key = Some(format!("{FETCH}:{conversation}:{seq}"));
    let run_at = asked.at;
    let payload = json!(asked);
    unit.enqueue(NewJob { kind: FETCH, tenant: Some(number.tenant_id), payload, run_at, unique_key });
}

/// The kind, for the job.
const fn word(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => "image",
        MediaKind::Video => "video",
        MediaKind::Audio => "audio",
        MediaKind::Voice => "voice",
        MediaKind::Document => "document",
        MediaKind::Sticker => "sticker",
    }
}

impl Said {
    /// What it is called when nobody named it.
    pub fn label(&self) -> &'static str {
        match self.kind.as_str() {
            "image" => "Picture",
            "video" => "Video",
            "audio" => "Audio",
            "voice" => "Voice message",
            "sticker" => "Sticker",
            _ => "Document",
        }
    }
}
