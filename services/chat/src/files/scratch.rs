//! A private folder for one check.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use futures::TryStreamExt;
use kernel::{Error, Kind, Result};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

use super::check::Keys;
use super::tables::file::Row;
use crate::Ctx;

/// How their names begin.
const PREFIX: &str = "porchlight-file-";
/// Longer than any check takes.
const LONGEST: Duration = Duration::from_secs(2 * 3_600);

/// A folder nobody else may enter; gone when dropped.
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes it.
    pub fn new() -> Result<Self> {
        let made = tempfile::Builder::new().prefix(PREFIX).tempdir().map_err(disk)?;
        std::fs::create_dir(made.path().join("out")).map_err(disk)?;
        Ok(Self(made))
    }

    /// Where the file's bytes go.
    pub fn input(&self) -> PathBuf {
        self.0.path().join("in")
    }

    /// Where the inspector writes.
    pub fn folder(&self) -> PathBuf {
        self.0.path().join("out")
    }
}

#[expect(clippy::disallowed_methods, reason = "compared with times the file system wrote down")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Removes folders whose process ended without removing them itself; says how many.
pub fn clear() -> std::io::Result<usize> {
    clear_in(&std::env::temp_dir(), now())
}

fn clear_in(place: &Path, now: SystemTime) -> std::io::Result<usize> {
    let mut gone = 0;
    for entry in std::fs::read_dir(place)?.flatten() {
        let age = entry.metadata().and_then(|about| about.modified()).ok().and_then(|at| now.duration_since(at).ok());
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        if ours && age.is_some_and(|age| age > LONGEST) && std::fs::remove_dir_all(entry.path()).is_ok() {
            gone += 1;
        }
    }
    Ok(gone)
}

/// A disk that is full or gone may be there again later.
fn disk(error: std::io::Error) -> Error {
    Error::unavailable("scratch_unavailable", "The file cannot be looked at just now.").caused_by(error)
}

/// Fetches a file's bytes; `false` when they are nowhere. An earlier run may have moved them on already.
pub async fn fetch(ctx: &Ctx, row: &Row, keys: &Keys, scratch: &Scratch) -> Result<bool> {
    let mut reading = ctx.files.blobs.read(&keys.from, None).await;
    if is_missing(&reading) {
        reading = ctx.files.blobs.read(&keys.to, None).await;
    }
    if is_missing(&reading) {
        return Ok(false);
    }
    let sha256 = row.sha256.as_deref().ok_or_else(|| Error::internal("a file that was never counted"))?;
    let mut body = reading?.verified(sha256).body;
    let mut file = tokio::fs::File::create(scratch.input()).await.map_err(disk)?;
    while let Some(part) = body.try_next().await? {
        file.write_all(&part).await.map_err(disk)?;
    }
    file.flush().await.map_err(disk)?;
    Ok(true)
}

fn is_missing<T>(result: &Result<T>) -> bool {
    result.as_ref().is_err_and(|error| error.kind() == Kind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_folders_of_ours_are_cleared() {
        let place = tempfile::tempdir().expect("a folder");
        for name in ["porchlight-file-abc", "somebody-elses"] {
            std::fs::create_dir(place.path().join(name)).expect("made");
        }
        let now = now();
        assert_eq!(clear_in(place.path(), now).expect("looked"), 0, "a check may be at work in it");
        assert_eq!(clear_in(place.path(), now + LONGEST * 2).expect("looked"), 1);
        assert!(place.path().join("somebody-elses").is_dir());
    }
}
