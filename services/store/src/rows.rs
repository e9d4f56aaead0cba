//! Statements written by hand for the hot path, spelled once for both databases.
//!
//! Many rows go to PostgreSQL as one array per column: the text stays the same whatever the number of rows, so that it
//! is prepared once, and nothing is bound cell by cell. SQLite, which has no arrays, gets a list of `values`.

use std::fmt::Write;

use kernel::{Id, Timestamp};
use sea_orm::{DbBackend, Statement, Value};
use uuid::Uuid;

/// A statement with `?` for each value, in the spelling of `backend`.
pub fn sql(backend: DbBackend, text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    let text = if backend == DbBackend::Postgres { numbered(text) } else { text.to_owned() };
    Statement::from_sql_and_values(backend, text, values)
}

fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut n = 0;
    for (place, part) in text.split('?').enumerate() {
        if place > 0 {
            n += 1;
            // writing to a String cannot fail
            let _ = write!(out, "${n}");
        }
        out.push_str(part);
    }
    out
}

/// Type of a column in a list of rows.
#[derive(Clone, Copy, Debug)]
pub enum Cast {
    /// `uuid`
    Uuid,
    /// `bigint`
    Big,
    /// `integer`
    Int,
    /// `text`
    Text,
}

impl Cast {
    const fn array(self) -> &'static str {
        match self {
            Self::Uuid => "cast(? as uuid[])",
            Self::Big => "cast(? as bigint[])",
            Self::Int => "cast(? as integer[])",
            Self::Text => "cast(? as text[])",
        }
    }
}

/// One value in a row.
#[derive(Clone, Copy, Debug)]
pub enum Cell<'a> {
    /// Nothing.
    Null,
    /// An id.
    Uuid(Uuid),
    /// A number.
    Number(i64),
    /// Text.
    Text(&'a str),
}

impl<K> From<Id<K>> for Cell<'_> {
    fn from(id: Id<K>) -> Self {
        Self::Uuid(id.uuid())
    }
}
impl From<Uuid> for Cell<'_> {
    fn from(id: Uuid) -> Self {
        Self::Uuid(id)
    }
}
impl From<i64> for Cell<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl From<i32> for Cell<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into())
    }
}
impl From<Timestamp> for Cell<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Number(at.millis())
    }
}
impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}
impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(maybe: Option<T>) -> Self {
        maybe.map_or(Self::Null, Into::into)
    }
}

/// Many rows for one statement.
pub struct Rows {
    casts: &'static [Cast],
    cells: Cells,
}

enum Cells {
    /// PostgreSQL: the text of one array per column.
    Columns(Vec<String>),
    /// SQLite: all values, row by row.
    List(Vec<Value>),
}

impl Rows {
    /// Room for about `count` rows of these columns.
    pub fn of(backend: DbBackend, casts: &'static [Cast], count: usize) -> Self {
        let cells = match backend {
            DbBackend::Postgres => {
                Cells::Columns(casts.iter().map(|_| String::with_capacity(2 + count * 38)).collect())
            }
            _ => Cells::List(Vec::with_capacity(count * casts.len())),
        };
        Self { casts, cells }
    }

    /// Adds a row; it must have as many cells as there are columns.
    pub fn push<const N: usize>(&mut self, row: [Cell<'_>; N]) {
        debug_assert_eq!(N, self.casts.len(), "a row with another number of columns");
        match &mut self.cells {
            Cells::Columns(columns) => columns.iter_mut().zip(row).for_each(|(column, cell)| append(column, cell)),
            Cells::List(values) => {
                values.extend(row.into_iter().zip(self.casts).map(|(cell, cast)| value(cell, *cast)))
            }
        }
    }

    /// `before` + the rows as a query + `after` as one statement; `more` are the values of `?` in `after`.
    pub fn statement(self, before: &str, after: &str, more: impl IntoIterator<Item = Value>) -> Statement {
        match self.cells {
            Cells::Columns(columns) => {
                let arrays: Vec<_> = self.casts.iter().map(|cast| cast.array()).collect();
                let text = format!("{before} select * from unnest({}) {after}", arrays.join(", "));
                let arrays = columns.into_iter().map(|column| Value::from(closed(column)));
                sql(DbBackend::Postgres, &text, arrays.chain(more))
            }
            Cells::List(values) => {
                let columns = self.casts.len().max(1);
                let row = format!("({})", vec!["?"; columns].join(", "));
                let list = vec![row.as_str(); values.len() / columns].join(", ");
                sql(DbBackend::Sqlite, &format!("{before} values {list} {after}"), values.into_iter().chain(more))
            }
        }
    }
}

/// A condition that `column` is one of `ids`, and its values.
pub fn one_of(backend: DbBackend, column: &str, ids: impl ExactSizeIterator<Item = Uuid>) -> (String, Vec<Value>) {
    if backend == DbBackend::Postgres {
        let mut array = String::with_capacity(2 + ids.len() * 38);
        ids.for_each(|id| append(&mut array, Cell::Uuid(id)));
        // read once: as a bare cast of a parameter it would be read again for every row that is looked at
        let once = format!("{column} = any(cast((select cast(? as uuid[])) as uuid[]))");
        return (once, vec![closed(array).into()]);
    }
    let marks = vec!["?"; ids.len()].join(", ");
    (format!("{column} in ({marks})"), ids.map(Value::from).collect())
}

/// A list as it is written: PostgreSQL takes any number of rows with one text; for SQLite it is cut into slices whose
/// lengths are powers of two, largest first, 256 at most, so that a handful of texts stays prepared.
pub fn parts<T>(backend: DbBackend, mut list: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = list.len();
        let take = match (length, backend) {
            (0, _) => return None,
            (_, DbBackend::Postgres) => length,
            _ => 1 << length.min(256).ilog2(),
        };
        let (part, rest) = list.split_at(take);
        list = rest;
        Some(part)
    })
}

/// Adds a cell to the text of an array.
fn append(array: &mut String, cell: Cell<'_>) {
    array.push(if array.is_empty() { '{' } else { ',' });
    match cell {
        Cell::Null => array.push_str("NULL"),
        Cell::Uuid(id) => array.push_str(id.as_hyphenated().encode_lower(&mut Uuid::encode_buffer())),
        Cell::Number(number) => {
            // writing to a String cannot fail
            let _ = write!(array, "{number}");
        }
        Cell::Text(text) => quote(array, text),
    }
}

fn quote(array: &mut String, text: &str) {
    array.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\']) {
        array.push_str(&rest[..at]);
        array.push('\\');
        array.push_str(&rest[at..=at]);
        rest = &rest[at + 1..];
    }
    array.push_str(rest);
    array.push('"');
}

fn closed(mut array: String) -> String {
    array.push_str(if array.is_empty() { "{}" } else { "}" });
    array
}

fn value(cell: Cell<'_>, cast: Cast) -> Value {
    match (cell, cast) {
        (Cell::Null, Cast::Uuid) => Value::Uuid(None),
        (Cell::Null, Cast::Text) => Value::String(None),
        (Cell::Null, _) => Value::BigInt(None),
        (Cell::Uuid(id), _) => id.into(),
        (Cell::Number(number), _) => number.into(),
        (Cell::Text(text), _) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &[Cast] = &[Cast::Big, Cast::Text];

    #[test]
    fn marks_are_numbered_for_postgresql_alone() {
        assert_eq!(numbered("a ? b ? c"), "a $1 b $2 c");
        assert_eq!(numbered("nothing"), "nothing");
        assert_eq!(sql(DbBackend::Sqlite, "a ?", [1.into()]).sql, "a ?");
    }

    #[test]
    fn an_array_keeps_every_character_of_its_texts() {
        let mut rows = Rows::of(DbBackend::Postgres, TWO, 3);
        for text in [Some(r#"say "hi" \ {a,b}"#), Some(""), None, Some("NULL")] {
            rows.push([7.into(), text.into()]);
        }
        let statement = rows.statement("insert into t", "returning ?", [3.into()]);
        assert_eq!(
            statement.sql,
            "insert into t select * from unnest(cast($1 as bigint[]), cast($2 as text[])) returning $3"
        );
        let values = statement.values.expect("values").0;
        assert_eq!(values[0], Value::from("{7,7,7,7}"));
        assert_eq!(values[1], Value::from(r#"{"say \"hi\" \\ {a,b}","",NULL,"NULL"}"#));
    }

    #[test]
    fn every_list_is_cut_into_powers_of_two_for_sqlite_alone() {
        for length in 0..700_usize {
            let list: Vec<usize> = (0..length).collect();
            let cut: Vec<&[usize]> = parts(DbBackend::Sqlite, &list).collect();
            assert!(cut.iter().all(|part| part.len().is_power_of_two()));
            assert_eq!(cut.concat(), list);
            assert_eq!(parts(DbBackend::Postgres, &list).count(), usize::from(length > 0));
        }
    }

    #[test]
    fn sqlite_gets_a_list_of_rows() {
        let mut rows = Rows::of(DbBackend::Sqlite, TWO, 2);
        rows.push([1.into(), "a".into()]);
        rows.push([2.into(), Cell::Null]);
        let statement = rows.statement("insert into t", "", []);
        assert_eq!(statement.sql, "insert into t values (?, ?), (?, ?) ");
        assert_eq!(statement.values.expect("values").0.len(), 4);
    }
}
