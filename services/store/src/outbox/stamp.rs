//! Gives events their numbers, as the last act before the commit.

use std::sync::Arc;

use kernel::{Audience, Draft, Error, Position, Result, Stamped, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use crate::outbox::Shard;
use crate::{Cast, Db, Rows, fault, sql};

/// Numbers the drafts and stores them. The counter's row stays locked until the commit, so events become visible in
/// the order of their numbers and a reader at `n` never skips one.
pub(crate) async fn stamp(
    tx: &DatabaseTransaction,
    db: &Db,
    drafts: &[(TenantId, Draft)],
    at: Timestamp,
) -> Result<Vec<Stamped>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let mut next = vec![0_i64; db.inner.shards.len()];
    let of = |tenant: TenantId| usize::from(db.shard(tenant).number);
    let mut counts = vec![0_i64; next.len()];
    for (tenant, _) in drafts {
        counts[of(*tenant)] += 1;
    }
    // in shard order, so that two writers never wait for each other in a circle
    for (shard, count) in db.inner.shards.iter().zip(&counts).filter(|(_, count)| **count > 0) {
        next[usize::from(shard.number)] = take(tx, shard, *count).await?;
    }
    let mut stamped = Vec::with_capacity(drafts.len());
    for (tenant, draft) in drafts {
        let shard = db.shard(*tenant);
        let n = &mut next[usize::from(shard.number)];
        *n += 1;
        let position = Position { epoch: shard.epoch, shard: shard.number, n: *n };
        let body: Arc<str> = serde_json::to_string(&draft.event).map_err(Error::internal)?.into();
        stamped.push(Stamped { position, tenant: *tenant, audience: draft.audience, at, body });
    }
    insert(tx, &stamped).await?;
    Ok(stamped)
}

/// Reserves `count` numbers; returns the last one used before.
async fn take(tx: &DatabaseTransaction, shard: &Shard, count: i64) -> Result<i64> {
    let text = "update outbox_shard set head = head + ? where shard = ? returning head";
    let ask = sql(tx.get_database_backend(), text, [count.into(), i32::from(shard.number).into()]);
    let row = tx.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    let head: i64 = row.try_get_by_index(0).map_err(fault)?;
    Ok(head - count)
}

async fn insert(tx: &DatabaseTransaction, stamped: &[Stamped]) -> Result<()> {
    for part in stamped.chunks(1000) {
        let mut rows = Rows::of(&[Cast::Int, Cast::Big, Cast::Uuid, Cast::Int, Cast::Uuid, Cast::Text, Cast::Big]);
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
        tx.execute_raw(rows.statement(tx.get_database_backend(), before, "", [])).await.map_err(fault)?;
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
