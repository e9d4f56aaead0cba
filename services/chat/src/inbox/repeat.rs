//! Whether something was said already.

use kernel::wire::Message;
use kernel::{ConversationId, Result, Scope};
use store::Conn;

use super::hot;
use super::message::ClientId;
use super::tables::hot as table;

/// What the caller said there under this id, if they did: whoever checks more than the inbox does asks first, so that a
/// repeat is answered even when it would be refused today.
pub async fn repeated(
    conn: &impl Conn,
    scope: &Scope,
    conversation: ConversationId,
    id: &ClientId,
) -> Result<Option<Message>> {
    let Some((_, author)) = hot::author_of(scope) else { return Ok(None) };
    let key = (conversation, author, id.as_str().to_owned());
    let mut found = table::repeats(conn, std::slice::from_ref(&key)).await?;
    Ok(found.remove(&key))
}
