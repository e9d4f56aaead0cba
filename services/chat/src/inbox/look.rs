//! What a channel must know of a conversation to carry what was said in it.

use kernel::wire::{Conversation, Message};
use kernel::{ConversationId, Kind, MessageId, Result, TenantId};
use store::{Conn, Unit};

use super::tables::{conversation, message};

/// A conversation, held until the unit ends. Whoever changes messages of one that others change too holds it first.
pub async fn held(unit: &Unit, tenant: TenantId, id: ConversationId) -> Result<Conversation> {
    Ok(conversation::lock(unit.conn(), tenant, id).await?.conversation)
}

/// A conversation as it stands, if it is there.
pub async fn talk(conn: &impl Conn, tenant: TenantId, id: ConversationId) -> Result<Option<Conversation>> {
    match conversation::find(conn, tenant, id).await {
        Ok(row) => Ok(Some(row.conversation)),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The message with this number, if it is there.
pub async fn said(
    conn: &impl Conn,
    tenant: TenantId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Option<Message>> {
    message::at(conn, tenant, conversation, seq).await
}

/// The number of the message with this id, if it is there.
pub async fn number_of(
    conn: &impl Conn,
    tenant: TenantId,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<i64>> {
    message::seq_of(conn, tenant, conversation, id).await
}
