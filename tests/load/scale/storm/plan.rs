//! What befalls a cell, and by which rules its sockets come back.

use crate::scale::constants::Constants;

/// One cell: the processes with the role `realtime` on one database, and the sockets they hold.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    pub processes: usize,
    pub sockets: usize,
    /// Assumed: from the dial until the server has read who it is.
    pub dial_ms: u32,
    /// Assumed: one read of the database with its two trips.
    pub read_ms: f64,
    /// Reads of a visitor who signs in and missed something: `realtime/src/{live,resume}.rs`, `store/src/outbox/replay.rs`.
    pub reads: u32,
    /// Assumed: from the end of a process until its successor takes sockets, and until the next is stopped.
    pub start_ms: u32,
    pub settle_ms: u32,
}

impl Cell {
    /// As the model has them at full size.
    pub const fn of(processes: usize, sockets: usize) -> Self {
        Self { processes, sockets, dial_ms: 150, read_ms: 1.2, reads: 3, start_ms: 5_000, settle_ms: 10_000 }
    }
}

/// When a browser that polls tries a socket again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// All after the same pause, as they do.
    Fixed,
    /// Between half of it and half more, as they could.
    Spread,
}

/// How a proxy chooses among the processes that are ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Each in turn, or any.
    Any,
    Emptiest,
    EmptierOfTwo,
}

/// How everybody behaves.
#[derive(Clone, Debug)]
pub struct Rules {
    pub name: &'static str,
    pub product: Constants,
    pub is_admitting: bool,
    pub has_jitter: bool,
    pub again: Again,
    /// How much slower the database is than assumed.
    pub slower: f64,
    /// How the proxy chooses a process.
    pub choice: Choice,
}

impl Rules {
    /// As the product does it.
    pub const fn of_product(product: Constants) -> Self {
        Self {
            name: "as it is",
            product,
            is_admitting: true,
            has_jitter: true,
            again: Again::Fixed,
            slower: 1.0,
            choice: Choice::Any,
        }
    }

    /// The others, each with one thing changed.
    pub fn variants(product: &Constants) -> Vec<Self> {
        let same = || Self::of_product(product.clone());
        let drainless = Constants { drain_ms: 0, ..product.clone() };
        let generous = Constants { admitted: 1_000.0, ..product.clone() };
        vec![
            same(),
            Self { name: "drained at once", ..Self::of_product(drainless) },
            Self { name: "nobody refused", is_admitting: false, ..same() },
            Self { name: "back-off without chance", has_jitter: false, ..same() },
            Self { name: "1,000 a second let in", ..Self::of_product(generous) },
            Self { name: "again after 30 to 90 s", again: Again::Spread, ..same() },
            Self { name: "reads four times slower", slower: 4.0, ..same() },
            Self { name: "  and nobody refused", slower: 4.0, is_admitting: false, ..same() },
            Self { name: "to the emptiest process", choice: Choice::Emptiest, ..same() },
            Self { name: "to the emptier of two", choice: Choice::EmptierOfTwo, ..same() },
        ]
    }

    /// Sign-ins a process can do in a second: its connections for reads, each busy with a few reads for everyone.
    pub fn sign_ins(&self, cell: &Cell) -> f64 {
        f64::from(self.product.readers()) * 1000.0 / (f64::from(cell.reads) * cell.read_ms * self.slower)
    }
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// One process is killed: its sockets end at once.
    Killed,
    /// One machine is gone without a word: browsers find out by silence.
    Vanished,
    /// One process is stopped and started again.
    Restarted,
    /// All processes are, one after the other.
    Rolled,
    /// The proxy in front is started again: every socket ends, every process stays.
    CutOff,
}

pub const BLOWS: [Blow; 5] = [Blow::Killed, Blow::Vanished, Blow::Restarted, Blow::Rolled, Blow::CutOff];

impl Blow {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Killed => "one process is killed",
            Self::Vanished => "one machine falls silent",
            Self::Restarted => "one process is restarted",
            Self::Rolled => "all are restarted in turn",
            Self::CutOff => "every socket of the cell is cut",
        }
    }
}
