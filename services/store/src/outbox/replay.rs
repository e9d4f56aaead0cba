//! Events somebody missed.

use kernel::{Audience, ContactId, Position, Result, Stamped, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};

use crate::outbox::Shard;
use crate::patience::Pool;
use crate::{Db, fault, sql};

/// What a reader who stands at a position gets.
#[derive(Debug)]
pub enum Replay {
    /// Everything after the position, oldest first, up to the limit; empty when nothing was missed.
    Events(Vec<Stamped>),
    /// The position is from another life of the database, or older than what is kept: start over.
    TooOld,
}

pub(crate) async fn replay(db: &Db, shard: &Shard, tenant: TenantId, after: Position, limit: u64) -> Result<Replay> {
    let is_other_life = after.epoch != shard.epoch || after.shard != shard.number;
    if is_other_life || is_forgotten(db.platform(), shard, after.n).await? {
        return Ok(Replay::TooOld);
    }
    let conn = db.read(tenant);
    let text = "select n, audience, contact_id, body, at from outbox where tenant_id = ? and n > ? order by n limit ?";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), after.n.into(), limit.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter().map(|row| event_of(row, shard, tenant)).collect::<Result<_>>().map(Replay::Events)
}

/// Whether an event right after `n` was stored once and is gone; a position beyond the head is from nowhere.
async fn is_forgotten(conn: &Pool, shard: &Shard, n: i64) -> Result<bool> {
    let text = "select coalesce((select n from outbox where shard = ? order by n limit 1), head + 1), head from outbox_shard where shard = ?";
    let number = i32::from(shard.number);
    let ask = sql(conn.get_database_backend(), text, [number.into(), number.into()]);
    let Some(row) = conn.query_one_raw(ask).await.map_err(fault)? else { return Ok(true) };
    let first: i64 = row.try_get_by_index(0).map_err(fault)?;
    let head: i64 = row.try_get_by_index(1).map_err(fault)?;
    Ok(n + 1 < first || n > head)
}

/// Events read at once for the sequencer.
pub(crate) const PAGE: usize = 1000;

/// Events of a whole shard after `n`, for the sequencer.
pub(crate) async fn of_shard(conn: &Pool, shard: &Shard, after: i64) -> Result<Vec<Stamped>> {
    let text = format!(
        "select n, audience, contact_id, body, at, tenant_id from outbox where shard = ? and n > ? order by n limit {PAGE}"
    );
    let ask = sql(conn.get_database_backend(), &text, [i32::from(shard.number).into(), after.into()]);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter()
        .map(|row| {
            let tenant = row.try_get_by_index(5).map_err(fault)?;
            event_of(row, shard, tenant)
        })
        .collect()
}

fn event_of(row: &QueryResult, shard: &Shard, tenant: TenantId) -> Result<Stamped> {
    let contact: Option<ContactId> = row.try_get_by_index(2).map_err(fault)?;
    let audience = match (row.try_get_by_index::<i32>(1).map_err(fault)?, contact) {
        (1, Some(contact)) => Audience::Visitor(contact),
        (2, _) => Audience::Control,
        _ => Audience::Agents,
    };
    let body: String = row.try_get_by_index(3).map_err(fault)?;
    let position = Position { epoch: shard.epoch, shard: shard.number, n: row.try_get_by_index(0).map_err(fault)? };
    Ok(Stamped { position, tenant, audience, at: row.try_get_by_index(4).map_err(fault)?, body: body.into() })
}

/// Events forgotten in one write: a month of them at once would outlast any statement's time, and keep whoever waits
/// for the same pages waiting.
const AT_ONCE: i64 = 5_000;

/// Forgets events older than `before`, shard by shard from the oldest on: numbers grow with time, so what is to go is at
/// the beginning of each, and finding that there is nothing reads one row.
pub(crate) async fn forget(conn: &Pool, shards: &[Shard], before: Timestamp) -> Result<u64> {
    let mut forgotten = 0;
    for shard in shards {
        loop {
            let some = oldest(conn, shard, before).await?;
            forgotten += some;
            if some == 0 {
                break;
            }
        }
    }
    Ok(forgotten)
}

async fn oldest(conn: &Pool, shard: &Shard, before: Timestamp) -> Result<u64> {
    let number = i32::from(shard.number);
    let text = "delete from outbox where shard = ? and at < ? and n in (select n from outbox where shard = ? order by n limit ?)";
    let values = [number.into(), before.into(), number.into(), AT_ONCE.into()];
    let forget = sql(conn.get_database_backend(), text, values);
    conn.execute_raw(forget).await.map(|done| done.rows_affected()).map_err(fault)
}
