//! A message takes files.

use std::collections::{BTreeMap, HashMap};

use kernel::wire::{File, FileState, Message};
use kernel::{ConversationId, Error, FileId, Result, TenantId, Timestamp};
use store::Conn;
use uuid::Uuid;

use super::tables::file::{self, Place, Row};

/// Gives files that `owner` sent up, and no message has taken, to the message at `place`; in the order asked for.
pub async fn attach(
    conn: &impl Conn,
    (tenant, owner): (TenantId, Uuid),
    ids: &[FileId],
    place: Place,
    now: Timestamp,
) -> Result<Vec<File>> {
    let mut free: HashMap<FileId, Row> =
        file::lock(conn, tenant, ids).await?.into_iter().map(|row| (row.file.id, row)).collect();
    let mut taken = Vec::with_capacity(ids.len());
    for id in ids {
        let row = free.remove(id).filter(|row| row.owner == owner && row.place.is_none()).ok_or_else(unknown)?;
        taken.push(sound(row)?);
    }
    for (file, nth) in taken.iter().zip(0..) {
        file::give(conn, file.id, &place, nth, now).await?;
    }
    Ok(taken)
}

fn unknown() -> Error {
    Error::field("file_ids", "unknown_file", "One of these files is not there, or was sent already.")
}

fn sound(row: Row) -> Result<File> {
    match row.file.state {
        FileState::Checking | FileState::Ready => Ok(row.file),
        FileState::Refused | FileState::Gone => {
            Err(Error::field("file_ids", "file_refused", "One of these files was refused; send the others without it."))
        }
    }
}

/// Puts the files of messages where they belong; `counts` says how many each has.
pub async fn load(conn: &impl Conn, messages: &mut [(Message, i32)]) -> Result<()> {
    for (conversation, (from, to)) in spans(messages) {
        let mut by_seq: HashMap<i64, Vec<File>> = HashMap::new();
        for row in file::of_messages(conn, conversation, from, to).await? {
            let Some((_, seq)) = row.place else { continue };
            by_seq.entry(seq).or_default().push(row.file);
        }
        for (message, _) in messages.iter_mut().filter(|(message, _)| message.conversation_id == conversation) {
            message.files = by_seq.remove(&message.seq).unwrap_or_default();
        }
    }
    Ok(())
}

/// The lowest and highest number with files, per conversation: threads are read in one go, and most have none.
fn spans(messages: &[(Message, i32)]) -> BTreeMap<ConversationId, (i64, i64)> {
    let mut spans: BTreeMap<ConversationId, (i64, i64)> = BTreeMap::new();
    for (message, _) in messages.iter().filter(|(_, files)| *files > 0) {
        let span = spans.entry(message.conversation_id).or_insert((message.seq, message.seq));
        *span = (span.0.min(message.seq), span.1.max(message.seq));
    }
    spans
}
