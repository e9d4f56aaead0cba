//! Links: minted for somebody who was looked at, good for five minutes, checked without a cookie.
//!
//! A link names a file, which picture of it, a digest of whoever it was minted for and when it ends; all of it is signed.
//! What stands behind it is read again when it is followed.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use kernel::wire::FileState;
use kernel::{Actor, Error, FileId, Kind, Result, Role, Scope, Timestamp};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::tables::file::{self, Row};
use crate::{Ctx, identity};

/// How long a link lives.
const LIFE: Duration = Duration::from_secs(300);

/// Which picture of a picture; other files have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// The file itself.
    Full,
    /// Up to 1,024 pixels.
    Large,
    /// Up to 320 pixels.
    Small,
}

impl Variant {
    const ALL: [Self; 3] = [Self::Full, Self::Large, Self::Small];

    /// The word used on the wire.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Large => "large",
            Self::Small => "small",
        }
    }

    /// Reads the word back.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Full => 0,
            Self::Large => 1,
            Self::Small => 2,
        }
    }
}

/// A link.
#[derive(Clone, Debug)]
pub struct Link {
    /// To which file.
    pub id: FileId,
    /// To which picture of it.
    pub variant: Variant,
    /// The whole address.
    pub url: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A link to a file the caller may see.
pub async fn link(ctx: &Ctx, scope: &Scope, id: FileId, variant: Variant) -> Result<Link> {
    let row = seen(ctx, scope, id).await?;
    match row.file.state {
        FileState::Ready => Ok(mint(ctx, scope, id, variant)),
        FileState::Checking | FileState::Refused => Err(not_ready()),
        FileState::Gone => Err(gone()),
    }
}

/// Links to those of these files that the caller may have.
pub async fn links(ctx: &Ctx, scope: &Scope, items: &[(FileId, Variant)]) -> Result<Vec<Link>> {
    let ids: Vec<_> = items.iter().map(|(id, _)| *id).collect();
    let rows = visible(ctx, scope, &ids).await?;
    let ready = |id: &FileId| rows.iter().any(|row| row.file.id == *id && row.file.state == FileState::Ready);
    Ok(items.iter().filter(|(id, _)| ready(id)).map(|(id, variant)| mint(ctx, scope, *id, *variant)).collect())
}

/// A file the caller may see, whatever its state.
pub(super) async fn seen(ctx: &Ctx, scope: &Scope, id: FileId) -> Result<Row> {
    visible(ctx, scope, &[id]).await?.pop().ok_or_else(Error::not_found)
}

async fn visible(ctx: &Ctx, scope: &Scope, ids: &[FileId]) -> Result<Vec<Row>> {
    if !matches!(scope.actor(), Actor::Visitor { .. }) {
        scope.require(Role::Viewer)?;
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    if !identity::is_active(ctx, scope.tenant()).await? {
        return Ok(Vec::new());
    }
    let rows = file::some(&ctx.db.read(scope), scope.tenant(), &ids).await?;
    Ok(rows.into_iter().filter(|row| may_see(scope, row)).collect())
}

/// Who may see a file: of a message, whoever may see that; of no message yet, whoever sent it up.
fn may_see(scope: &Scope, row: &Row) -> bool {
    match (scope.actor(), &row.place) {
        (Actor::Agent { .. } | Actor::System, Some(_)) => true,
        (Actor::Agent { id, .. }, None) => row.owner == id.uuid(),
        (Actor::Visitor { id, .. }, Some(_)) => row.contact == Some(*id) && !row.note,
        (Actor::Visitor { id, .. }, None) => row.owner == id.uuid(),
        (Actor::Contact { .. } | Actor::Phone | Actor::Operator { .. }, _) | (Actor::System, None) => false,
    }
}

fn not_ready() -> Error {
    Error::conflict("file_not_ready", "This file cannot be had: it is still being checked, or it was refused.")
}

/// The refusal for a file that was there.
pub(super) fn gone() -> Error {
    Error::new(Kind::Gone, "file_gone", "This file is no longer available.")
}

const SIGNED: usize = 1 + 16 + 1 + 16 + 8;
/// The one form there is.
const FORM: u8 = 1;

fn mint(ctx: &Ctx, scope: &Scope, id: FileId, variant: Variant) -> Link {
    let expires_at = ctx.clock().now().plus(LIFE);
    let mut said = Vec::with_capacity(SIGNED);
    said.push(FORM);
    said.extend(id.uuid().as_bytes());
    said.push(variant.byte());
    said.extend(viewer(ctx, scope));
    said.extend(expires_at.millis().to_be_bytes());
    let host = ctx.files.host.as_ref().unwrap_or(&ctx.site.public);
    let url = format!("{host}/f/{}.{}", BASE64URL_NOPAD.encode(&said), signature(ctx, &said));
    Link { id, variant, url, expires_at }
}

/// Whoever it is minted for, as bytes nobody else can read.
fn viewer(ctx: &Ctx, scope: &Scope) -> [u8; 16] {
    let id = match scope.actor() {
        Actor::Agent { session, .. } => session.uuid(),
        Actor::Visitor { id, .. } => id.uuid(),
        Actor::Operator { id } => id.uuid(),
        Actor::Contact { .. } | Actor::Phone | Actor::System => Uuid::nil(),
    };
    let digest = ctx.keys.derive("file-viewer", id.as_bytes());
    let mut short = [0; 16];
    short.copy_from_slice(&digest.as_bytes()[..16]);
    short
}

fn signature(ctx: &Ctx, said: &[u8]) -> String {
    ctx.keys.derive("file-link", said)
}

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub id: FileId,
    pub variant: Variant,
}

/// Reads a link; whatever is not ours is simply not there, what is over says so.
pub(super) fn read(ctx: &Ctx, token: &str) -> Result<Said> {
    let (said, given) = token.split_once('.').ok_or_else(Error::not_found)?;
    let said = BASE64URL_NOPAD.decode(said.as_bytes()).map_err(|_| Error::not_found())?;
    let mut own = ctx.keys.derivations("file-link", &said);
    if !own.any(|own| own.as_bytes().ct_eq(given.as_bytes()).into()) || said.len() != SIGNED || said[0] != FORM {
        return Err(Error::not_found());
    }
    let id = Uuid::from_slice(&said[1..17]).map_err(|_| Error::not_found())?;
    let variant = Variant::ALL.into_iter().find(|one| one.byte() == said[17]).ok_or_else(Error::not_found)?;
    let expires_at = i64::from_be_bytes(said[34..].try_into().map_err(|_| Error::not_found())?);
    if expires_at <= ctx.clock().now().millis() {
        return Err(Error::new(
            Kind::Gone,
            "link_expired",
            "This link is over. Open the file again where you found it.",
        ));
    }
    Ok(Said { id: FileId::from_uuid(id), variant })
}
