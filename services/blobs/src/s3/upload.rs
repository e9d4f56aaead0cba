//! An upload in parts. Whatever ends it early, it is aborted: a store keeps, and charges for, parts for ever.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::Bytes;
use futures::Stream;
use kernel::{Kind, Result};

use super::parts::Parts;
use super::{S3, answer};
use crate::Key;
use crate::fault::away;

pub(super) struct Upload {
    store: S3,
    key: Key,
    id: String,
    done: Vec<CompletedPart>,
    sent: u64,
    over: bool,
}

impl Upload {
    /// In a task of its own: whoever is dropped while waiting drops, and so aborts, what the store makes of it.
    pub(super) async fn begin(store: &S3, key: &Key) -> Result<Self> {
        let begun = tokio::spawn(Self::begin_alone(store.clone(), *key));
        begun.await.map_err(|error| away("CreateMultipartUpload", error))?
    }

    async fn begin_alone(store: S3, key: Key) -> Result<Self> {
        let (encryption, kms_key) = store.encryption();
        let request = store.client.create_multipart_upload().bucket(&store.bucket).key(store.place(&key));
        let request = request.set_server_side_encryption(encryption).set_ssekms_key_id(kms_key);
        let answer = request.send().await.map_err(|error| answer::failed("CreateMultipartUpload", error))?;
        let id = answer.upload_id.ok_or_else(|| away("CreateMultipartUpload", "the store gave the upload no id"))?;
        Ok(Self { store, key, id, done: Vec::new(), sent: 0, over: false })
    }

    /// Sends the first part and all that follow, and makes them one.
    pub(super) async fn run<S>(mut self, first: Bytes, parts: &mut Parts<S>) -> Result<()>
    where
        S: Stream<Item = Result<Bytes>> + Send + Unpin,
    {
        let sent = self.send_all(first, parts).await;
        if let Err(error) = &sent
            && error.kind() != Kind::Unavailable
        {
            // whoever hears of the failure finds nothing left; with a store that is away, it is tried behind them
            self.abort().await;
        }
        self.over |= sent.is_ok();
        sent
    }

    async fn send_all<S>(&mut self, first: Bytes, parts: &mut Parts<S>) -> Result<()>
    where
        S: Stream<Item = Result<Bytes>> + Send + Unpin,
    {
        self.send(first).await?;
        loop {
            let part = parts.next().await?;
            self.send(part.bytes).await?;
            if part.last {
                return self.complete().await;
            }
        }
    }

    async fn send(&mut self, bytes: Bytes) -> Result<()> {
        let number = i32::try_from(self.done.len() + 1).map_err(|_| away("UploadPart", "too many parts"))?;
        self.sent += bytes.len() as u64;
        let store = &self.store;
        let request = store.client.upload_part().bucket(&store.bucket).key(store.place(&self.key));
        let request = request.upload_id(&self.id).part_number(number).body(ByteStream::from(bytes));
        let answer = request.send().await.map_err(|error| answer::failed("UploadPart", error))?;
        let part = CompletedPart::builder().part_number(number).set_e_tag(answer.e_tag);
        // where the protocol's checksums are on, the list of parts repeats them
        let part = part.set_checksum_crc32(answer.checksum_crc32).set_checksum_crc64_nvme(answer.checksum_crc64_nvme);
        self.done.push(part.build());
        Ok(())
    }

    async fn complete(&mut self) -> Result<()> {
        let store = &self.store;
        let parts = CompletedMultipartUpload::builder().set_parts(Some(std::mem::take(&mut self.done))).build();
        let request = store.client.complete_multipart_upload().bucket(&store.bucket).key(store.place(&self.key));
        let answer = request.upload_id(&self.id).multipart_upload(parts).send().await;
        match answer.map_err(|error| answer::refused("CompleteMultipartUpload", error)) {
            // a second try after an answer that was lost finds the upload gone, because it is done
            Err(error) if answer::is_missing(&error) => self.settled().await,
            completed => completed.map(drop),
        }
    }

    async fn settled(&self) -> Result<()> {
        match self.store.length(&self.key).await {
            Ok(length) if length == self.sent => Ok(()),
            Err(error) if !answer::is_missing(&error) => Err(error),
            _ => Err(away("CompleteMultipartUpload", "the store has forgotten the upload")),
        }
    }

    /// Best effort: what cannot be aborted now is found by the sweep.
    async fn abort(&mut self) {
        self.over = true;
        abort(&self.store, &self.key, &self.id).await;
    }
}

impl Drop for Upload {
    /// A visitor hung up or the store went away: the abort goes on behind.
    fn drop(&mut self) {
        if let (false, Ok(runtime)) = (self.over, tokio::runtime::Handle::try_current()) {
            let (store, key, id) = (self.store.clone(), self.key, std::mem::take(&mut self.id));
            runtime.spawn(async move { abort(&store, &key, &id).await });
        }
    }
}

async fn abort(store: &S3, key: &Key, id: &str) {
    let request = store.client.abort_multipart_upload().bucket(&store.bucket).key(store.place(key)).upload_id(id);
    if let Err(error) = request.send().await {
        let error = answer::refused("AbortMultipartUpload", error);
        tracing::warn!(%key, ?error, "an unfinished upload stays until the next sweep");
    }
}
