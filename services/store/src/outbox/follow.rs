//! Followers: readers of all events who keep their place in the database, in the commit that holds what they made of
//! them. Several processes may follow under one name: a shard somebody else is busy with is passed over.

use std::sync::Arc;

use kernel::{Error, Result, TenantId, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult};

use crate::{Db, Unit, fault, sql};

/// An event as a follower reads it.
#[derive(Clone, Debug)]
pub struct Followed {
    /// Whose.
    pub tenant: TenantId,
    /// When it was committed.
    pub at: Timestamp,
    /// Its JSON.
    pub body: Arc<str>,
}

/// Events of several shards, in order within each.
#[derive(Debug, Default)]
pub struct Following {
    /// The events.
    pub events: Vec<Followed>,
    /// Whether there are more already.
    pub has_more: bool,
}

struct Place {
    shard: i32,
    cursor: i64,
    head: i64,
}

impl Db {
    /// Whether events wait for the follower of this name. Asks nobody to wait.
    pub async fn awaits_follower(&self, name: &str) -> Result<bool> {
        let conn = self.platform();
        let text = "select 1 from follower f join outbox_shard s on s.shard = f.shard where f.name = ? and f.cursor < s.head limit 1";
        let ask = sql(conn.get_database_backend(), text, [name.into()]);
        Ok(conn.query_one_raw(ask).await.map_err(fault)?.is_some())
    }
}

impl Unit {
    /// What the follower of this name has not seen, up to `most` events of each shard. Its place moves with this
    /// unit's commit; events that were forgotten before they were followed are passed over.
    pub async fn follow(&self, name: &str, most: i64) -> Result<Following> {
        let mut following = Following::default();
        for place in places(self, name).await? {
            let found = events(self, &place, most).await?;
            let is_full = i64::try_from(found.len()).unwrap_or(0) == most;
            let cursor = found.last().filter(|_| is_full).map_or(place.head, |(n, _)| *n);
            following.has_more |= cursor < place.head;
            move_on(self, name, place.shard, cursor).await?;
            following.events.extend(found.into_iter().map(|(_, event)| event));
        }
        Ok(following)
    }
}

/// Where the follower stands in shards with news, held until the unit ends.
async fn places(unit: &Unit, name: &str) -> Result<Vec<Place>> {
    let backend = unit.conn().get_database_backend();
    let lock = if backend == DbBackend::Postgres { "for update of f skip locked" } else { "" };
    let text = format!(
        "select f.shard, f.cursor, s.head from follower f join outbox_shard s on s.shard = f.shard \
         where f.name = ? and f.cursor < s.head order by f.shard {lock}"
    );
    let rows = unit.conn().query_all_raw(sql(backend, &text, [name.into()])).await.map_err(fault)?;
    rows.iter().map(place).collect()
}

fn place(row: &QueryResult) -> Result<Place> {
    Ok(Place {
        shard: row.try_get_by_index(0).map_err(fault)?,
        cursor: row.try_get_by_index(1).map_err(fault)?,
        head: row.try_get_by_index(2).map_err(fault)?,
    })
}

async fn events(unit: &Unit, place: &Place, most: i64) -> Result<Vec<(i64, Followed)>> {
    let text = "select n, tenant_id, at, body from outbox where shard = ? and n > ? and n <= ? order by n limit ?";
    let values = [place.shard.into(), place.cursor.into(), place.head.into(), most.into()];
    let ask = sql(unit.conn().get_database_backend(), text, values);
    let rows = unit.conn().query_all_raw(ask).await.map_err(fault)?;
    rows.iter().map(event).collect()
}

fn event(row: &QueryResult) -> Result<(i64, Followed)> {
    let body: String = row.try_get_by_index(3).map_err(fault)?;
    let tenant = row.try_get_by_index(1).map_err(fault)?;
    let at = row.try_get_by_index(2).map_err(fault)?;
    Ok((row.try_get_by_index(0).map_err(fault)?, Followed { tenant, at, body: body.into() }))
}

async fn move_on(unit: &Unit, name: &str, shard: i32, cursor: i64) -> Result<()> {
    let text = "update follower set cursor = ? where name = ? and shard = ?";
    let ask = sql(unit.conn().get_database_backend(), text, [cursor.into(), name.into(), shard.into()]);
    let done = unit.conn().execute_raw(ask).await.map_err(fault)?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Error::internal("a follower without a place")),
    }
}
