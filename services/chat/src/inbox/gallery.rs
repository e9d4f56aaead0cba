//! The files of a conversation with who sent them.

use kernel::wire::{Author, File};
use kernel::{ConversationId, Cursor, Limit, MessageId, Page, Result, Role, Scope, Timestamp};

use super::tables::{conversation, header};
use crate::{Ctx, files};

/// A file as the gallery shows it.
pub struct Hanging {
    /// The file.
    pub file: File,
    /// The number of its message.
    pub seq: i64,
    /// Its message.
    pub message_id: MessageId,
    /// Who wrote that.
    pub author: Author,
    /// When.
    pub created_at: Timestamp,
}

/// A page of a conversation's files that can be looked at, latest first.
pub async fn gallery(
    ctx: &Ctx,
    scope: &Scope,
    id: ConversationId,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<Hanging>> {
    scope.require(Role::Viewer)?;
    let (conn, tenant) = (&ctx.db.read_lately(scope), scope.tenant());
    // a conversation that has just begun is there, whatever a copy knows
    conversation::contact_of(&ctx.db.read(scope), tenant, id).await?;
    let page = files::gallery(conn, tenant, id, cursor, limit).await?;
    let numbers: Vec<i64> = page.items.iter().map(|hung| hung.seq).collect();
    let said = header::of(conn, tenant, id, &numbers).await?;
    let items = page.items.into_iter().filter_map(|hung| {
        let (message_id, author, created_at) = said.get(&hung.seq)?.clone();
        Some(Hanging { file: hung.file, seq: hung.seq, message_id, author, created_at })
    });
    Ok(Page { items: items.collect(), next_cursor: page.next_cursor })
}
