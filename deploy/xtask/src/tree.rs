//! Where things are in the checkout.

use std::path::{Path, PathBuf};

/// The checkout this command was started in.
pub fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root = here.and_then(|crate_folder| crate_folder.ancestors().nth(2).map(Path::to_path_buf));
    root.unwrap_or_else(|| PathBuf::from("."))
}

/// Files below `folder`, sorted, without what was built or installed.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(folder, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        match path.is_dir() {
            true if is_made(&name.to_string_lossy()) => {}
            true => collect(&path, found),
            false => found.push(path),
        }
    }
}

fn is_made(folder: &str) -> bool {
    folder.starts_with("dist.") || matches!(folder, "node_modules" | "dist" | "target" | "data" | ".git" | ".vite")
}
