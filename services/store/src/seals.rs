//! Sealed columns, walked a few rows at a time so that they can be sealed with another key while everything runs.

use kernel::Result;
use sea_orm::{ConnectionTrait, Value};
use uuid::Uuid;

use crate::{Db, Whose, fault, sql};

/// Rows looked at in one go.
const LOOK: i64 = 500;
/// Rows changed in one commit.
const CHANGE: usize = 100;

/// A column that holds sealed text.
#[derive(Clone, Copy, Debug)]
pub struct Sealed {
    /// The table.
    pub table: &'static str,
    /// Its primary key: an id, and a text after it where it has one.
    pub key: (&'static str, Option<&'static str>),
    /// What the seal is bound to beside the id, if that is not the key's text.
    pub about: Option<&'static str>,
    /// The column.
    pub column: &'static str,
    /// Rows whose column is sealed; empty for all that are not null.
    pub only: &'static str,
    /// What the seal is bound to, from the id and the text.
    pub bound: fn(Uuid, &str) -> String,
}

/// A row of such a column.
#[derive(Clone, Debug)]
pub struct SealedRow {
    id: Uuid,
    text: String,
    /// What the seal is bound to.
    pub bound: String,
    /// As it is.
    pub sealed: String,
}

/// Where a walk stands; the beginning by default.
#[derive(Clone, Debug, Default)]
pub struct Walk(Option<(Uuid, String)>);

impl Sealed {
    /// The rows after a place, in the order of the key; none is the end.
    pub async fn next(&self, conn: &impl ConnectionTrait, walk: &mut Walk) -> Result<Vec<SealedRow>> {
        let (id, text) = self.key;
        let about = self.about.or(text).unwrap_or("''");
        let text_key = text.unwrap_or("''");
        let only = if self.only.is_empty() { String::new() } else { format!("and {}", self.only) };
        let (after, values) = match (&walk.0, text) {
            (None, _) => (String::new(), Vec::new()),
            (Some((uuid, _)), None) => (format!("and {id} > ?"), vec![Value::from(*uuid)]),
            (Some((uuid, last)), Some(text)) => {
                (format!("and ({id}, {text}) > (?, ?)"), vec![Value::from(*uuid), last.as_str().into()])
            }
        };
        let order = text.map_or_else(|| id.to_owned(), |text| format!("{id}, {text}"));
        let asked = format!(
            "select {id}, {text_key}, {about}, {column} from {table} where {column} is not null {only} {after} order by {order} limit {LOOK}",
            column = self.column,
            table = self.table
        );
        let rows = conn.query_all_raw(sql(conn.get_database_backend(), &asked, values)).await.map_err(fault)?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let (id, text): (Uuid, String) =
                (row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?);
            let about: String = row.try_get_by_index(2).map_err(fault)?;
            let bound = (self.bound)(id, &about);
            found.push(SealedRow { id, text, bound, sealed: row.try_get_by_index(3).map_err(fault)? });
        }
        walk.0 = found.last().map(|row| (row.id, row.text.clone()));
        Ok(found)
    }

    /// Puts new seals in the place of old ones; a row that changed meanwhile stays as it is. Gives how many were put.
    pub async fn put(&self, db: &Db, rows: &[(SealedRow, String)]) -> Result<u64> {
        let mut put = 0;
        for part in rows.chunks(CHANGE) {
            let unit = db.write(Whose::Platform).await?;
            for (row, new) in part {
                put += self.one(unit.conn(), row, new).await?;
            }
            unit.commit().await?;
        }
        Ok(put)
    }

    async fn one(&self, conn: &impl ConnectionTrait, row: &SealedRow, new: &str) -> Result<u64> {
        let (id, text) = self.key;
        let mut asked = format!("update {} set {} = ? where {id} = ? and {} = ?", self.table, self.column, self.column);
        let mut values = vec![Value::from(new), row.id.into(), row.sealed.as_str().into()];
        if let Some(text) = text {
            asked.push_str(&format!(" and {text} = ?"));
            values.push(row.text.as_str().into());
        }
        let done = conn.execute_raw(sql(conn.get_database_backend(), &asked, values)).await.map_err(fault)?;
        Ok(done.rows_affected())
    }
}
