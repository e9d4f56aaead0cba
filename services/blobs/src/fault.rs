//! The few ways in which storing fails, each with its one code.

use std::io;

use kernel::{Error, Kind};

/// What the log says of a store that cannot be used; never shown to the person who asked.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {why}")]
struct Fault {
    doing: &'static str,
    why: String,
}

/// The store is away, full, slow or refuses us: trying again later helps, and only the operator can do more.
pub(crate) fn away(doing: &'static str, why: impl ToString) -> Error {
    Error::unavailable("file_store_unavailable", "Files cannot be stored or read just now. Try again in a minute.")
        .caused_by(Fault { doing, why: why.to_string() })
}

/// The store gave something else than was put.
pub(crate) fn corrupt(why: &'static str) -> Error {
    away("reading", why)
}

/// More came than may be stored.
pub(crate) fn too_large(most: u64) -> Error {
    Error::new(Kind::TooLarge, "file_too_large", format!("This file is larger than {most} bytes, the most allowed."))
}

/// A range that does not begin within the object.
pub(crate) fn out_of_range() -> Error {
    Error::invalid("range_not_satisfiable", "The range begins after the last byte of the file.")
}

/// A file that is not there is not found; all else means that the store cannot be used.
pub(crate) fn of_folder(doing: &'static str) -> impl Fn(io::Error) -> Error {
    move |error| match error.kind() {
        io::ErrorKind::NotFound => Error::not_found(),
        _ => away(doing, error),
    }
}
