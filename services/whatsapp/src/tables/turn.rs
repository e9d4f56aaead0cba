//! Whose turn a number is, how fast it sends, and when somebody comes back to it. One row per number.

use kernel::{Result, TenantId, Timestamp, WaNumberId};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use store::{fault, sql};
use uuid::Uuid;

/// Takes the number unless somebody has it who has not fallen silent.
pub async fn take(
    conn: &impl ConnectionTrait,
    (tenant, number): (TenantId, WaNumberId),
    holder: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool> {
    add(conn, tenant, number).await?;
    let text = "update wa_turn set holder = ?, until = ? where number_id = ? and (holder is null or until <= ?)";
    run(conn, text, vec![holder.into(), until.into(), number.into(), now.into()]).await
}

async fn add(conn: &impl ConnectionTrait, tenant: TenantId, number: WaNumberId) -> Result<bool> {
    let text = "insert into wa_turn (tenant_id, number_id) values (?, ?) on conflict do nothing";
    run(conn, text, vec![tenant.into(), number.into()]).await
}

/// Whether somebody has it who has not fallen silent.
pub async fn is_taken(conn: &impl ConnectionTrait, number: WaNumberId, now: Timestamp) -> Result<bool> {
    let text = "select 1 from wa_turn where number_id = ? and holder is not null and until > ?";
    let ask = sql(conn.get_database_backend(), text, [number.into(), now.into()]);
    Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
}

/// What its holder must know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pacing {
    /// When the number would be idle again, in microseconds.
    pub idle: Option<i64>,
    /// Nothing is sent before.
    pub paused_until: Option<Timestamp>,
}

/// How fast it may go on; `None` when it is this holder's no more.
pub async fn pacing(conn: &impl ConnectionTrait, number: WaNumberId, holder: Uuid) -> Result<Option<Pacing>> {
    let text = "select idle, paused_until from wa_turn where number_id = ? and holder = ?";
    let ask = sql(conn.get_database_backend(), text, [number.into(), holder.into()]);
    conn.query_one_raw(ask).await.map_err(fault)?.map(|row| read(&row)).transpose()
}

/// How fast it may go on, whoever has it.
pub async fn pacing_of(conn: &impl ConnectionTrait, number: WaNumberId) -> Result<Pacing> {
    let text = "select idle, paused_until from wa_turn where number_id = ?";
    let ask = sql(conn.get_database_backend(), text, [number.into()]);
    conn.query_one_raw(ask).await.map_err(fault)?.map_or_else(|| Ok(Pacing::default()), |row| read(&row))
}

fn read(row: &QueryResult) -> Result<Pacing> {
    let idle: Option<i64> = row.try_get_by_index(0).map_err(fault)?;
    Ok(Pacing { idle, paused_until: row.try_get_by_index(1).map_err(fault)? })
}

/// Writes the pace and stays the holder; `false` when somebody else has it by now, and nothing may be committed.
pub async fn keep(
    conn: &impl ConnectionTrait,
    number: WaNumberId,
    holder: Uuid,
    until: Timestamp,
    idle: Option<i64>,
) -> Result<bool> {
    let text = "update wa_turn set until = ?, idle = ? where number_id = ? and holder = ?";
    run(conn, text, vec![until.into(), idle.into(), number.into(), holder.into()]).await
}

/// Stays the holder.
pub async fn extend(conn: &impl ConnectionTrait, number: WaNumberId, holder: Uuid, until: Timestamp) -> Result<bool> {
    let text = "update wa_turn set until = ? where number_id = ? and holder = ?";
    run(conn, text, vec![until.into(), number.into(), holder.into()]).await
}

/// Lets it go.
pub async fn release(conn: &impl ConnectionTrait, number: WaNumberId, holder: Uuid) -> Result<bool> {
    let text = "update wa_turn set holder = null, until = null where number_id = ? and holder = ?";
    run(conn, text, vec![number.into(), holder.into()]).await
}

/// Sends nothing before this moment; a later one that is known already stays.
pub async fn pause(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    number: WaNumberId,
    until: Timestamp,
) -> Result<bool> {
    add(conn, tenant, number).await?;
    let text = "update wa_turn set paused_until = ? where number_id = ? and (paused_until is null or paused_until < ?)";
    run(conn, text, vec![until.into(), number.into(), until.into()]).await
}

/// Whether a job is to be left for this moment: none that comes as early waits already.
pub async fn wake(conn: &impl ConnectionTrait, number: WaNumberId, at: Timestamp, now: Timestamp) -> Result<bool> {
    let text =
        "update wa_turn set wake_at = ? where number_id = ? and (wake_at is null or wake_at > ? or wake_at <= ?)";
    run(conn, text, vec![at.into(), number.into(), at.into(), now.into()]).await
}

async fn run(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<bool> {
    let done = conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    Ok(done.rows_affected() == 1)
}
