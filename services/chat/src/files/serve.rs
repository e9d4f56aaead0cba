//! Following a link: the row is read again, then the bytes come straight from the store.

use std::ops::Range;

use ::bytes::Bytes;
use blobs::{Key, Reading};
use futures::stream::BoxStream;
use kernel::wire::{File, FileKind, FileState};
use kernel::{Error, FileId, Kind, Result, Scope};

use super::link::{self, Variant};
use super::tables::file::{self, Row};
use super::{measure, name};
use crate::{Ctx, identity};

/// What a link leads to.
#[derive(Clone, Debug)]
pub struct Served {
    /// What it is, by our own table.
    pub media_type: String,
    /// How many bytes.
    pub bytes: u64,
    /// `Content-Disposition`.
    pub disposition: String,
    /// Whether other origins' pages may show it: pictures, and what is played.
    pub shown: bool,
    key: Key,
}

/// What a link leads to, now: the file is ready and its tenant at work.
pub async fn follow(ctx: &Ctx, token: &str) -> Result<Served> {
    let said = link::read(ctx, token)?;
    let row = file::by_id(ctx.db.platform(), said.id).await?.ok_or_else(link::gone)?;
    if !identity::is_active(ctx, row.tenant).await? {
        return Err(Error::not_found());
    }
    match row.file.state {
        FileState::Ready => served(&row, said.variant),
        FileState::Gone => Err(link::gone()),
        FileState::Checking | FileState::Refused => Err(Error::not_found()),
    }
}

fn served(row: &Row, variant: Variant) -> Result<Served> {
    let (key, media_type, bytes) = place(row, variant).ok_or_else(|| Error::internal("a ready file without bytes"))?;
    // pictures are ours, made anew from pixels; nothing else is ever shown by a browser itself
    let inline = row.file.kind == FileKind::Image;
    Ok(Served {
        media_type: media_type.to_owned(),
        bytes: u64::try_from(bytes).map_err(Error::internal)?,
        disposition: name::disposition(&name::served(&row.file.name, media_type), inline),
        shown: row.file.kind != FileKind::Document,
        key: key.parse()?,
    })
}

/// Where the wanted picture is; one that is not there is the next larger one.
fn place(row: &Row, variant: Variant) -> Option<(&str, &str, i64)> {
    let preview = |word: &str| row.previews.iter().find(|one| one.variant == word);
    let found = match variant {
        Variant::Small => preview("small").or_else(|| preview("large")),
        Variant::Large => preview("large"),
        Variant::Full => None,
    };
    match found {
        Some(one) => Some((&one.key, &one.media_type, one.bytes)),
        None => row.object.as_deref().map(|object| (object, row.file.media_type.as_str(), row.file.bytes)),
    }
}

/// A file that goes out through a channel.
pub struct Opened {
    /// What is known of it.
    pub file: File,
    /// What the bytes are.
    pub media_type: String,
    /// How many there are.
    pub length: u64,
    /// Its name, with the ending of what the bytes are.
    pub name: String,
    /// The bytes.
    pub body: BoxStream<'static, Result<Bytes>>,
}

/// What a file is called where it goes out: with the ending of what it is.
pub fn shown(file: &File) -> String {
    name::served(&file.name, &file.media_type)
}

/// The bytes of a file its channel hands on, of this picture of it. `None` when it is not ready.
pub async fn open(ctx: &Ctx, scope: &Scope, id: FileId, variant: Variant) -> Result<Option<Opened>> {
    let row = link::seen(ctx, scope, id).await?;
    if row.file.state != FileState::Ready {
        return Ok(None);
    }
    let served = served(&row, variant)?;
    let body = bytes(ctx, &served, None).await?.body;
    let name = name::served(&row.file.name, &served.media_type);
    Ok(Some(Opened { file: row.file, media_type: served.media_type, length: served.bytes, name, body }))
}

/// The bytes, all or a part of them.
pub async fn bytes(ctx: &Ctx, served: &Served, part: Option<Range<u64>>) -> Result<Reading> {
    let asked = part.as_ref().map_or(served.bytes, |part| part.end - part.start);
    match ctx.files.blobs.read(&served.key, part).await {
        Ok(reading) => {
            measure::served(asked);
            Ok(reading)
        }
        Err(error) if error.kind() == Kind::NotFound => {
            tracing::error!(key = %served.key, "a ready file has lost its bytes");
            Err(link::gone())
        }
        Err(error) => {
            measure::failure(&error);
            Err(error)
        }
    }
}
