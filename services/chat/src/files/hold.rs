//! Legal holds: while one lasts, nothing of the conversation expires or is erased. Who holds and who ends something
//! lock the same rows and look after they have them, so neither overtakes the other.

use kernel::{ConversationId, Error, Result, TenantId};
use store::{Conn, Unit};

use super::tables::{hold, life};

pub use super::tables::hold::Hold;

/// What holds a conversation, if anything does.
pub async fn held(conn: &impl Conn, tenant: TenantId, id: ConversationId) -> Result<Option<Hold>> {
    hold::find(conn, tenant, id).await
}

/// Holds a conversation, which the unit has locked: what is expiring its files is waited for.
pub async fn keep(unit: &Unit, tenant: TenantId, id: ConversationId, hold: &Hold) -> Result<()> {
    hold::put(unit.conn(), tenant, id, hold).await?;
    life::of_conversation(unit.conn(), tenant, id).await.map(|_| ())
}

/// Lets a conversation go.
pub async fn release(unit: &Unit, tenant: TenantId, id: ConversationId) -> Result<()> {
    hold::remove(unit.conn(), tenant, id).await
}

/// Refuses while the conversation is held.
pub async fn refuse_if_held(conn: &impl Conn, tenant: TenantId, id: ConversationId) -> Result<()> {
    match hold::find(conn, tenant, id).await? {
        Some(_) => Err(Error::conflict(
            "legal_hold",
            "This conversation must be kept: an administrator put it under a legal hold. End the hold first.",
        )),
        None => Ok(()),
    }
}
