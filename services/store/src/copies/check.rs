//! Refusals of restores, in words a person can act on.

use kernel::{Error, Kind};

pub(super) fn refused(code: &'static str, why: impl Into<String>) -> Error {
    Error::new(Kind::Conflict, code, why.into())
}

/// Something of this machine went wrong: a file, a program.
pub(super) fn failed(doing: &str, why: impl std::fmt::Display) -> Error {
    Error::new(Kind::Unavailable, "backup_failed", format!("{doing}: {why}"))
}
