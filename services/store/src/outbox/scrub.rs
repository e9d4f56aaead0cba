//! Forgetting what a conversation said without forgetting that something was said.
//!
//! Events have no index by conversation: every message would pay for it, and few conversations are deleted. Only the
//! tenant's events from the conversation's own time are looked at, outside of any write; what is found is replaced by
//! its number.

use kernel::{ConversationId, Error, Event, Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, Value};

use crate::outbox::{Shard, head};
use crate::patience::Pool;
use crate::{Db, Whose, fault, parts, sql};

/// Events replaced in one write.
const AT_ONCE: i64 = 256;
/// Clocks of several processes differ by less than this.
const SKEW: std::time::Duration = std::time::Duration::from_secs(60);

pub(crate) async fn scrub(db: &Db, tenant: TenantId, id: ConversationId, since: Timestamp) -> Result<u64> {
    let (conn, shard) = (&db.inner.pools.reader, db.shard(tenant));
    let gone = serde_json::to_string(&Event::ConversationDeleted { conversation_id: id }).map_err(Error::internal)?;
    let end = head(conn, shard).await?.n;
    let mut after = first_since(conn, shard, since.minus(SKEW), end).await? - 1;
    let mut scrubbed = 0;
    loop {
        let found = naming(conn, tenant, id, &gone, (after, end)).await?;
        let Some((last, _)) = found.last() else { return Ok(scrubbed) };
        after = *last;
        let own: Vec<i64> = found.iter().filter(|(_, body)| is_of(body, id)).map(|(n, _)| *n).collect();
        replace(db, shard, &own, &gone).await?;
        scrubbed += u64::try_from(own.len()).unwrap_or(0);
    }
}

/// The first number at or after `since`; times grow with numbers, clock skew aside.
async fn first_since(conn: &Pool, shard: &Shard, since: Timestamp, end: i64) -> Result<i64> {
    let (mut low, mut high) = (0, end + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let text = "select at from outbox where shard = ? and n >= ? order by n limit 1";
        let ask = sql(conn.get_database_backend(), text, [i32::from(shard.number).into(), middle.into()]);
        let at = conn.query_one_raw(ask).await.map_err(fault)?.map(|row| row.try_get_by_index(0).map_err(fault));
        match at.transpose()? {
            Some(at) if Timestamp::from_millis(at) < since => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// Events whose text has the id as a whole value somewhere; whether it is theirs is seen when they are read.
async fn naming(
    conn: &Pool,
    tenant: TenantId,
    id: ConversationId,
    gone: &str,
    (after, end): (i64, i64),
) -> Result<Vec<(i64, String)>> {
    let text = "select n, body from outbox where tenant_id = ? and n > ? and n <= ? and body like ? and body <> ? order by n limit ?";
    let values: [Value; 6] =
        [tenant.into(), after.into(), end.into(), format!("%\"{id}\"%").into(), gone.into(), AT_ONCE.into()];
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    rows.iter()
        .map(|row| Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?)))
        .collect()
}

/// A message of another conversation may consist of this one's id; an event nobody can read any more names it and goes.
fn is_of(body: &str, id: ConversationId) -> bool {
    serde_json::from_str::<Event>(body).map_or(true, |event| event.conversation() == Some(id))
}

async fn replace(db: &Db, shard: &Shard, numbers: &[i64], gone: &str) -> Result<()> {
    let unit = db.write(Whose::Platform).await?;
    let backend = unit.conn().get_database_backend();
    for part in parts(backend, numbers) {
        let text =
            format!("update outbox set body = ? where shard = ? and n in ({})", vec!["?"; part.len()].join(", "));
        let values = [gone.into(), i32::from(shard.number).into()];
        let values = values.into_iter().chain(part.iter().map(|n| (*n).into()));
        unit.conn().execute_raw(sql(backend, &text, values)).await.map_err(fault)?;
    }
    unit.commit().await.map(|_| ())
}
