//! One row per message that went through a number, either way: Meta says everything again for a week.

use kernel::{ConversationId, Result, TenantId, Timestamp, WaNumberId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};
use store::{Cast, Rows, fault, parts};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "wa_message")]
pub struct Model {
    pub tenant_id: TenantId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number_id: WaNumberId,
    /// SHA-256 of Meta's id, hexadecimal: the id itself holds a phone number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// Meta's id, sealed.
    pub wamid: String,
    /// Where it stands; `None` for what stands nowhere, such as a reaction.
    pub conversation_id: Option<ConversationId>,
    pub seq: Option<i64>,
    /// `in`, `out`, `echo`, or `past` for what they wrote before the number was connected.
    pub way: String,
    pub at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Adds a row; `false` when it is there already. A second unit that adds the same waits for the first to end.
pub async fn note(conn: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let add = Entity::insert(row.clone().into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    add.exec_without_returning(conn).await.map(|rows| rows == 1).map_err(fault)
}

const COLUMNS: &[Cast] =
    &[Cast::Uuid, Cast::Uuid, Cast::Text, Cast::Text, Cast::Uuid, Cast::Big, Cast::Text, Cast::Big];

/// Adds many rows; those that are there stay as they are.
pub async fn note_all(conn: &impl ConnectionTrait, rows: &[Model]) -> Result<()> {
    let backend = conn.get_database_backend();
    for part in parts(backend, rows) {
        let mut list = Rows::of(backend, COLUMNS, part.len());
        for row in part {
            list.push([
                row.tenant_id.into(),
                row.number_id.into(),
                row.hash.as_str().into(),
                row.wamid.as_str().into(),
                row.conversation_id.into(),
                row.seq.into(),
                row.way.as_str().into(),
                row.at.into(),
            ]);
        }
        let before = "insert into wa_message (tenant_id, number_id, hash, wamid, conversation_id, seq, way, at)";
        let statement = list.statement(before, "on conflict do nothing", []);
        conn.execute_raw(statement).await.map_err(fault)?;
    }
    Ok(())
}

/// Says where a message stands that was added before it stood anywhere.
pub async fn place(
    conn: &impl ConnectionTrait,
    (number, hash): (WaNumberId, &str),
    (conversation, seq): (ConversationId, i64),
) -> Result<()> {
    let place = Entity::update_many()
        .col_expr(Column::ConversationId, Expr::value(Some(conversation)))
        .col_expr(Column::Seq, Expr::value(Some(seq)));
    let mine = place.filter(Column::NumberId.eq(number)).filter(Column::Hash.eq(hash));
    mine.exec(conn).await.map(|_| ()).map_err(fault)
}

/// The row of a message.
pub async fn find(conn: &impl ConnectionTrait, number: WaNumberId, hash: &str) -> Result<Option<Model>> {
    Entity::find_by_id((number, hash.to_owned())).one(conn).await.map_err(fault)
}

/// Rows of one message of a conversation; what an agent wrote with three files is three.
pub async fn at(conn: &impl ConnectionTrait, conversation: ConversationId, seq: i64) -> Result<Vec<Model>> {
    let mine = Entity::find().filter(Column::ConversationId.eq(conversation)).filter(Column::Seq.eq(seq));
    mine.all(conn).await.map_err(fault)
}

/// The last message that came in up to `seq`: what a read receipt names.
pub async fn last_in(conn: &impl ConnectionTrait, conversation: ConversationId, seq: i64) -> Result<Option<Model>> {
    let mine = Entity::find().filter(Column::ConversationId.eq(conversation)).filter(Column::Way.eq("in"));
    let upto = mine.filter(Column::Seq.lte(seq)).order_by_desc(Column::Seq).limit(1);
    upto.one(conn).await.map_err(fault)
}
