//! What is going to happen, by virtual time.

use std::collections::BTreeMap;

use crate::send::{Fetch, Step};
use crate::webhook::{Target, Update};

/// Something to do when its time has come.
pub enum Deed {
    /// An update leaves for whoever subscribes to it.
    Emit(Box<Update>),
    /// A batch that has waited its window is closed.
    Flush(Target),
    /// A delivery is tried.
    Deliver(u64),
    /// A sent message takes its next state.
    Status(Box<Step>),
    /// A linked file is fetched as Meta's proxy would.
    Fetch(Box<Fetch>),
}

/// Deeds in the order of their time, those of one time in the order they were written down.
#[derive(Default)]
pub struct Agenda {
    deeds: BTreeMap<(i64, u64), Deed>,
    written: u64,
}

impl Agenda {
    /// Writes a deed down.
    pub fn at(&mut self, due: i64, deed: Deed) {
        self.written += 1;
        self.deeds.insert((due, self.written), deed);
    }

    /// When the next deed is due.
    pub fn next(&self) -> Option<i64> {
        self.deeds.keys().next().map(|(due, _)| *due)
    }

    /// Takes the next deed if it is due by `now`.
    pub fn take(&mut self, now: i64) -> Option<(i64, Deed)> {
        let due = self.next().filter(|due| *due <= now)?;
        self.deeds.pop_first().map(|(_, deed)| (due, deed))
    }

    /// How many deeds wait.
    pub fn len(&self) -> usize {
        self.deeds.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.deeds.is_empty()
    }
}
