//! What goes in is counted and hashed on its way; what comes out knows its length.

use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use kernel::{Result, Timestamp};
use sha2::{Digest, Sha256};

use crate::Key;
use crate::fault::{corrupt, too_large};

/// What was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// How many bytes.
    pub bytes: u64,
    /// Their SHA-256, 64 lower-case hex digits.
    pub sha256: String,
}

/// Stored bytes on their way out.
pub struct Reading {
    /// Bytes of the whole object, also when a range was asked for.
    pub total: u64,
    /// The bytes asked for. Ends with an error, never silently, when the store gives fewer.
    pub body: BoxStream<'static, Result<Bytes>>,
}

/// One object of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name.
    pub key: Key,
    /// Its length.
    pub bytes: u64,
    /// When it was put or renamed, by the store's clock.
    pub modified: Timestamp,
}

impl Reading {
    /// The same bytes, ending in an error when they are not those of `sha256`. For readings of a whole object; the
    /// last bytes have left by then, so whoever hands them on must be able to break off.
    #[must_use]
    pub fn verified(self, sha256: &str) -> Self {
        let start = (Counted::new(self.body, u64::MAX), Some(sha256.to_owned()));
        let body = futures::stream::unfold(start, |(mut body, expected)| async move {
            let expected = expected?;
            match body.next().await {
                Ok(Some(chunk)) => Some((Ok(chunk), (body, Some(expected)))),
                Ok(None) if body.digest() == expected => None,
                Ok(None) => Some((Err(corrupt("the bytes are not the ones that were stored")), (body, None))),
                Err(error) => Some((Err(error), (body, None))),
            }
        });
        Self { total: self.total, body: body.boxed() }
    }
}

/// A body that is counted, hashed and refused once it is more than may be.
pub(crate) struct Counted<S> {
    body: S,
    most: u64,
    bytes: u64,
    hash: Sha256,
}

impl<S: Stream<Item = Result<Bytes>> + Unpin> Counted<S> {
    pub(crate) fn new(body: S, most: u64) -> Self {
        Self { body, most, bytes: 0, hash: Sha256::new() }
    }

    /// The next bytes, `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        let Some(chunk) = self.body.next().await.transpose()? else { return Ok(None) };
        self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        if self.bytes > self.most {
            return Err(too_large(self.most));
        }
        self.hash.update(&chunk);
        Ok(Some(chunk))
    }

    /// What has gone by.
    pub(crate) fn stored(&self) -> Stored {
        Stored { bytes: self.bytes, sha256: self.digest() }
    }

    fn digest(&self) -> String {
        HEXLOWER.encode(&self.hash.clone().finalize())
    }
}
