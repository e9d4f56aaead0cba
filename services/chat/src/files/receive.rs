//! Files a channel brings for messages that are there already.
//!
//! Whoever wrote them asked nobody here whether they may, so neither the tenant's list of types nor a visitor's meter
//! speaks: only the platform's ceiling, the formats we know, and the room the tenant has. Everything else is as with
//! every file: counted before the first byte, quarantined, looked at.

use blobs::Stored;
use bytes::Bytes;
use futures::Stream;
use inspect::{FORMATS, Format, format_of};
use kernel::wire::{File, Source};
use kernel::{Actor, Error, Result, Scope};
use store::Unit;

use super::tables::file::Place;
use super::upload::{self, Arriving, Room};
use super::{name, policy};
use crate::Ctx;

/// A file a channel brings.
#[derive(Clone, Debug)]
pub struct Brought {
    /// Its name, as [`named`] made it.
    pub name: String,
    /// What it is said to be.
    pub declared: String,
    /// How many bytes it has, if that is known.
    pub length: Option<u64>,
    /// The channel.
    pub source: Source,
}

/// A file whose bytes are here; it is no message's yet. Until it is, its row is swept when nobody gives it back.
pub struct Received {
    room: Room,
    stored: Stored,
    file: File,
}

/// Takes the bytes of a file in the name of somebody a channel vouches for.
pub async fn receive(
    ctx: &Ctx,
    scope: &Scope,
    new: Brought,
    body: impl Stream<Item = Result<Bytes>> + Send + Unpin,
) -> Result<Received> {
    if !matches!(scope.actor(), Actor::Contact { .. } | Actor::Phone | Actor::System) {
        return Err(policy::off());
    }
    let format = format_of(&new.name)
        .ok_or_else(|| Error::invalid("file_type_refused", "Files of this type are not taken, whoever sends them."))?;
    let room = policy::room_of_channels(ctx, scope.tenant()).await?;
    let most = format.most.min(room.max_bytes);
    if new.length.is_some_and(|length| length > most) {
        return Err(upload::too_large(most));
    }
    let file = upload::told(ctx, new.name.clone(), format);
    let at_most = new.length.unwrap_or(most);
    let arriving = Arriving { name: new.name, declared: new.declared, at_most, source: new.source };
    let room = Room::make(ctx, scope, &arriving, &file, at_most, room.quota_bytes).await?;
    match upload::receive(ctx, &room, body, at_most).await {
        Ok(stored) => Ok(Received { room, stored, file }),
        Err(error) => {
            room.give_back(ctx, &error).await;
            Err(error)
        }
    }
}

impl Received {
    /// Gives it to a message, as its `nth` file; it is looked at from now on. The caller holds the message.
    pub async fn take(&self, ctx: &Ctx, unit: &mut Unit, place: &Place, nth: i32) -> Result<File> {
        let bytes = self.room.arrive(ctx, unit, &self.stored).await?;
        self.room.give(ctx, unit, place, nth).await?;
        Ok(File { bytes, ..self.file.clone() })
    }

    /// Gives its room back: no message wants it.
    pub async fn give_back(&self, ctx: &Ctx, why: &Error) {
        self.room.give_back(ctx, why).await;
    }
}

/// The name of a file that may come without one, or without an ending: what is said of its type gives it one. A name
/// with another ending keeps it, whatever is said.
pub fn named(name: Option<&str>, media_type: &str, otherwise: &str) -> String {
    let own = name.and_then(|name| name::clean(name).ok());
    let said = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let name = own.unwrap_or_else(|| otherwise.to_owned());
    let ending = name::ending(&name);
    let has_ending = (1..=10).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && ending.bytes().any(|byte| byte.is_ascii_alphabetic());
    match of_type(&said).and_then(|format| format.extensions.first()).filter(|_| !has_ending) {
        Some(ending) => format!("{name}.{ending}"),
        None => name,
    }
}

/// The format that is served as this type; or else one that is declared as it.
fn of_type(said: &str) -> Option<&'static Format> {
    let served = |format: &&Format| format.media_type.split(';').next() == Some(said);
    FORMATS.iter().find(served).or_else(|| FORMATS.iter().find(|format| format.declared.contains(&said)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_the_type_ends_names_that_have_no_end() {
        for (name, said, kept) in [
            (None, "audio/ogg; codecs=opus", "Picture.ogg"),
            (None, "image/jpeg", "Picture.jpg"),
            (None, "application/vnd.ms-excel", "Picture.xls"),
            (None, "text/plain", "Picture.txt"),
            (None, "application/x-unheard-of", "Picture"),
            (Some("Currículum café.pdf"), "application/pdf", "Currículum café.pdf"),
            (Some("../../etc/passwd"), "text/plain", "passwd.txt"),
            (Some("C:\\a\\rechnung"), "application/pdf", "rechnung.pdf"),
            (Some("Invoice No. 5"), "application/pdf", "Invoice No. 5.pdf"),
            (Some("setup.exe"), "application/pdf", "setup.exe"),
            (Some("///"), "application/pdf", "Picture.pdf"),
            (Some("\u{202e}fdp.exe"), "application/pdf", "fdp.exe"),
        ] {
            assert_eq!(named(name, said, "Picture"), kept, "{name:?} {said}");
        }
    }
}
