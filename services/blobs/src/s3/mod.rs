//! Bytes in a bucket: `{prefix}{key}`.
//!
//! An object appears whole or not at all; that is what the protocol promises. Up to one part of 5 MiB it is one
//! request, above it an upload in parts, of which one is in memory. The store checks every request's body against the
//! hash it is signed with.

mod answer;
mod connect;
mod parts;
mod read;
mod sweep;
mod upload;

use std::ops::Range;

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{Delete, ObjectIdentifier, ServerSideEncryption};
use bytes::Bytes;
use futures::Stream;
use kernel::{Error, Result, Timestamp};

use crate::config::{Bucket, Encryption};
use crate::fault::away;
use crate::stored::Counted;
use crate::{Key, Listed, PAGE, Reading, Stored};
use parts::Parts;
use upload::Upload;

/// A bucket as a store.
#[derive(Clone)]
pub(crate) struct S3 {
    client: Client,
    bucket: String,
    prefix: String,
    encryption: Encryption,
}

impl S3 {
    pub(crate) async fn connect(bucket: Bucket) -> Self {
        let client = connect::client(&bucket).await;
        Self { client, bucket: bucket.name, prefix: bucket.prefix, encryption: bucket.encryption }
    }

    pub(crate) async fn put<S>(&self, key: &Key, most: u64, body: S) -> Result<Stored>
    where
        S: Stream<Item = Result<Bytes>> + Send + Unpin,
    {
        let mut parts = Parts::new(Counted::new(body, most));
        let first = parts.next().await?;
        if first.last {
            self.put_at_once(key, first.bytes).await?;
        } else {
            Upload::begin(self, key).await?.run(first.bytes, &mut parts).await?;
        }
        Ok(parts.stored())
    }

    async fn put_at_once(&self, key: &Key, bytes: Bytes) -> Result<()> {
        let (encryption, kms_key) = self.encryption();
        let request = self.client.put_object().bucket(&self.bucket).key(self.place(key));
        let request = request.set_server_side_encryption(encryption).set_ssekms_key_id(kms_key);
        let answer = request.body(ByteStream::from(bytes)).send().await;
        answer.map(drop).map_err(|error| answer::failed("PutObject", error))
    }

    pub(crate) async fn read(&self, key: &Key, range: Option<Range<u64>>) -> Result<Reading> {
        read::read(self, key, range).await
    }

    /// Copy, then delete. Done already, the copy finds nothing and the new name is there.
    pub(crate) async fn rename(&self, from: &Key, to: &Key) -> Result<()> {
        match self.copy(from, to).await {
            Err(error) if answer::is_missing(&error) => return self.exists(to).await,
            copied => copied?,
        }
        self.delete_one(from).await
    }

    async fn copy(&self, from: &Key, to: &Key) -> Result<()> {
        let (encryption, kms_key) = self.encryption();
        let source = format!("{}/{}", self.bucket, self.place(from));
        let request = self.client.copy_object().bucket(&self.bucket).key(self.place(to)).copy_source(source);
        let request = request.set_server_side_encryption(encryption).set_ssekms_key_id(kms_key);
        request.send().await.map(drop).map_err(|error| answer::refused("CopyObject", error))
    }

    async fn exists(&self, key: &Key) -> Result<()> {
        self.length(key).await.map(drop)
    }

    /// Bytes under a key.
    async fn length(&self, key: &Key) -> Result<u64> {
        let answer = self.client.head_object().bucket(&self.bucket).key(self.place(key)).send().await;
        let head = answer.map_err(|error| answer::refused("HeadObject", error))?;
        head.content_length()
            .and_then(|length| u64::try_from(length).ok())
            .ok_or_else(|| away("HeadObject", "the store does not say how long the object is"))
    }

    pub(crate) async fn delete(&self, keys: &[Key]) -> Result<()> {
        if let [key] = keys {
            return self.delete_one(key).await;
        }
        for batch in keys.chunks(PAGE) {
            self.delete_batch(batch).await?;
        }
        Ok(())
    }

    /// Deleting what is not there is a success of the protocol.
    async fn delete_one(&self, key: &Key) -> Result<()> {
        let answer = self.client.delete_object().bucket(&self.bucket).key(self.place(key)).send().await;
        match answer.map_err(|error| answer::refused("DeleteObject", error)) {
            Err(error) if !answer::is_missing(&error) => Err(error),
            _ => Ok(()),
        }
    }

    async fn delete_batch(&self, keys: &[Key]) -> Result<()> {
        let named = keys.iter().map(|key| ObjectIdentifier::builder().key(self.place(key)).build());
        let named = named.collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
        let batch = Delete::builder().quiet(true).set_objects(Some(named)).build().map_err(Error::internal)?;
        let answer = self.client.delete_objects().bucket(&self.bucket).delete(batch).send().await;
        let answer = answer.map_err(|error| answer::failed("DeleteObjects", error))?;
        let failed = answer.errors().iter().find(|one| one.code() != Some("NoSuchKey"));
        failed.map_or(Ok(()), |one| Err(away("DeleteObjects", one.code().unwrap_or("an object was not deleted"))))
    }

    pub(crate) async fn list(&self, after: Option<&str>, prefix: &str) -> Result<Vec<Listed>> {
        sweep::list(self, after, prefix).await
    }

    pub(crate) async fn forget_unfinished(&self, before: Timestamp) -> Result<u64> {
        sweep::forget_unfinished(self, before).await
    }

    /// Asks for the shortest of listings: address, bucket and key have to be right for it.
    pub(crate) async fn check(&self) -> Result<()> {
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(&self.prefix).max_keys(1);
        request.send().await.map(drop).map_err(|error| answer::failed("ListObjectsV2", error))
    }

    fn place(&self, key: &Key) -> String {
        format!("{}{key}", self.prefix)
    }

    fn encryption(&self) -> (Option<ServerSideEncryption>, Option<String>) {
        match &self.encryption {
            Encryption::Bucket => (None, None),
            Encryption::Aes256 => (Some(ServerSideEncryption::Aes256), None),
            Encryption::Kms(key) => (Some(ServerSideEncryption::AwsKms), key.clone()),
        }
    }
}
