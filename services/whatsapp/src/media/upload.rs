//! Handing files to Meta: once per number and month, streamed from where they are kept.

use std::time::Duration;

use bytes::Bytes;
use chat::files::{self, Opened, Variant};
use chat::{Ctx, inbox};
use futures::stream::{self, BoxStream, StreamExt};
use kernel::wire::{File, FileKind, FileState};
use kernel::{Actor, Error, FileId, Result, Scope};
use net::form::Form;
use net::graph::Parcel;

use crate::graph::{Graph, Trouble};
use crate::outgoing::MediaKind;
use crate::payload::Look;
use crate::tables::{number, read, upload, word};

/// Shorter than the thirty days Meta keeps what it was given.
const KEPT: Duration = Duration::from_secs(29 * 24 * 3_600);
/// What a file is declared as that Meta would not take as what it is.
const BYTES: &str = "application/octet-stream";

/// A file Meta has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Meta's id of it.
    pub id: String,
    /// As what it is sent.
    pub kind: MediaKind,
    /// What it is called, for a document.
    pub filename: String,
}

/// Why Meta does not have it.
#[derive(Debug)]
pub enum Unsent {
    /// It is still being looked at: ask again in a moment.
    Checking,
    /// It was refused, or is no more.
    Gone,
    /// More than WhatsApp takes.
    TooLarge,
    /// Meta refused it, or is away.
    Meta(Trouble),
    /// Something of ours failed; our store being away among it.
    Ours(Error),
}

impl From<Error> for Unsent {
    fn from(error: Error) -> Self {
        match error.kind() {
            kernel::Kind::NotFound => Self::Gone,
            _ => Self::Ours(error),
        }
    }
}

impl From<Trouble> for Unsent {
    fn from(trouble: Trouble) -> Self {
        Self::Meta(trouble)
    }
}

/// Hands a message's file to Meta, unless it was handed over before.
pub async fn upload(
    ctx: &Ctx,
    graph: &Graph<'_>,
    number: &number::Model,
    id: FileId,
) -> std::result::Result<Handed, Unsent> {
    let scope = inbox::vouched(number.channel(), Actor::System);
    let file = files::state(ctx, &scope, id).await?;
    let kind = match file.state {
        FileState::Ready => as_what(&file).ok_or(Unsent::TooLarge)?,
        FileState::Checking => return Err(Unsent::Checking),
        FileState::Refused | FileState::Gone => return Err(Unsent::Gone),
    };
    let filename = files::shown(&file);
    if let Some(handed) = known(ctx, number, id, &filename).await? {
        return Ok(handed);
    }
    let mut refused = None;
    for way in ways(&file, kind) {
        match hand(ctx, &scope, graph, number, (&file, way)).await {
            Ok((media, kind)) => return keep(ctx, number, id, Handed { id: media, kind, filename }).await,
            Err(Unsent::Meta(Trouble::Refused(problem))) if matches!(problem.code, 100 | 131_052 | 131_053) => {
                refused = Some(Unsent::Meta(Trouble::Refused(problem)));
            }
            Err(unsent) => return Err(unsent),
        }
    }
    Err(refused.unwrap_or(Unsent::TooLarge))
}

/// Forgets that Meta has a file: it said that it does not.
pub async fn forget_upload(ctx: &Ctx, number: &number::Model, id: FileId) -> Result<()> {
    let unit = ctx.db.write(number.tenant_id).await?;
    upload::remove(unit.conn(), number.id, id).await?;
    unit.commit().await.map(|_| ())
}

fn as_what(file: &File) -> Option<MediaKind> {
    MediaKind::of(base(&file.media_type), u64::try_from(file.bytes).unwrap_or(u64::MAX))
}

fn base(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// One way of handing a file over.
#[derive(Clone, Copy)]
struct Way {
    variant: Variant,
    /// As what it is declared, if not as what it is.
    declared: Option<&'static str>,
    kind: MediaKind,
}

/// Ways to be tried one after the other. What goes as a document because it is no picture WhatsApp shows may be refused
/// as a picture all the same, so it is offered as mere bytes then; and a picture, in the end, as its preview.
fn ways(file: &File, kind: MediaKind) -> Vec<Way> {
    let full = Way { variant: Variant::Full, declared: None, kind };
    match (kind, file.kind) {
        (MediaKind::Document, FileKind::Document) => vec![full, Way { declared: Some(BYTES), ..full }],
        (MediaKind::Document, _) => {
            let preview = Way { variant: Variant::Large, declared: None, kind: MediaKind::Image };
            let bytes = Way { declared: Some(BYTES), ..full };
            let last = (file.kind == FileKind::Image).then_some(preview);
            [full, bytes].into_iter().chain(last).collect()
        }
        _ => vec![full],
    }
}

async fn hand(
    ctx: &Ctx,
    scope: &Scope,
    graph: &Graph<'_>,
    number: &number::Model,
    (file, way): (&File, Way),
) -> std::result::Result<(String, MediaKind), Unsent> {
    let opened = files::open(ctx, scope, file.id, way.variant).await?.ok_or(Unsent::Checking)?;
    let (kind, opened) = heard(way.kind, opened).await?;
    let media_type = way.declared.unwrap_or(base(&opened.media_type)).to_owned();
    if kind == MediaKind::Image && !matches!(media_type.as_str(), "image/jpeg" | "image/png") {
        return Err(Unsent::TooLarge);
    }
    // the name people see goes with the message; this one only needs its ending
    let name = opened.name.rsplit_once('.').map_or("file", |(_, ending)| ending);
    let name = format!("file.{}", name.to_ascii_lowercase());
    let fields = [("messaging_product", "whatsapp"), ("type", media_type.as_str())];
    let form = Form {
        fields: &fields,
        field: "file",
        name: &name,
        media_type: &media_type,
        length: opened.length,
        body: opened.body,
    };
    let said = graph.send(&[&number.phone_number_id, "media"], &[], Parcel::Form(form)).await?;
    let id = said.word("id").ok_or(Unsent::Meta(Trouble::Strange(200)))?;
    Ok((id, kind))
}

/// Ogg is taken as speech, one voice in Opus, and as nothing else: what else is in one goes as a document.
async fn heard(kind: MediaKind, opened: Opened) -> Result<(MediaKind, Opened)> {
    if kind != MediaKind::Audio || base(&opened.media_type) != "audio/ogg" {
        return Ok((kind, opened));
    }
    let mut body: BoxStream<'static, Result<Bytes>> = opened.body;
    let first = body.next().await.transpose()?.unwrap_or_default();
    let kind = if is_speech(&first) { MediaKind::Voice } else { MediaKind::Document };
    let body = stream::iter([Ok(first)]).chain(body).boxed();
    Ok((kind, Opened { body, ..opened }))
}

/// The first page holds the head of an Opus stream with one channel (RFC 7845).
fn is_speech(page: &[u8]) -> bool {
    let segments = page.get(26).map_or(0, |count| usize::from(*count));
    let head = page.get(27 + segments..).unwrap_or_default();
    head.starts_with(b"OpusHead") && head.get(9) == Some(&1)
}

async fn known(ctx: &Ctx, number: &number::Model, id: FileId, filename: &str) -> Result<Option<Handed>> {
    let after = ctx.clock().now().minus(KEPT);
    let row = upload::find(ctx.db.platform(), number.tenant_id, (number.id, id), after).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Handed { id: row.media_id, kind: read(&row.kind)?, filename: filename.to_owned() }))
}

async fn keep(ctx: &Ctx, number: &number::Model, id: FileId, handed: Handed) -> std::result::Result<Handed, Unsent> {
    let row = upload::Model {
        tenant_id: number.tenant_id,
        number_id: number.id,
        file_id: id,
        media_id: handed.id.clone(),
        kind: word(handed.kind)?,
        at: ctx.clock().now(),
    };
    let unit = ctx.db.write(number.tenant_id).await?;
    upload::put(unit.conn(), &row).await?;
    unit.commit().await?;
    Ok(handed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(head: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0\x02".to_vec();
        page.resize(26, 0);
        page.extend([1, u8::try_from(head.len()).unwrap_or(0)]);
        page.extend(head);
        page
    }

    #[test]
    fn only_one_voice_in_opus_is_speech() {
        assert!(is_speech(&page(b"OpusHead\x01\x01\x38\x01")));
        assert!(!is_speech(&page(b"OpusHead\x01\x02\x38\x01")), "two channels");
        assert!(!is_speech(&page(b"\x01vorbis\0\0\0\0\x01")));
        assert!(!is_speech(b"OggS") && !is_speech(b""));
    }
}
