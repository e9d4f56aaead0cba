//! What a set of files holds, as one word: decides whether something must be built again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Names and contents together. Times do not count: a fresh clone of the same files is the same.
pub fn of(root: &Path, files: &[PathBuf]) -> String {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(root).unwrap_or(file).hash(&mut hasher);
        std::fs::read(file).unwrap_or_default().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// Whether `stamp` was written for `now`.
pub fn is_fresh(stamp: &Path, now: &str) -> bool {
    std::fs::read_to_string(stamp).is_ok_and(|then| then == now)
}
