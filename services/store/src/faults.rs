//! Database errors become the product's errors here, once.

use kernel::Error;
use sea_orm::{DbErr, SqlErr};

/// Turns a database error into ours: away and busy are `Unavailable`, the rest is a fault.
pub fn fault(error: DbErr) -> Error {
    match &error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => {
            Error::unavailable("store_unavailable", "The database cannot be reached just now; try again in a moment.")
                .caused_by(error)
        }
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
    let text = error.to_string();
    [
        "database is locked",
        "deadlock detected",
        "could not serialize",
        "connection",
        "broken pipe",
        "disk is full",
        "disk I/O",
        "No space left",
        "shutting down",
        "starting up",
        "statement timeout",
        "pool timed out",
    ]
    .iter()
    .any(|sign| text.contains(sign))
}
