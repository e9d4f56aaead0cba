//! Echoes that may be of messages of ours whose answer is not here yet.

use kernel::{ContactId, Result, TenantId, Timestamp, WaNumberId};
use sea_orm::IntoActiveModel;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use store::{fault, sql};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_echo")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_id: WaNumberId,
    /// SHA-256 of Meta's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// The echo, sealed.
    pub body: String,
    /// When it came.
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Keeps one; the same one again changes nothing.
pub async fn put(conn: &impl ConnectionTrait, row: Model) -> Result<()> {
    let add = Entity::insert(row.into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    add.exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// One of a number.
pub async fn find(conn: &impl ConnectionTrait, number: WaNumberId, hash: &str) -> Result<Option<Model>> {
    Entity::find_by_id((number, hash.to_owned())).one(conn).await.map_err(fault)
}

/// Takes one out; `false` when it is gone already.
pub async fn take(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let gone = Entity::delete_by_id((row.number_id, row.hash.clone())).exec(conn).await.map_err(fault)?;
    Ok(gone.rows_affected == 1)
}

/// Whether a call of ours to this person has not told its message's id yet.
pub async fn is_calling(conn: &impl ConnectionTrait, channel: Uuid, contact: ContactId) -> Result<bool> {
    let text = "select 1 from outgoing o join conversation c on c.id = o.conversation_id where o.channel_id = ? \
                and o.state in ('leased', 'unknown') and o.wamid_hash is null and c.contact_id = ? limit 1";
    let ask = sql(conn.get_database_backend(), text, [channel.into(), contact.into()]);
    Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
}

/// Whether a message of ours has this id.
pub async fn is_ours(conn: &impl ConnectionTrait, channel: Uuid, hash: &str) -> Result<bool> {
    let text = "select 1 from outgoing where channel_id = ? and wamid_hash = ? limit 1";
    let ask = sql(conn.get_database_backend(), text, [channel.into(), hash.into()]);
    Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
}
