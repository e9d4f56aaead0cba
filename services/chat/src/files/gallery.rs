//! The files of a conversation, without its words.

use kernel::wire::File;
use kernel::{ConversationId, Cursor, Limit, Page, Result, TenantId};
use store::Conn;

use super::tables::life;

/// A file and the number of the message it is in.
pub struct Hung {
    /// The file.
    pub file: File,
    /// The message's number.
    pub seq: i64,
    place: i32,
}

/// A page of a conversation's files that can be looked at, latest first. Whoever calls has seen that they may.
pub async fn gallery(
    conn: &impl Conn,
    tenant: TenantId,
    id: ConversationId,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<Hung>> {
    let before: Option<(i64, i32)> = cursor.map(Cursor::unpack).transpose()?;
    let most = i64::try_from(limit.get() + 1).unwrap_or(101);
    let rows = life::gallery(conn, (tenant, id), before, most).await?;
    let hung = rows.into_iter().filter_map(|(row, place)| {
        let (_, seq) = row.place?;
        Some(Hung { file: row.file, seq, place })
    });
    Page::cut(hung.collect(), limit, |last| (last.seq, last.place))
}
