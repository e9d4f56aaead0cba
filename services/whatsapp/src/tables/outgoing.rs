//! What waits to leave through a number, and what became of it. `chat` adds the rows of messages.

use kernel::wire::{Delivery, Failure};
use kernel::{ConversationId, Error, Result, TenantId, Timestamp, WaSendId};
use sea_orm::entity::prelude::*;
use sea_orm::{ActiveValue::Unchanged, IntoActiveModel, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use store::{fault, sql};

use super::{read, word};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "outgoing")]
pub struct Model {
    pub tenant_id: TenantId,
    /// Our mark: Meta gives it back with every status.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WaSendId,
    pub channel_id: Uuid,
    pub conversation_id: ConversationId,
    pub seq: i64,
    /// Which call of a message that takes several.
    pub part: i32,
    /// How often somebody decided to send it once more.
    pub again: i32,
    /// `message` or `reaction`.
    pub kind: String,
    pub state: String,
    /// What is sent, as [`crate::send::plan::Part`]; of a new row, what the channel was told.
    pub request: Option<String>,
    /// Meta's id, sealed.
    pub wamid: Option<String>,
    pub wamid_hash: Option<String>,
    pub delivery: String,
    pub failure: Option<String>,
    /// Calls that were refused.
    pub attempts: i32,
    pub next_at: Timestamp,
    pub leased_until: Option<Timestamp>,
    pub called_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A message nobody has taken apart.
    New,
    /// A call to make.
    Ready,
    /// A call that is being made.
    Leased,
    /// A call whose answer was lost: a state may still come.
    Unknown,
    /// Meta took it.
    Accepted,
    /// It will not arrive, or nobody will know.
    Failed,
}

/// A row is in nobody's way when none before it in its conversation waits and none is being called.
const FREE: &str = "not exists (select 1 from outgoing e where e.conversation_id = o.conversation_id \
     and e.id <> o.id and (e.state = 'leased' or (e.state in ('new', 'ready') \
     and (e.seq, e.part, e.again, e.kind) < (o.seq, o.part, o.again, o.kind))))";

/// Rows that may be worked on now, at most one of each conversation.
pub async fn due(conn: &impl ConnectionTrait, channel: Uuid, now: Timestamp, most: i64) -> Result<Vec<Model>> {
    let text = format!(
        "select o.* from outgoing o where o.channel_id = ? and o.state in ('new', 'ready') and o.next_at <= ? \
         and {FREE} order by o.next_at, o.id limit ?"
    );
    rows(conn, &text, vec![channel.into(), now.into(), most.into()]).await
}

/// When the next row needs somebody; while nothing is `sending`, only those that were called already.
pub async fn next(conn: &impl ConnectionTrait, channel: Uuid, sending: bool) -> Result<Option<Timestamp>> {
    let waiting = if sending { format!("or (o.state in ('new', 'ready') and {FREE})") } else { String::new() };
    let text = format!(
        "select o.next_at from outgoing o where o.channel_id = ? and o.state in ('new', 'ready', 'leased', 'unknown') \
         and (o.state in ('leased', 'unknown') {waiting}) order by o.next_at limit 1"
    );
    let row = conn.query_one_raw(sql(conn.get_database_backend(), &text, [channel.into()])).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// Calls that never came back, and those nobody heard of since.
pub async fn late(conn: &impl ConnectionTrait, channel: Uuid, now: Timestamp, most: i64) -> Result<Vec<Model>> {
    let text = "select o.* from outgoing o where o.channel_id = ? and o.state in ('leased', 'unknown') \
                and o.next_at <= ? order by o.next_at limit ?";
    rows(conn, text, vec![channel.into(), now.into(), most.into()]).await
}

/// How many calls are being made.
pub async fn flying(conn: &impl ConnectionTrait, channel: Uuid) -> Result<i64> {
    let text = "select count(*) from outgoing where channel_id = ? and state = 'leased'";
    let row = conn.query_one_raw(sql(conn.get_database_backend(), text, [channel.into()])).await.map_err(fault)?;
    row.map_or(Ok(0), |row| row.try_get_by_index(0).map_err(fault))
}

async fn rows(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Vec<Model>> {
    let asked = sql(conn.get_database_backend(), text, values);
    Entity::find().from_raw_sql(asked).all(conn).await.map_err(fault)
}

/// One row, held until the unit ends.
pub async fn lock(conn: &impl ConnectionTrait, id: WaSendId) -> Result<Option<Model>> {
    Entity::find_by_id(id).lock_exclusive().one(conn).await.map_err(fault)
}

/// All rows of a message or of a message's reactions, oldest part first, held until the unit ends.
pub async fn lock_all(
    conn: &impl ConnectionTrait,
    conversation: ConversationId,
    seq: i64,
    kind: &str,
) -> Result<Vec<Model>> {
    let mine = Entity::find().filter(Column::ConversationId.eq(conversation)).filter(Column::Seq.eq(seq));
    let mine = mine.filter(Column::Kind.eq(kind)).order_by_asc(Column::Part).order_by_asc(Column::Again);
    mine.lock_exclusive().all(conn).await.map_err(fault)
}

/// The row with this mark, if it is this channel's.
pub async fn by_mark(conn: &impl ConnectionTrait, channel: Uuid, id: WaSendId) -> Result<Option<Model>> {
    let mine = Entity::find_by_id(id).filter(Column::ChannelId.eq(channel));
    mine.one(conn).await.map_err(fault)
}

/// The row of a message of Meta's.
pub async fn by_hash(conn: &impl ConnectionTrait, channel: Uuid, hash: &str) -> Result<Option<Model>> {
    let mine = Entity::find().filter(Column::ChannelId.eq(channel)).filter(Column::WamidHash.eq(hash));
    mine.one(conn).await.map_err(fault)
}

/// Adds a row.
pub async fn insert(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(conn).await.map(|_| ()).map_err(fault)
}

/// Writes the whole row.
pub async fn save(conn: &impl ConnectionTrait, row: &Model) -> Result<()> {
    let mut changed = row.clone().into_active_model().reset_all();
    changed.id = Unchanged(row.id);
    changed.update(conn).await.map(|_| ()).map_err(fault)
}

impl Model {
    /// Where it stands.
    pub fn stands(&self) -> Result<State> {
        read(&self.state)
    }

    /// The same row somewhere else.
    pub fn moved(mut self, to: State, now: Timestamp) -> Result<Self> {
        self.state = word(to)?;
        self.updated_at = now;
        Ok(self)
    }

    /// How far it has come.
    pub fn reached(&self) -> Result<Delivery> {
        read(&self.delivery)
    }

    /// Why it failed.
    pub fn reason(&self) -> Result<Option<Failure>> {
        self.failure.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)
    }

    /// Whether it failed for want of an answer: it may have arrived.
    pub fn is_unknown(&self) -> Result<bool> {
        Ok(self.reason()?.is_some_and(|failure| failure.unknown))
    }

    /// The row that failed for this reason.
    pub fn failed(mut self, why: &Failure, now: Timestamp) -> Result<Self> {
        self.failure = Some(serde_json::to_string(why).map_err(Error::internal)?);
        self.delivery = word(Delivery::Failed)?;
        self.leased_until = None;
        self.moved(State::Failed, now)
    }
}
