//! Conversations that change hands because two contacts are one person. Only channels' conversations ever do.

use kernel::wire::Status;
use kernel::{ContactId, ConversationId, Error, Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, QueryResult};
use store::{fault, one_of, parts, sql};

use crate::contacts::Pair;

const ACTIVE: &str = "('open', 'pending', 'snoozed')";

/// Of two conversations that are worked on with both on one channel, the older one: where nothing was said for longer.
pub async fn doubled(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    pair: &Pair,
) -> Result<Vec<(ConversationId, Status)>> {
    let text = format!(
        "select a.id, a.status from conversation a join conversation b on b.tenant_id = a.tenant_id and b.channel_id = a.channel_id and b.id <> a.id \
         where a.tenant_id = ? and a.contact_id in (?, ?) and b.contact_id in (?, ?) and a.contact_id <> b.contact_id \
         and a.status in {ACTIVE} and b.status in {ACTIVE} and (a.last_message_at, a.id) < (b.last_message_at, b.id)"
    );
    let (kept, gone) = (pair.kept(), pair.gone());
    let values = [tenant.into(), kept.into(), gone.into(), kept.into(), gone.into()];
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    rows.iter()
        .map(|row| {
            let word: String = row.try_get_by_index(1).map_err(fault)?;
            let status = Status::from_word(&word).ok_or_else(|| Error::internal("an unknown status"))?;
            Ok((row.try_get_by_index(0).map_err(fault)?, status))
        })
        .collect()
}

/// Gives the gone contact's conversations to the kept one; says which.
pub async fn give(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    pair: &Pair,
    now: Timestamp,
) -> Result<Vec<ConversationId>> {
    let text =
        "update conversation set contact_id = ?, updated_at = ? where tenant_id = ? and contact_id = ? returning id";
    let values = [pair.kept().into(), now.into(), tenant.into(), pair.gone().into()];
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    rows.iter().map(first).collect()
}

/// Gives those of these conversations back that are still there; says which.
pub async fn take_back(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    ids: &[ConversationId],
    (kept, gone): (ContactId, ContactId),
    now: Timestamp,
) -> Result<Vec<ConversationId>> {
    let backend = conn.get_database_backend();
    let mut back = Vec::with_capacity(ids.len());
    for part in parts(backend, ids) {
        let (these, asked) = one_of(backend, "id", part.iter().map(ConversationId::uuid));
        let text = format!(
            "update conversation set contact_id = ?, updated_at = ? where tenant_id = ? and contact_id = ? and {these} returning id"
        );
        let values = [gone.into(), now.into(), tenant.into(), kept.into()].into_iter().chain(asked);
        let rows = conn.query_all_raw(sql(backend, &text, values)).await.map_err(fault)?;
        back.extend(rows.iter().map(first).collect::<Result<Vec<_>>>()?);
    }
    Ok(back)
}

/// Whether a conversation that was ended is still at its end, and its person has no other on that channel now.
pub async fn may_go_on(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<bool> {
    let text = format!(
        "select 1 from conversation a where a.tenant_id = ? and a.id = ? and a.status = 'resolved' and not exists \
         (select 1 from conversation b where b.tenant_id = a.tenant_id and b.contact_id = a.contact_id and b.channel_id = a.channel_id and b.status in {ACTIVE})"
    );
    let ask = sql(conn.get_database_backend(), &text, [tenant.into(), id.into()]);
    Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
}

fn first(row: &QueryResult) -> Result<ConversationId> {
    row.try_get_by_index(0).map_err(fault)
}
