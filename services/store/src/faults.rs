//! Database errors become the product's errors here, once.

use kernel::Error;
use metrics::counter;
use sea_orm::{DbErr, SqlErr};

/// Turns a database error into ours: away and busy are `Unavailable`, the rest is a fault.
pub fn fault(error: DbErr) -> Error {
    let fault = judged(error);
    counter!("porchlight_store_errors_total", "kind" => fault.code()).increment(1);
    fault
}

fn judged(error: DbErr) -> Error {
    match &error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => {
            Error::unavailable("store_unavailable", "The database cannot be reached just now; try again in a moment.")
                .caused_by(error)
        }
        _ if says(&error, &FULL) => Error::unavailable(
            "store_full",
            "The database has no room left, so nothing was kept; try again once somebody has made room.",
        )
        .caused_by(error),
        _ if says(&error, &FAILING) => Error::unavailable(
            "store_failing",
            "The database's disk refuses to write, so nothing was kept; try again in a moment.",
        )
        .caused_by(error),
        _ if is_passing(&error) => {
            Error::unavailable("store_busy", "The database is busy; try again in a moment.").caused_by(error)
        }
        _ => Error::internal(error),
    }
}

/// Whether a unique constraint spoke: the row was there already.
pub fn is_conflict(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether trying the same again can help: lost connections, locks, deadlocks, serialisation, a full disk.
pub(crate) fn is_passing(error: &DbErr) -> bool {
    says(error, &FULL) || says(error, &FAILING) || says(error, &PASSING)
}

/// There is no room on a disk.
const FULL: [&str; 2] = ["disk is full", "No space left"];
/// A disk answers with a fault of its own.
const FAILING: [&str; 3] = ["disk I/O", "could not fsync", "Input/output error"];
/// Somebody was in the way, or away for a moment.
const PASSING: [&str; 12] = [
    "database is locked",
    "deadlock detected",
    "could not serialize",
    "communicating with database",
    "connection",
    "shutting down",
    "starting up",
    "recovery mode",
    "conflict with recovery",
    "statement timeout",
    "lock timeout",
    "pool timed out",
];

fn says(error: &DbErr, signs: &[&str]) -> bool {
    let text = error.to_string();
    signs.iter().any(|sign| text.contains(sign))
}
