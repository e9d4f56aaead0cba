//! A file that is being written. Dropped before it is kept, it is gone: a visitor who hangs up leaves nothing.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use kernel::{Error, Result};
use tokio::fs::File;
use tokio::io::{AsyncWriteExt, BufWriter};

use super::{blocking, disk};
use crate::fault::away;
use crate::key;

/// Small chunks are gathered to this many bytes: every write is a trip to another thread.
const GATHERED: usize = 256 * 1024;

pub(super) struct Draft {
    name: Name,
    file: BufWriter<File>,
}

/// Takes the file with it when it goes.
struct Name(PathBuf);

impl Draft {
    pub(super) async fn begin(drafts: &Path) -> Result<Self> {
        let path = drafts.join(format!("{:032x}", key::random()));
        // made with its name in the same breath: whoever is dropped while waiting for it drops both
        let made = blocking("storing", move || {
            let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
            file.map(|file| (Name(path), file)).map_err(io::Error::other)
        });
        let (name, file) = made.await?;
        Ok(Self { name, file: BufWriter::with_capacity(GATHERED, File::from_std(file)) })
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
        let (root, draft, place) = (root.to_owned(), self.name.0.clone(), place.to_owned());
        blocking("storing", move || disk::keep(&root, &draft, &place)).await
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        // kept: the name is gone already. One call without data, so it may stand in an async place
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "an unfinished file stays until the next sweep");
        }
    }
}

fn failed(error: io::Error) -> Error {
    away("storing", error)
}
