//! A file that is being written. Dropped before it is kept, it is gone: a visitor who hangs up leaves nothing.

use std::io;
use std::path::{Path, PathBuf};

use kernel::{Error, Result};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncWriteExt, BufWriter};

use super::{blocking, disk};
use crate::fault::away;
use crate::key;

/// Small chunks are gathered to this many bytes: every write is a trip to another thread.
const GATHERED: usize = 256 * 1024;

pub(super) struct Draft {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Draft {
    pub(super) async fn begin(drafts: &Path) -> Result<Self> {
        let path = drafts.join(format!("{:032x}", key::random()));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await.map_err(failed)?;
        Ok(Self { path, file: BufWriter::with_capacity(GATHERED, file) })
    }

    pub(super) async fn write(&mut self, chunk: &[u8]) -> Result<()> {
        self.file.write_all(chunk).await.map_err(failed)
    }

    /// Everything written is on the disk after this.
    pub(super) async fn flush(&mut self) -> Result<()> {
        self.file.flush().await.map_err(failed)?;
        self.file.get_ref().sync_all().await.map_err(failed)
    }

    /// Gives the draft its place below the root.
    pub(super) async fn keep(mut self, root: &Path, place: &Path) -> Result<()> {
        self.flush().await?;
        let (root, draft, place) = (root.to_owned(), self.path.clone(), place.to_owned());
        blocking("storing", move || disk::keep(&root, &draft, &place)).await
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // kept: the name is gone already. One call without data, so it may stand in an async place
        if let Err(error) = std::fs::remove_file(&self.path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "an unfinished file stays until the next sweep");
        }
    }
}

/// A folder for drafts that went missing is a store that is away, not a file that is not found.
fn failed(error: io::Error) -> Error {
    away("storing", error)
}
