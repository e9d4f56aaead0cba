//! What is in a bucket, and what was begun there and never finished.

use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{MultipartUpload, Object};
use kernel::{Result, Timestamp};

use super::{S3, answer};
use crate::{Key, Listed};

/// A page of our keys. Pages that hold nothing of ours are passed over: an empty one is the end.
pub(super) async fn list(store: &S3, after: Option<&str>, prefix: &str) -> Result<Vec<Listed>> {
    let mut after = after.map(|after| format!("{}{after}", store.prefix));
    loop {
        let request = store.client.list_objects_v2().bucket(&store.bucket).prefix(format!("{}{prefix}", store.prefix));
        let answer = request.set_start_after(after.take()).send().await;
        let answer = answer.map_err(|error| answer::failed("ListObjectsV2", error))?;
        let found: Vec<_> = answer.contents().iter().filter_map(|object| listed(store, object)).collect();
        after = answer.contents().last().and_then(Object::key).map(str::to_owned);
        if !found.is_empty() || after.is_none() || answer.is_truncated() != Some(true) {
            return Ok(found);
        }
    }
}

/// What is no key is not ours and is left alone.
fn listed(store: &S3, object: &Object) -> Option<Listed> {
    Some(Listed {
        key: key_of(store, object.key()?)?,
        bytes: u64::try_from(object.size()?).ok()?,
        modified: timestamp(object.last_modified()?)?,
    })
}

pub(super) async fn forget_unfinished(store: &S3, before: Timestamp) -> Result<u64> {
    let (mut swept, mut from) = (0, (None, None));
    loop {
        let request = store.client.list_multipart_uploads().bucket(&store.bucket).prefix(&store.prefix);
        let answer = request.set_key_marker(from.0).set_upload_id_marker(from.1).send().await;
        let answer = answer.map_err(|error| answer::failed("ListMultipartUploads", error))?;
        for upload in answer.uploads().iter().filter(|upload| is_old(upload, before)) {
            swept += forget(store, upload).await?;
        }
        let more = answer.is_truncated() == Some(true) && answer.next_key_marker.is_some();
        if !more {
            return Ok(swept);
        }
        from = (answer.next_key_marker, answer.next_upload_id_marker);
    }
}

fn is_old(upload: &MultipartUpload, before: Timestamp) -> bool {
    upload.initiated().and_then(timestamp).is_some_and(|begun| begun < before)
}

/// Aborts an upload of ours; one that another process was faster with does not count.
async fn forget(store: &S3, upload: &MultipartUpload) -> Result<u64> {
    let (Some(place), Some(id)) = (upload.key(), upload.upload_id()) else { return Ok(0) };
    if key_of(store, place).is_none() {
        return Ok(0);
    }
    let request = store.client.abort_multipart_upload().bucket(&store.bucket).key(place).upload_id(id);
    match request.send().await.map_err(|error| answer::refused("AbortMultipartUpload", error)) {
        Err(error) if answer::is_missing(&error) => Ok(0),
        aborted => aborted.map(|_| 1),
    }
}

fn key_of(store: &S3, place: &str) -> Option<Key> {
    place.strip_prefix(&store.prefix).and_then(|text| Key::parse(text).ok())
}

fn timestamp(at: &DateTime) -> Option<Timestamp> {
    at.to_millis().ok().map(Timestamp::from_millis)
}
