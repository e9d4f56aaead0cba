//! What is remembered of each conversation on a number: its pace, what was marked read, when somebody was seen typing.

use kernel::{ConversationId, Result, TenantId, Timestamp, WaNumberId};
use sea_orm::{ConnectionTrait, Value};
use store::{fault, sql};

/// Of which conversation on which number.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    pub tenant: TenantId,
    pub number: WaNumberId,
    pub conversation: ConversationId,
}

/// When the pair would be idle again, in microseconds.
pub async fn idle(conn: &impl ConnectionTrait, id: ConversationId) -> Result<Option<i64>> {
    let text = "select idle from wa_talk where conversation_id = ?";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [id.into()])).await.map_err(fault)?;
    row.map_or(Ok(None), |row| row.try_get_by_index(0).map_err(fault))
}

/// Writes the pair's pace.
pub async fn set_idle(conn: &impl ConnectionTrait, of: Talk, idle: i64) -> Result<()> {
    add(conn, of).await?;
    let text = "update wa_talk set idle = ? where conversation_id = ?";
    run(conn, text, vec![idle.into(), of.conversation.into()]).await.map(|_| ())
}

/// How far Meta was told that it is read.
pub async fn read_seq(conn: &impl ConnectionTrait, id: ConversationId) -> Result<i64> {
    let text = "select read_seq from wa_talk where conversation_id = ?";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [id.into()])).await.map_err(fault)?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0).map_err(fault))
}

/// Remembers that Meta was told up to where it is read; `false` when it was told that before.
pub async fn read(conn: &impl ConnectionTrait, of: Talk, seq: i64) -> Result<bool> {
    add(conn, of).await?;
    let text = "update wa_talk set read_seq = ? where conversation_id = ? and read_seq < ?";
    run(conn, text, vec![seq.into(), of.conversation.into(), seq.into()]).await
}

/// Remembers that somebody was shown typing; `false` when that was after `before` already.
pub async fn typed(conn: &impl ConnectionTrait, of: Talk, now: Timestamp, before: Timestamp) -> Result<bool> {
    add(conn, of).await?;
    let text = "update wa_talk set typed_at = ? where conversation_id = ? and (typed_at is null or typed_at <= ?)";
    run(conn, text, vec![now.into(), of.conversation.into(), before.into()]).await
}

async fn add(conn: &impl ConnectionTrait, of: Talk) -> Result<bool> {
    let text = "insert into wa_talk (tenant_id, conversation_id, number_id, read_seq) values (?, ?, ?, 0) \
                on conflict do nothing";
    run(conn, text, vec![of.tenant.into(), of.conversation.into(), of.number.into()]).await
}

async fn run(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<bool> {
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected() == 1)
}
