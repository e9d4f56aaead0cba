//! Everything that happened, in order: what was asked, what was pushed, what was answered, what was broken on purpose.

use serde::Serialize;
use serde_json::Value;

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// 1, 2, 3…
    pub n: u64,
    /// Virtual milliseconds.
    pub at: i64,
    /// `api`, `webhook`, `dropped`, `verification`, `actor`, `fault`, `control`.
    pub kind: &'static str,
    /// What it was, by kind.
    pub what: Value,
}

/// The list of entries.
#[derive(Default)]
pub struct Journal {
    entries: Vec<Entry>,
}

impl Journal {
    /// Writes one down.
    pub fn note(&mut self, at: i64, kind: &'static str, what: Value) {
        let n = self.entries.len() as u64 + 1;
        self.entries.push(Entry { n, at, kind, what });
    }

    /// Entries after number `after`, of one kind or of all.
    pub fn after<'a>(&'a self, after: u64, kind: Option<&'a str>) -> impl Iterator<Item = &'a Entry> {
        let start = (after as usize).min(self.entries.len());
        self.entries[start..].iter().filter(move |entry| kind.is_none_or(|kind| entry.kind == kind))
    }

    /// All entries.
    pub fn all(&self) -> &[Entry] {
        &self.entries
    }
}
