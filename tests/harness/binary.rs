//! The real program, for what only a process of its own can do.

use std::path::PathBuf;

/// The binary beside the tests: `cargo xtask test` builds it first.
pub fn binary() -> PathBuf {
    let own = std::env::current_exe().expect("our own path");
    let mut folders = own.ancestors().skip(1).take(2).map(|folder| folder.join("porchlight"));
    folders
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("porchlight is missing near {}: cargo build --workspace --bins", own.display()))
}
