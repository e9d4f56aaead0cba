//! What files that are over leave in the store.

/// Job that deletes the objects of files that are over.
pub const ERASE: &str = "files.erase";
