//! Stores of each kind, and bodies to put there.

use std::path::PathBuf;

use blobs::{Area, Blobs, BlobsConfig, Key, Reading};
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use harness::fakes::S3;
use kernel::{Clock, Error, Result, Secret, TenantId};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// More than any test puts.
pub const MOST: u64 = 1 << 40;
/// Bytes of a part of an upload.
pub const PART: usize = 5 * 1024 * 1024;
/// A body comes in chunks of so many bytes.
pub const CHUNK: usize = 64 * 1024;

/// A store and what it stands on.
pub struct Place {
    pub kind: &'static str,
    pub blobs: Blobs,
    pub folder: TempDir,
    pub s3: Option<S3>,
}

/// One store of each kind.
pub async fn both() -> [Place; 2] {
    let folder = tempfile::tempdir().expect("a folder");
    let url = Secret::new(format!("folder://{}/below/files", folder.path().display()));
    let blobs = Blobs::connect(&BlobsConfig { url, ..BlobsConfig::default() }).await.expect("a folder");
    let s3 = S3::start().await;
    // the times of the product: this is about what happens, not about how long it takes
    let BlobsConfig { url, access_key, secret_key, .. } = s3.config();
    let bucket = BlobsConfig { url, access_key, secret_key, ..BlobsConfig::default() };
    let bucket = Blobs::connect(&bucket).await.expect("a bucket");
    let other = tempfile::tempdir().expect("a folder");
    [
        Place { kind: "folder", blobs, folder, s3: None },
        Place { kind: "s3", blobs: bucket, folder: other, s3: Some(s3) },
    ]
}

impl Place {
    /// Puts a body of so many bytes under a new key.
    pub async fn put(&self, key: &Key, size: usize) {
        let stored = self.blobs.put(key, MOST, body(size)).await.expect(self.kind);
        assert_eq!((stored.bytes, stored.sha256), (size as u64, digest(size)), "{}", self.kind);
    }

    /// Lays an object there behind the store's back, where many are needed.
    pub fn lay(&self, key: &Key, bytes: &[u8]) {
        let file = self.file(key);
        std::fs::create_dir_all(file.parent().expect("a folder above")).expect("folders");
        std::fs::write(file, bytes).expect("a file");
    }

    /// Everything that is there, and what was begun and left.
    pub async fn left(&self) -> (usize, usize) {
        let listed = self.blobs.list(None, "").await.expect(self.kind).len();
        let unfinished = match &self.s3 {
            Some(s3) => s3.unfinished(),
            None => self.count_drafts(),
        };
        (listed, unfinished)
    }

    /// Waits until nothing is unfinished.
    pub async fn settled(&self) {
        match &self.s3 {
            Some(s3) => s3.settled().await,
            None => self.drafts(|count| count == 0).await,
        }
    }

    /// Waits until a folder holds as many drafts as wanted.
    pub async fn drafts(&self, wanted: impl Fn(usize) -> bool) {
        while !wanted(self.count_drafts()) {
            tokio::task::yield_now().await;
        }
    }

    fn count_drafts(&self) -> usize {
        std::fs::read_dir(self.folder.path().join("below/files/.unfinished")).expect("a folder for drafts").count()
    }

    /// The file that holds an object.
    pub fn file(&self, key: &Key) -> PathBuf {
        let text = key.to_string();
        let (folder, name) = text.split_at(text.len() - 32);
        match &self.s3 {
            Some(s3) => s3.file(key),
            None => self.folder.path().join("below/files").join(folder).join(&name[..2]).join(name),
        }
    }
}

/// A key of a new tenant.
pub fn key(area: Area) -> Key {
    Key::new(tenant(), area)
}

pub fn tenant() -> TenantId {
    TenantId::new(&Clock::System)
}

/// The first `size` of endless bytes that repeat nowhere near a chunk's or a part's length.
pub fn bytes(size: usize) -> Vec<u8> {
    let mut bytes = (0..=250).collect::<Vec<u8>>().repeat(size / 251 + 1);
    bytes.truncate(size);
    bytes
}

pub fn body(size: usize) -> impl Stream<Item = Result<Bytes>> + Send + Unpin {
    let chunk = Bytes::from(bytes(CHUNK + 251));
    futures::stream::iter((0..size).step_by(CHUNK)).map(move |start| {
        let (from, length) = (start % 251, CHUNK.min(size - start));
        Ok(chunk.slice(from..from + length))
    })
}

/// So many bytes, and then an error.
pub fn broken_body(size: usize) -> impl Stream<Item = Result<Bytes>> + Send + Unpin {
    body(size).chain(futures::stream::iter([Err(Error::invalid("hung_up", "The visitor went away."))]))
}

/// So many bytes, and then nothing, for ever.
pub fn stuck_body(size: usize) -> impl Stream<Item = Result<Bytes>> + Send + Unpin {
    body(size).chain(futures::stream::pending())
}

pub fn digest(size: usize) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes(size)))
}

pub async fn read(reading: Reading) -> Result<Vec<u8>> {
    reading
        .body
        .try_fold(Vec::new(), async |mut all, chunk| {
            all.extend_from_slice(&chunk);
            Ok(all)
        })
        .await
}
