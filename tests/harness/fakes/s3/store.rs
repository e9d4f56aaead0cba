//! The store itself: files, with what its library leaves out of uploads in parts. It cannot list unfinished ones, and
//! answers for one that is over as nobody else does.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use s3s::dto::{
    AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput,
    CopyObjectInput, CopyObjectOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput, DeleteObjectInput,
    DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, GetObjectInput, GetObjectOutput, HeadObjectInput,
    HeadObjectOutput, ListMultipartUploadsInput, ListMultipartUploadsOutput, ListObjectsV2Input, ListObjectsV2Output,
    MultipartUpload, PutObjectInput, PutObjectOutput, Timestamp, UploadPartInput, UploadPartOutput,
};
use s3s::{S3, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use tokio::sync::watch;

#[derive(Clone)]
pub(super) struct Store {
    files: Arc<FileSystem>,
    uploads: watch::Sender<BTreeMap<String, MultipartUpload>>,
}

/// Uploads on one page of their list: few, so that a sweep has to turn pages.
const PAGE: usize = 2;

impl Store {
    pub(super) fn new(root: &Path) -> Self {
        let files = FileSystem::new(root).expect("a folder that can be read");
        Self { files: Arc::new(files), uploads: watch::Sender::default() }
    }

    pub(super) fn unfinished(&self) -> usize {
        self.uploads.borrow().len()
    }

    /// Waits until no upload is unfinished.
    pub(super) async fn settled(&self) {
        let _ = self.uploads.subscribe().wait_for(BTreeMap::is_empty).await;
    }

    fn over(&self, id: &str) -> S3Result<()> {
        let mut known = false;
        self.uploads.send_modify(|uploads| known = uploads.remove(id).is_some());
        if known { Ok(()) } else { Err(s3_error!(NoSuchUpload)) }
    }
}

#[async_trait::async_trait]
impl S3 for Store {
    async fn create_multipart_upload(
        &self,
        asked: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        let key = asked.input.key.clone();
        let answer = self.files.create_multipart_upload(asked).await?;
        let id = answer.output.upload_id.clone();
        let begun = Some(Timestamp::from(SystemTime::now()));
        let upload = MultipartUpload { key: Some(key), upload_id: id.clone(), initiated: begun, ..Default::default() };
        self.uploads.send_modify(|uploads| drop(uploads.insert(id.unwrap_or_default(), upload)));
        Ok(answer)
    }

    async fn upload_part(&self, asked: S3Request<UploadPartInput>) -> S3Result<S3Response<UploadPartOutput>> {
        if !self.uploads.borrow().contains_key(&asked.input.upload_id) {
            return Err(s3_error!(NoSuchUpload));
        }
        self.files.upload_part(asked).await
    }

    async fn complete_multipart_upload(
        &self,
        asked: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        self.over(&asked.input.upload_id)?;
        self.files.complete_multipart_upload(asked).await
    }

    async fn abort_multipart_upload(
        &self,
        asked: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        self.over(&asked.input.upload_id)?;
        self.files.abort_multipart_upload(asked).await
    }

    async fn list_multipart_uploads(
        &self,
        asked: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let (prefix, after) = (asked.input.prefix.unwrap_or_default(), asked.input.upload_id_marker);
        let mut uploads: Vec<_> = self
            .uploads
            .borrow()
            .iter()
            .filter(|(id, upload)| {
                upload.key.as_ref().is_some_and(|key| key.starts_with(&prefix))
                    && after.as_ref().is_none_or(|after| *id > after)
            })
            .map(|(_, upload)| upload.clone())
            .collect();
        let more = uploads.len() > PAGE;
        uploads.truncate(PAGE);
        let last = uploads.last().filter(|_| more).cloned().unwrap_or_default();
        Ok(S3Response::new(ListMultipartUploadsOutput {
            is_truncated: Some(more),
            next_key_marker: last.key,
            next_upload_id_marker: last.upload_id,
            uploads: Some(uploads),
            ..Default::default()
        }))
    }

    async fn put_object(&self, asked: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        self.files.put_object(asked).await
    }

    async fn get_object(&self, asked: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        self.files.get_object(asked).await
    }

    async fn head_object(&self, asked: S3Request<HeadObjectInput>) -> S3Result<S3Response<HeadObjectOutput>> {
        self.files.head_object(asked).await
    }

    async fn copy_object(&self, asked: S3Request<CopyObjectInput>) -> S3Result<S3Response<CopyObjectOutput>> {
        self.files.copy_object(asked).await
    }

    async fn delete_object(&self, asked: S3Request<DeleteObjectInput>) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.files.delete_object(asked).await
    }

    async fn delete_objects(&self, asked: S3Request<DeleteObjectsInput>) -> S3Result<S3Response<DeleteObjectsOutput>> {
        self.files.delete_objects(asked).await
    }

    async fn list_objects_v2(&self, asked: S3Request<ListObjectsV2Input>) -> S3Result<S3Response<ListObjectsV2Output>> {
        self.files.list_objects_v2(asked).await
    }
}
