//! What a check found out, kept and told.

use std::path::Path;
use store::Whose;

use blobs::Key;
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use inspect::Fine;
use kernel::wire::{File, FileScan, FileState};
use kernel::{Audience, Error, Event, Result};
use tokio::io::AsyncReadExt;

use super::check::Keys;
use super::tables::file::{self, Preview, Row, Verdict};
use super::tables::quota;
use crate::Ctx;

/// What a check found out.
pub enum Found {
    /// It may be had.
    Fine(Box<Kept>),
    /// It may not, for this reason.
    Refused(&'static str),
    /// Its bytes are nowhere.
    Lost,
}

/// What may be had, and where it is.
pub struct Kept {
    file: File,
    object: Key,
    previews: Vec<Preview>,
}

impl Found {
    /// For measures.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Fine(_) => "fine",
            Self::Refused(reason) => reason,
            Self::Lost => "lost",
        }
    }
}

/// Puts what may be had in its place: the re-encoded picture and its previews, or the bytes as they were sent.
pub async fn keep(ctx: &Ctx, keys: &Keys, fine: Fine, scan: FileScan, file: &File) -> Result<Found> {
    let blobs = &ctx.files.blobs;
    let bytes = match &fine.full {
        Some(path) => put(ctx, &keys.to, path).await?,
        None => {
            blobs.rename(&keys.from, &keys.to).await?;
            file.bytes
        }
    };
    let mut previews = Vec::with_capacity(fine.previews.len());
    for made in fine.previews {
        let key = if made.variant == "small" { &keys.small } else { &keys.large };
        let bytes = put(ctx, key, &made.path).await?;
        let (variant, key) = (made.variant.to_string(), key.to_string());
        previews.push(Preview { variant, key, media_type: made.media_type.to_string(), bytes });
    }
    let side = |pixels: Option<u32>| pixels.and_then(|pixels| i32::try_from(pixels).ok());
    let file = File {
        media_type: fine.media_type,
        bytes,
        width: side(fine.width),
        height: side(fine.height),
        state: FileState::Ready,
        scan: Some(scan),
        findings: fine.findings,
        ..file.clone()
    };
    Ok(Found::Fine(Box::new(Kept { file, object: keys.to, previews })))
}

async fn put(ctx: &Ctx, key: &Key, path: &Path) -> Result<i64> {
    let file = tokio::fs::File::open(path).await.map_err(Error::internal)?;
    let length = file.metadata().await.map_err(Error::internal)?.len();
    let stored = ctx.files.blobs.put(key, length, parts(file).boxed()).await?;
    i64::try_from(stored.bytes).map_err(Error::internal)
}

/// A file in parts of 64 KiB.
fn parts(file: tokio::fs::File) -> impl Stream<Item = Result<Bytes>> + Send {
    stream::try_unfold(file, |mut file| async move {
        let mut part = bytes::BytesMut::with_capacity(64 * 1024);
        let read = file.read_buf(&mut part).await.map_err(Error::internal)?;
        Ok((read > 0).then(|| (part.freeze(), file)))
    })
}

/// Writes the verdict down, once, settles what the tenant uses, and tells whoever sees the message.
pub async fn decide(ctx: &Ctx, row: &Row, found: Found) -> Result<()> {
    let (file, object, previews) = match found {
        Found::Fine(kept) => (kept.file, Some(kept.object.to_string()), kept.previews),
        Found::Refused(reason) => (ended(&row.file, FileState::Refused, reason), None, Vec::new()),
        Found::Lost => (ended(&row.file, FileState::Gone, "lost"), None, Vec::new()),
    };
    let counted = object.as_ref().map_or(0, |_| file.bytes + previews.iter().map(|one| one.bytes).sum::<i64>());
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let verdict = Verdict { file: &file, object: object.as_deref(), previews: &previews, counted };
    let Some(before) = file::decide(unit.conn(), row.tenant, verdict, ctx.clock().now()).await? else {
        return unit.abandon().await;
    };
    let files = if counted == 0 { -1 } else { 0 };
    quota::settle(unit.conn(), row.tenant, counted - before.counted, files).await?;
    if let Some((conversation_id, seq)) = before.place {
        let audience = before.contact.filter(|_| !before.note).map_or(Audience::Agents, Audience::Visitor);
        unit.emit(row.tenant, audience, Event::FileChanged { conversation_id, seq, file });
    }
    unit.commit().await.map(|_| ())
}

fn ended(file: &File, state: FileState, reason: &str) -> File {
    File { state, reason: Some(reason.to_owned()), ..file.clone() }
}
