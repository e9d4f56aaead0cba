//! The real program, for what only a process of its own can do.

use std::path::PathBuf;

/// The binary beside the tests: `cargo xtask test` builds it first.
pub fn binary() -> PathBuf {
    let path = place();
    assert!(path.is_file(), "{} is missing: cargo build --workspace --bins", path.display());
    path
}

/// Where it is once it is built: most tests do without it.
pub(crate) fn place() -> PathBuf {
    let own = std::env::current_exe().expect("our own path");
    let folder = own.parent().expect("a folder");
    let folder = if folder.ends_with("deps") { folder.parent().expect("a target folder") } else { folder };
    folder.join("porchlight")
}
