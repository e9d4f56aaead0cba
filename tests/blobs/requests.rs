//! What an S3 store sees of us.

use blobs::{Area, Blobs, BlobsConfig, Key};
use harness::fakes::{Asked, S3};
use kernel::Secret;

use crate::place::{MOST, PART, body, bytes, key, read};

/// Puts small and large, copies and reads; gives back what the store was asked.
async fn life(s3: &S3, config: &BlobsConfig) -> Vec<Asked> {
    let blobs = Blobs::connect(config).await.expect("a configuration");
    for size in [10, PART + 10] {
        let from = key(Area::Quarantine);
        let to = Key::new(from.tenant(), Area::Files);
        blobs.put(&from, MOST, body(size)).await.expect("put");
        blobs.rename(&from, &to).await.expect("renamed");
        assert!(read(blobs.read(&to, None).await.expect("there")).await.expect("read") == bytes(size));
        blobs.delete(&[from, to]).await.expect("deleted");
    }
    s3.asked()
}

fn says<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    let mut lines = asked.head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn method(asked: &Asked) -> &str {
    asked.head.split(' ').next().unwrap_or_default()
}

/// Requests that make an object: the ones that say how it is encrypted.
fn making(asked: &Asked) -> bool {
    (method(asked) == "PUT" && !asked.path.contains("partNumber=")) || asked.path.contains("?uploads")
}

#[tokio::test]
async fn a_bucket_stands_in_the_path_and_no_checksum_of_the_protocol_is_sent() {
    let s3 = S3::start().await;
    let asked = life(&s3, &s3.config()).await;
    assert!(asked.len() >= 12, "{asked:#?}");
    for asked in &asked {
        let ours =
            asked.path.starts_with("/porchlight-files/kept/here/") || asked.path.starts_with("/porchlight-files?");
        assert!(ours || asked.path.starts_with("/porchlight-files/?"), "{asked:?}");
        assert_eq!(says(asked, "host"), Some(format!("127.0.0.1:{}", s3.port()).as_str()));
        let deletes = asked.path.contains("?delete");
        assert!(deletes || !asked.head.to_ascii_lowercase().contains("checksum"), "{asked:?}");
        let hash = says(asked, "x-amz-content-sha256").expect("a body is signed with its hash");
        assert!(hash.len() == 64, "{asked:?}");
    }
}

#[tokio::test]
async fn checksums_of_the_protocol_can_be_switched_on() {
    let s3 = S3::start().await;
    let url = Secret::new(format!("{}&checksums=on", s3.url()));
    let asked = life(&s3, &BlobsConfig { url, ..s3.config() }).await;
    let with = asked.iter().filter(|asked| {
        says(asked, "x-amz-checksum-crc32").is_some()
            || says(asked, "x-amz-trailer").is_some_and(|trailer| trailer.contains("checksum"))
    });
    assert!(with.count() >= 3, "{asked:#?}");
}

#[tokio::test]
async fn whatever_makes_an_object_asks_for_its_encryption() {
    for (encryption, algorithm, kms_key) in [
        ("", None, None),
        ("AES256", Some("AES256"), None),
        ("aws:kms", Some("aws:kms"), None),
        ("aws:kms:alias/files", Some("aws:kms"), Some("alias/files")),
    ] {
        let s3 = S3::start().await;
        let asked = life(&s3, &BlobsConfig { encryption: encryption.into(), ..s3.config() }).await;
        let made: Vec<_> = asked.iter().filter(|asked| making(asked)).collect();
        assert_eq!(made.len(), 4, "a put, an upload, two copies: {made:#?}");
        for asked in made {
            assert_eq!(says(asked, "x-amz-server-side-encryption"), algorithm, "{asked:?}");
            assert_eq!(says(asked, "x-amz-server-side-encryption-aws-kms-key-id"), kms_key, "{asked:?}");
        }
    }
}

#[tokio::test]
async fn a_wrong_key_is_a_store_that_cannot_be_used_and_the_log_says_why() {
    let s3 = S3::start().await;
    let wrong = Secret::new("wrong".to_owned());
    let (secret, unknown) =
        (BlobsConfig { secret_key: wrong.clone(), ..s3.config() }, BlobsConfig { access_key: wrong, ..s3.config() });
    // Amazon says InvalidAccessKeyId to the second
    for (config, code) in [(secret, "SignatureDoesNotMatch"), (unknown, "NotSignedUp")] {
        let blobs = Blobs::connect(&config).await.expect("nothing is asked yet");
        let checked = blobs.check().await.expect_err("refused");
        let put = blobs.put(&key(Area::Files), MOST, body(10)).await.expect_err("refused");
        let read = blobs.read(&key(Area::Files), None).await.err().expect("refused");
        for error in [checked, put, read] {
            assert_eq!(error.code(), "file_store_unavailable", "{error:?}");
            assert!(format!("{error:?}").contains(code), "{error:?}");
            assert!(!error.detail().contains(code), "people are not told: {error:?}");
        }
    }
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_no_lost_file() {
    let s3 = S3::start().await;
    let blobs = Blobs::connect(&s3.config()).await.expect("a bucket");
    s3.lose_bucket();
    let error = blobs.check().await.expect_err("the bucket is gone");
    assert_eq!(error.code(), "file_store_unavailable");
    assert!(format!("{error:?}").contains("NoSuchBucket"), "{error:?}");
}
