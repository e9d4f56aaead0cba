//! The disputed readings, each a switch with a default, and the ledger that lists them.

mod ledger;
mod switches;

pub use ledger::{LEDGER, Reading, ledger};
pub use switches::Switches;
