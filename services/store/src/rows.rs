//! Statements written by hand for the hot path, spelled once for both databases.

use sea_orm::{DbBackend, Statement, Value};

/// A statement with `?` for each value, in the spelling of `backend`.
pub fn sql(backend: DbBackend, text: &str, values: impl IntoIterator<Item = Value>) -> Statement {
    let text = if backend == DbBackend::Postgres { numbered(text) } else { text.to_owned() };
    Statement::from_sql_and_values(backend, text, values)
}

fn numbered(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut n = 0;
    for c in text.chars() {
        if c == '?' {
            n += 1;
            out.push('$');
            out.push_str(&n.to_string());
        } else {
            out.push(c);
        }
    }
    out
}

/// What PostgreSQL must be told about a value in a bare `values` list; SQLite needs nothing.
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

/// Many rows for one statement: `values (?, ?), (?, ?)`, with types where PostgreSQL wants them.
pub struct Rows {
    casts: Vec<Cast>,
    values: Vec<Value>,
}

impl Rows {
    /// Rows of these columns.
    pub fn of(casts: &[Cast]) -> Self {
        Self { casts: casts.to_vec(), values: Vec::new() }
    }

    /// Adds a row; it must have as many values as there are columns.
    pub fn push<const N: usize>(&mut self, row: [Value; N]) {
        debug_assert_eq!(N, self.casts.len(), "a row with another number of columns");
        self.values.extend(row);
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// `before` + the list + `after` as one statement; `more` are the values of `?` in `after`.
    pub fn statement(
        self,
        backend: DbBackend,
        before: &str,
        after: &str,
        more: impl IntoIterator<Item = Value>,
    ) -> Statement {
        let rows = self.values.len() / self.casts.len().max(1);
        let row = self.row(backend);
        let list = vec![row.as_str(); rows].join(", ");
        sql(backend, &format!("{before} values {list} {after}"), self.values.into_iter().chain(more))
    }

    fn row(&self, backend: DbBackend) -> String {
        let spell = |cast: &Cast| match (backend, cast) {
            (DbBackend::Postgres, Cast::Uuid) => "cast(? as uuid)",
            (DbBackend::Postgres, Cast::Big) => "cast(? as bigint)",
            (DbBackend::Postgres, Cast::Int) => "cast(? as integer)",
            (DbBackend::Postgres, Cast::Text) => "cast(? as text)",
            _ => "?",
        };
        let cells: Vec<_> = self.casts.iter().map(spell).collect();
        format!("({})", cells.join(", "))
    }
}
