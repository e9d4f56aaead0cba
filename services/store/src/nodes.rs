//! Who runs: each process says every few seconds that it is there.

use kernel::{Result, Timestamp};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{Db, Whose, fault, sql};

/// A process as the others see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Made at its start.
    pub id: Uuid,
    /// What it does: `api+worker`.
    pub roles: String,
    /// Its release.
    pub version: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When it was heard of last.
    pub seen_at: Timestamp,
}

impl Db {
    /// Says that a node is there, and forgets those not heard of since `before`.
    pub async fn beat(&self, node: &Node, before: Timestamp) -> Result<()> {
        let unit = self.write(Whose::Platform).await?;
        let conn = unit.conn();
        let text = "insert into node (id, roles, version, started_at, seen_at) values (?, ?, ?, ?, ?) \
                    on conflict (id) do update set seen_at = excluded.seen_at";
        let (roles, version) = (node.roles.as_str(), node.version.as_str());
        let values = [node.id.into(), roles.into(), version.into(), node.started_at.into(), node.seen_at.into()];
        conn.execute_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
        let text = "delete from node where seen_at < ?";
        conn.execute_raw(sql(conn.get_database_backend(), text, [before.into()])).await.map_err(fault)?;
        unit.commit().await.map(drop)
    }

    /// Says that a node has left.
    pub async fn leave(&self, node: Uuid) -> Result<()> {
        let unit = self.write(Whose::Platform).await?;
        let conn = unit.conn();
        let gone = sql(conn.get_database_backend(), "delete from node where id = ?", [node.into()]);
        conn.execute_raw(gone).await.map_err(fault)?;
        unit.commit().await.map(drop)
    }

    /// All that were heard of lately, oldest first.
    pub async fn nodes(&self) -> Result<Vec<Node>> {
        let conn = self.platform();
        let text = "select id, roles, version, started_at, seen_at from node order by started_at, id";
        let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, [])).await.map_err(fault)?;
        let node = |row: &sea_orm::QueryResult| {
            Ok(Node {
                id: row.try_get_by_index(0).map_err(fault)?,
                roles: row.try_get_by_index(1).map_err(fault)?,
                version: row.try_get_by_index(2).map_err(fault)?,
                started_at: row.try_get_by_index(3).map_err(fault)?,
                seen_at: row.try_get_by_index(4).map_err(fault)?,
            })
        };
        rows.iter().map(node).collect()
    }
}
