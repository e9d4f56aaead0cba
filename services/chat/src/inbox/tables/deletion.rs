//! Rows of a conversation, gone.

use kernel::{ConversationId, Result, TenantId};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

/// Removes a conversation, which the unit has locked, and its messages.
pub async fn remove(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<()> {
    let backend = conn.get_database_backend();
    for text in [
        "delete from wa_message where tenant_id = ? and conversation_id = ?",
        "delete from wa_talk where tenant_id = ? and conversation_id = ?",
        "delete from outgoing where tenant_id = ? and conversation_id = ?",
        "delete from search_entry where tenant_id = ? and about_id = ?",
        "delete from message where tenant_id = ? and conversation_id = ?",
        "delete from conversation where tenant_id = ? and id = ?",
    ] {
        conn.execute_raw(sql(backend, text, [tenant.into(), id.into()])).await.map_err(fault)?;
    }
    Ok(())
}
