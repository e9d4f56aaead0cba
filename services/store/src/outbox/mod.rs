//! The stream of events: numbered without gaps, handed on in order, replayed after any absence.

mod follow;
mod hints;
mod replay;
mod scrub;
mod sequence;
mod stamp;

pub use follow::{Followed, Following};
pub use hints::Heads;
pub use replay::Replay;
pub(crate) use replay::{forget, replay};
pub(crate) use scrub::scrub;
pub(crate) use sequence::Sequencer;
pub use sequence::Tail;
pub(crate) use stamp::stamp;

use kernel::{Error, Position, Result, Scope};
use sea_orm::{ConnectionTrait, QueryResult, Value};

use crate::{Db, fault, sql};

/// One counter of events.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shard {
    pub number: u16,
    pub epoch: u32,
    /// Head when the database was opened.
    pub head: i64,
}

/// The counters as they are.
pub(crate) async fn shards(conn: &impl ConnectionTrait) -> Result<Vec<Shard>> {
    let ask = sql(conn.get_database_backend(), "select shard, epoch, head from outbox_shard order by shard", []);
    let rows = conn.query_all_raw(ask).await.map_err(fault)?;
    rows.iter().map(shard_of).collect()
}

fn shard_of(row: &QueryResult) -> Result<Shard> {
    let number: i32 = row.try_get_by_index(0).map_err(fault)?;
    let epoch: i64 = row.try_get_by_index(1).map_err(fault)?;
    let head = row.try_get_by_index(2).map_err(fault)?;
    Ok(Shard {
        number: u16::try_from(number).map_err(Error::internal)?,
        epoch: u32::try_from(epoch).map_err(Error::internal)?,
        head,
    })
}

/// The shard's head as this connection sees it.
pub(crate) async fn head(conn: &impl ConnectionTrait, shard: &Shard) -> Result<Position> {
    let ask = sql(
        conn.get_database_backend(),
        "select head from outbox_shard where shard = ?",
        [i32::from(shard.number).into()],
    );
    let row = conn.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    Ok(Position { epoch: shard.epoch, shard: shard.number, n: row.try_get_by_index(0).map_err(fault)? })
}

/// A tenant's counter, for statements that read state and its exact place in the stream at once: a single statement
/// sees a single moment, so it needs no transaction around it.
#[derive(Clone, Copy, Debug)]
pub struct Spot(Shard);

impl Spot {
    /// A column that gives the head, with one `?`.
    pub const HEAD: &'static str = "(select head from outbox_shard where shard = ?)";

    /// The value of its `?`.
    pub fn value(&self) -> Value {
        i32::from(self.0.number).into()
    }

    /// The place the column named.
    pub fn position(&self, head: i64) -> Position {
        Position { epoch: self.0.epoch, shard: self.0.number, n: head }
    }
}

impl Db {
    /// Where to look for the place of a tenant's stream within a statement.
    pub fn spot(&self, scope: &Scope) -> Spot {
        Spot(*self.shard(scope.tenant()))
    }
}
