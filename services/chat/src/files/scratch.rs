//! A private folder for one check.

use std::path::PathBuf;

use futures::TryStreamExt;
use kernel::{Error, Kind, Result};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;

use super::check::Keys;
use super::tables::file::Row;
use crate::Ctx;

/// A folder nobody else may enter; gone when dropped.
pub struct Scratch(TempDir);

impl Scratch {
    /// Makes it.
    pub fn new() -> Result<Self> {
        let made = tempfile::Builder::new().prefix("porchlight-file-").tempdir().map_err(disk)?;
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
