//! Bytes under keys, in a folder of this machine or in an S3 store.
//!
//! Promises:
//! - What [`Blobs::put`] has answered for is whole and durable; what failed half-way is not there.
//! - Memory is bounded whatever the size: about 2 MiB per file on its way into or out of a folder, one part of 5 MiB
//!   into an S3 store.
//! - [`Blobs::rename`], [`Blobs::delete`] and [`Blobs::forget_unfinished`] may run twice: jobs do.
//! - A store that is away, slow or refuses us is `file_store_unavailable` within the configured time. What is not
//!   there is *not found*; a bucket that is not there is not.

mod config;
mod fault;
mod folder;
mod key;
mod s3;
mod stored;
mod told;

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures::Stream;
use kernel::{Error, Result, Timestamp};

pub use config::BlobsConfig;
pub use key::{Area, Key};
pub use stored::{Listed, Reading, Stored};

use config::Place;
use folder::Folder;
use s3::S3;

/// Most objects in one page of a listing.
const PAGE: usize = 1_000;

/// Where bytes are kept; cheap to clone.
#[derive(Clone)]
pub struct Blobs(Kind);

#[derive(Clone)]
enum Kind {
    Folder(Arc<Folder>),
    S3(Arc<S3>),
}

impl Blobs {
    /// Reads the configuration and makes the folder. An S3 store is not asked yet: a store that is away does not keep
    /// the product from starting.
    pub async fn connect(config: &BlobsConfig) -> Result<Self> {
        Ok(Self(match config.place()? {
            Place::Folder(root) => Kind::Folder(Arc::new(Folder::open(root).await?)),
            Place::S3(bucket) => Kind::S3(Arc::new(S3::connect(*bucket).await)),
        }))
    }

    /// Stores a body under a key that is new. More than `most` bytes are `file_too_large`; an error of the body comes
    /// back as it is. Either way, and when the future is dropped, nothing is kept. After a store that went away in the
    /// very last step it may be there nevertheless: [`Blobs::list`] finds it.
    pub async fn put<S>(&self, key: &Key, most: u64, body: S) -> Result<Stored>
    where
        S: Stream<Item = Result<Bytes>> + Send + Unpin,
    {
        match &self.0 {
            Kind::Folder(folder) => folder.put(key, most, body).await,
            Kind::S3(bucket) => told::call("put", bucket.put(key, most, body)).await,
        }
    }

    /// The bytes under a key, or a part of them. A range that ends after the last byte is cut there; one that begins
    /// there or holds nothing is `range_not_satisfiable`.
    pub async fn read(&self, key: &Key, range: Option<Range<u64>>) -> Result<Reading> {
        match &self.0 {
            Kind::Folder(folder) => folder.read(key, range).await,
            Kind::S3(bucket) => told::call("read", bucket.read(key, range)).await,
        }
    }

    /// Gives bytes another key of the same tenant. May run twice: done already is done.
    pub async fn rename(&self, from: &Key, to: &Key) -> Result<()> {
        if from.tenant() != to.tenant() {
            return Err(Error::internal(format!("{from} cannot become {to}: bytes stay with their tenant")));
        }
        match &self.0 {
            Kind::Folder(folder) => folder.rename(from, to).await,
            Kind::S3(bucket) => told::call("rename", bucket.rename(from, to)).await,
        }
    }

    /// Deletes what is there of these.
    pub async fn delete(&self, keys: &[Key]) -> Result<()> {
        match &self.0 {
            Kind::Folder(folder) => folder.delete(keys).await,
            Kind::S3(bucket) => told::call("delete", bucket.delete(keys)).await,
        }
    }

    /// Up to 1,000 objects whose keys start with `prefix` and come after `after`, in the order of keys; none is the end.
    pub async fn list(&self, after: Option<&str>, prefix: &str) -> Result<Vec<Listed>> {
        match &self.0 {
            Kind::Folder(folder) => folder.list(after, prefix).await,
            Kind::S3(bucket) => told::call("list", bucket.list(after, prefix)).await,
        }
    }

    /// Clears away what was begun before `before` and never finished; says how much it was.
    pub async fn forget_unfinished(&self, before: Timestamp) -> Result<u64> {
        match &self.0 {
            Kind::Folder(folder) => folder.forget_unfinished(before).await,
            Kind::S3(bucket) => told::call("forget_unfinished", bucket.forget_unfinished(before)).await,
        }
    }

    /// Whether bytes can be stored and read just now.
    pub async fn check(&self) -> Result<()> {
        match &self.0 {
            Kind::Folder(folder) => folder.check().await,
            Kind::S3(bucket) => told::call("check", bucket.check()).await,
        }
    }
}
