//! Everything durable goes through here, on SQLite or PostgreSQL, chosen by URL.
//!
//! Promises:
//! - a write happens in a [`Unit`]: rows, events and jobs commit together or not at all;
//! - events get positions without gaps, in the order in which they become visible;
//! - an answer leaves only after the commit that holds it ([`Committer`] gathers many into one commit);
//! - only this crate and `migration` know which database it is.

mod commit;
mod connect;
pub mod copies;
mod db;
mod examine;
mod faults;
mod jobs;
mod lag;
mod measure;
mod nodes;
mod nudged;
mod outbox;
mod patience;
mod reader;
mod ready;
mod rows;
mod seals;
mod unit;
mod wall;

pub use commit::{Committer, Gather};
pub use connect::StoreConfig;
pub use db::{Db, Snapshot};
pub use examine::{Examined, examine};
pub use faults::{fault, is_conflict};
pub use jobs::{Handler, Jobs, Leave, Leaving, NewJob, Outcome, Runner, Task};
pub use measure::{JobsOf, PoolUse};
pub use nodes::Node;
pub use outbox::{Followed, Following, Heads, Replay, Spot, Tail};
pub use patience::Patient;
pub use reader::Reader;
pub use rows::{Cast, Cell, Rows, one_of, parts, sql};
/// What rows are read and written through: a pool, a snapshot or a unit. Statements themselves stand in `tables/`.
pub use sea_orm::ConnectionTrait as Conn;
pub use seals::{Sealed, SealedRow, Walk};
pub use unit::{Committed, Unit};
pub use wall::Whose;
