//! Gives events their numbers, as the last act before the commit.

use std::sync::Arc;

use kernel::{Audience, Draft, Error, Position, Result, Stamped, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::outbox::Shard;
use crate::rows::parts;
use crate::{Cast, Db, Rows, fault, sql};

/// Numbers the drafts and stores them. The counters' rows stay locked until the commit, so events become visible in
/// the order of their numbers and a reader at `n` never skips one.
pub(crate) async fn stamp(
    tx: &impl ConnectionTrait,
    db: &Db,
    drafts: &[(TenantId, Draft)],
    at: Timestamp,
) -> Result<Vec<Stamped>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    // spelled out before the counters are taken: whoever holds them keeps other writers waiting
    let bodies = drafts.iter().map(|(_, draft)| spell(draft)).collect::<Result<Vec<_>>>()?;
    let mut next = vec![0_i64; db.inner.shards.len()];
    let of = |tenant: TenantId| usize::from(db.shard(tenant).number);
    let mut counts = vec![0_i64; next.len()];
    for (tenant, _) in drafts {
        counts[of(*tenant)] += 1;
    }
    let wanted: Vec<_> = db.inner.shards.iter().zip(counts).filter(|(_, count)| *count > 0).collect();
    take(tx, &wanted, &mut next).await?;
    let mut stamped = Vec::with_capacity(drafts.len());
    for ((tenant, draft), body) in drafts.iter().zip(bodies) {
        let shard = db.shard(*tenant);
        let n = &mut next[usize::from(shard.number)];
        *n += 1;
        let position = Position { epoch: shard.epoch, shard: shard.number, n: *n };
        stamped.push(Stamped { position, tenant: *tenant, audience: draft.audience, at, body });
    }
    insert(tx, &stamped).await?;
    Ok(stamped)
}

fn spell(draft: &Draft) -> Result<Arc<str>> {
    serde_json::to_string(&draft.event).map(Into::into).map_err(Error::internal)
}

/// Reserves numbers in each shard; notes the last one used before. Many shards are locked in one statement and in
/// their order, so that two writers never wait for each other in a circle.
async fn take(tx: &impl ConnectionTrait, wanted: &[(&Shard, i64)], last: &mut [i64]) -> Result<()> {
    let backend = tx.get_database_backend();
    let ask = match wanted {
        [(shard, count)] => {
            let text = "update outbox_shard set head = head + ? where shard = ? returning shard, head";
            sql(backend, text, [(*count).into(), i32::from(shard.number).into()])
        }
        _ => {
            let mut rows = Rows::of(backend, &[Cast::Int, Cast::Big], wanted.len());
            wanted.iter().for_each(|(shard, count)| rows.push([i32::from(shard.number).into(), (*count).into()]));
            let lock = if backend == DbBackend::Postgres { "for update" } else { "" };
            let after = format!(
                "), held as (select shard from outbox_shard where shard in (select s from v) order by shard {lock}) \
                 update outbox_shard set head = outbox_shard.head + v.c from v, held \
                 where outbox_shard.shard = v.s and held.shard = v.s returning outbox_shard.shard, outbox_shard.head"
            );
            rows.statement("with v (s, c) as (", &after, [])
        }
    };
    let rows = tx.query_all_raw(ask).await.map_err(fault)?;
    if rows.len() != wanted.len() {
        return Err(Error::internal("a shard of events without its counter"));
    }
    for row in rows {
        let number: i32 = row.try_get_by_index(0).map_err(fault)?;
        let head: i64 = row.try_get_by_index(1).map_err(fault)?;
        let taken = wanted.iter().find(|(shard, _)| i32::from(shard.number) == number).map_or(0, |(_, count)| *count);
        last[usize::try_from(number).map_err(Error::internal)?] = head - taken;
    }
    Ok(())
}

const COLUMNS: &[Cast] = &[Cast::Int, Cast::Big, Cast::Uuid, Cast::Int, Cast::Uuid, Cast::Text, Cast::Big];

async fn insert(tx: &impl ConnectionTrait, stamped: &[Stamped]) -> Result<()> {
    for part in parts(tx.get_database_backend(), stamped) {
        let mut rows = Rows::of(tx.get_database_backend(), COLUMNS, part.len());
        for event in part {
            let (audience, contact) = columns(event.audience);
            rows.push([
                i32::from(event.position.shard).into(),
                event.position.n.into(),
                event.tenant.into(),
                audience.into(),
                contact.into(),
                event.body.as_ref().into(),
                event.at.into(),
            ]);
        }
        let before = "insert into outbox (shard, n, tenant_id, audience, contact_id, body, at)";
        tx.execute_raw(rows.statement(before, "", [])).await.map_err(fault)?;
    }
    Ok(())
}

fn columns(audience: Audience) -> (i32, Option<kernel::ContactId>) {
    match audience {
        Audience::Agents => (0, None),
        Audience::Visitor(contact) => (1, Some(contact)),
        Audience::Control => (2, None),
    }
}
