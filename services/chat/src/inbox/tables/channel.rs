//! Channels as conversations name them.

use kernel::wire::{ChannelName, Source};
use kernel::{Error, Result, Timestamp, WaNumberId};
use sea_orm::ConnectionTrait;
use store::{fault, sql};

use crate::inbox::Channel;

/// Adds or renames one.
pub async fn put(conn: &impl ConnectionTrait, of: &Channel, name: &str, address: &str, now: Timestamp) -> Result<()> {
    let text = "insert into channel (tenant_id, id, source, name, address, updated_at) values (?, ?, ?, ?, ?, ?) \
                on conflict (id) do update set name = excluded.name, address = excluded.address, updated_at = excluded.updated_at";
    let values = [of.tenant.into(), of.id.into(), of.source.word().into(), name.into(), address.into(), now.into()];
    conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map(|_| ()).map_err(fault)
}

/// What it is called.
pub async fn name(conn: &impl ConnectionTrait, of: &Channel) -> Result<ChannelName> {
    let text = "select name, address from channel where tenant_id = ? and id = ?";
    let ask = sql(conn.get_database_backend(), text, [of.tenant.into(), of.id.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    let row = row.ok_or_else(|| Error::internal("a channel that was never named"))?;
    let id = match of.source {
        Source::Whatsapp => WaNumberId::from_uuid(of.id).to_string(),
        Source::Website => of.id.to_string(),
    };
    Ok(ChannelName {
        id,
        name: row.try_get_by_index(0).map_err(fault)?,
        address: row.try_get_by_index(1).map_err(fault)?,
    })
}
