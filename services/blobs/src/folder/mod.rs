//! Bytes in a folder of this machine: `{root}/{tenant}/{area}/{two digits}/{32 digits}`.
//!
//! A file appears under its name whole and durable or not at all: it is written under a name of its own in
//! `.unfinished`, flushed, renamed, and the folders are flushed. Only we may read it (0700 and 0600).

mod disk;
mod draft;
mod list;
mod read;

use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::Stream;
use kernel::{Error, Result, Timestamp};

use crate::fault::{away, of_folder};
use crate::stored::Counted;
use crate::{Key, Listed, Reading, Stored};
use draft::Draft;

/// Where drafts are; no tenant is called so.
const UNFINISHED: &str = ".unfinished";

/// A folder as a store.
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(crate) async fn open(root: PathBuf) -> Result<Self> {
        let folder = Self { root };
        let (root, drafts) = (folder.root.clone(), folder.drafts());
        blocking("opening the folder", move || {
            disk::make_root(&root)?;
            disk::make_root(&drafts)
        })
        .await?;
        Ok(folder)
    }

    pub(crate) async fn put<S>(&self, key: &Key, most: u64, body: S) -> Result<Stored>
    where
        S: Stream<Item = Result<Bytes>> + Send + Unpin,
    {
        let mut body = Counted::new(body, most);
        let mut draft = Draft::begin(&self.drafts()).await?;
        while let Some(chunk) = body.next().await? {
            draft.write(&chunk).await?;
        }
        draft.keep(&self.root, &place(key)).await?;
        Ok(body.stored())
    }

    pub(crate) async fn read(&self, key: &Key, range: Option<Range<u64>>) -> Result<Reading> {
        read::read(&self.root.join(place(key)), range).await
    }

    pub(crate) async fn rename(&self, from: &Key, to: &Key) -> Result<()> {
        let (root, from, to) = (self.root.clone(), place(from), place(to));
        blocking("renaming", move || disk::rename(&root, &from, &to)).await
    }

    pub(crate) async fn delete(&self, keys: &[Key]) -> Result<()> {
        let paths: Vec<_> = keys.iter().map(|key| self.root.join(place(key))).collect();
        blocking("deleting", move || disk::remove(&paths)).await
    }

    pub(crate) async fn list(&self, after: Option<&str>, prefix: &str) -> Result<Vec<Listed>> {
        let (root, after, prefix) = (self.root.clone(), after.unwrap_or_default().to_owned(), prefix.to_owned());
        blocking("listing", move || list::page(&root, &after, &prefix)).await
    }

    pub(crate) async fn forget_unfinished(&self, before: Timestamp) -> Result<u64> {
        let drafts = self.drafts();
        blocking("sweeping", move || disk::sweep(&drafts, before)).await
    }

    /// Writes a draft and throws it away: a full or read-only disk shows.
    pub(crate) async fn check(&self) -> Result<()> {
        let mut draft = Draft::begin(&self.drafts()).await?;
        draft.write(b"checked").await?;
        draft.flush().await
    }

    fn drafts(&self) -> PathBuf {
        self.root.join(UNFINISHED)
    }
}

/// Where a key's bytes are below the root; two digits in between, so that no folder grows without bound.
fn place(key: &Key) -> PathBuf {
    let text = key.to_string();
    let (folder, name) = text.split_at(text.len() - 32);
    Path::new(folder).join(&name[..2]).join(name)
}

/// Runs file system calls where they may block.
async fn blocking<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| away(doing, error))?;
    done.map_err(of_folder(doing))
}
