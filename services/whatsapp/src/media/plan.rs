//! Leaving the work behind.

use kernel::ConversationId;
use serde_json::json;
use store::{NewJob, Unit};

use crate::payload::{Media, MediaKind};
use crate::tables::number;

/// Job that brings one file to its message.
pub const FETCH: &str = "whatsapp.media";

/// Leaves the work of bringing a message's file, which exists if the message does. The message is to be posted with
/// [`kernel::wire::Content::Media`] in state `Coming`; what becomes of the file is written there.
pub fn fetch_later(unit: &mut Unit, number: &number::Model, conversation: ConversationId, seq: i64, media: &Media) {
    let payload = json!({ "number": number.id, "conversation": conversation, "seq": seq, "kind": word(media.kind),
        "id": media.id, "url": media.url, "sha256": media.sha256, "mime": media.mime, "name": media.filename });
    let unique_key = Some(format!("{FETCH}:{conversation}:{seq}"));
    let run_at = unit.now();
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
