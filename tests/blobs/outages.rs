//! What may happen to a store, or to us in the middle.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use blobs::{Area, Blobs, BlobsConfig, Key};
use futures::StreamExt;
use harness::fakes::S3;
use kernel::{Clock, Error, Kind, Result, Secret, TenantId};

use crate::place::{MOST, PART, body, bytes, key, read, stuck_body};

/// All tries of a request, and room for a busy machine.
const PATIENCE: Duration = Duration::from_secs(12);

struct Scene {
    s3: S3,
    blobs: Blobs,
    /// Something that was put while all was well.
    kept: Key,
}

/// More than lies in the buffers between us and the store.
const KEPT: usize = 3 * PART;

async fn scene() -> Scene {
    let s3 = S3::start().await;
    let blobs = Blobs::connect(&s3.config()).await.expect("a bucket");
    let kept = key(Area::Files);
    blobs.put(&kept, MOST, body(KEPT)).await.expect("all is well");
    Scene { s3, blobs, kept }
}

impl Scene {
    /// Everything one may want of a store, while it is not well.
    async fn all_fail(&self) {
        let begun = Instant::now();
        let other = Key::new(self.kept.tenant(), Area::Files);
        let (later, both) = (Clock::System.now(), [self.kept, other]);
        let (check, put, large, read, rename, delete, list, sweep) = tokio::join!(
            self.blobs.check(),
            self.blobs.put(&other, MOST, body(10)),
            self.blobs.put(&other, MOST, body(PART + 10)),
            self.blobs.read(&self.kept, None),
            self.blobs.rename(&self.kept, &other),
            self.blobs.delete(&both),
            self.blobs.list(None, ""),
            self.blobs.forget_unfinished(later),
        );
        let outcomes: [Option<Error>; 8] =
            [check.err(), put.err(), large.err(), read.err(), rename.err(), delete.err(), list.err(), sweep.err()];
        for (number, error) in outcomes.into_iter().enumerate() {
            let error = error.unwrap_or_else(|| panic!("number {number} went well"));
            assert_eq!(
                (error.kind(), error.code()),
                (Kind::Unavailable, "file_store_unavailable"),
                "{number} {error:?}"
            );
            assert!(error.retry_after().is_some());
        }
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    }

    async fn is_well(&self) {
        let reading = self.blobs.read(&self.kept, None).await.expect("it is back");
        assert!(read(reading).await.expect("whole") == bytes(KEPT));
        self.blobs.put(&Key::new(self.kept.tenant(), Area::Files), MOST, body(PART + 10)).await.expect("it is back");
    }
}

#[tokio::test]
async fn rel_a_store_that_is_away_is_said_to_be_and_comes_back() {
    let scene = scene().await;
    scene.s3.away().await;
    scene.all_fail().await;
    scene.s3.back().await;
    scene.is_well().await;
}

#[tokio::test]
async fn rel_a_store_that_says_nothing_is_not_waited_for_long() {
    let scene = scene().await;
    scene.s3.hang();
    scene.all_fail().await;
    scene.s3.back().await;
    scene.is_well().await;
}

#[tokio::test]
async fn rel_a_busy_store_is_asked_a_few_times() {
    let scene = scene().await;
    scene.s3.busy();
    scene.all_fail().await;
    let before = scene.s3.asked().len();
    scene.blobs.check().await.expect_err("busy");
    assert_eq!(scene.s3.asked().len() - before, 2, "as often as configured");
    scene.s3.back().await;
    scene.is_well().await;
}

#[tokio::test]
async fn rel_a_slow_store_is_still_a_store() {
    let scene = scene().await;
    scene.s3.slow(Duration::from_millis(1));
    scene.is_well().await;
}

#[tokio::test]
async fn rel_a_reading_that_stalls_or_breaks_off_is_an_error_and_never_the_end() {
    let scene = scene().await;
    let mut reading = scene.blobs.read(&scene.kept, None).await.expect("all is well");
    reading.body.next().await.expect("a first chunk").expect("all is well");
    let begun = Instant::now();
    scene.s3.hang();
    let stalled = read(reading).await.expect_err("it stalled");
    assert_eq!(stalled.code(), "file_store_unavailable", "{stalled:?}");
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());

    scene.s3.back().await;
    scene.s3.break_off_after(PART);
    let reading = scene.blobs.read(&scene.kept, None).await.expect("it begins");
    let short = read(reading).await.expect_err("it broke off");
    assert_eq!(short.code(), "file_store_unavailable", "{short:?}");
    scene.s3.back().await;
    scene.is_well().await;
}

#[tokio::test]
async fn rel_a_store_that_goes_away_in_the_middle_of_an_upload_gets_it_aborted_when_swept() {
    let scene = scene().await;
    let key = Key::new(scene.kept.tenant(), Area::Quarantine);
    let upload = scene.blobs.put(&key, MOST, body(40 * PART));
    let outage = async {
        scene.s3.heard(1, |asked| asked.path.contains("partNumber=2") && asked.path.contains(&key.to_string())).await;
        scene.s3.away().await;
    };
    let (failed, ()) = tokio::join!(upload, outage);
    assert_eq!(failed.expect_err("it went away").code(), "file_store_unavailable");
    scene.s3.back().await;
    let later = Clock::System.now().plus(Duration::from_secs(3_600));
    // the abort that goes on behind may be faster
    assert!(scene.blobs.forget_unfinished(later).await.expect("it is back") <= 1);
    scene.s3.settled().await;
    assert_eq!(scene.blobs.read(&key, None).await.err().map(|error| error.kind()), Some(Kind::NotFound));
}

#[tokio::test]
async fn rel_a_process_that_is_killed_leaves_an_upload_that_the_sweep_aborts() {
    let s3 = S3::start().await;
    let key = key(Area::Quarantine);
    let config = s3.config();
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "outages::puts_until_it_is_killed", "--ignored", "--nocapture"])
        .env("BLOBS_TEST_URL", config.url.reveal())
        .env("BLOBS_TEST_KEYS", format!("{} {}", s3.access_key, s3.secret_key))
        .env("BLOBS_TEST_KEY", key.to_string())
        .stdout(Stdio::null())
        .spawn()
        .expect("a child");
    s3.heard(1, |asked| asked.path.contains("partNumber=2")).await;
    child.kill().expect("it runs");
    child.wait().expect("it ended");
    let blobs = Blobs::connect(&config).await.expect("a bucket");
    assert_eq!(s3.unfinished(), 1);
    assert_eq!(blobs.list(None, "").await.expect("a list").len(), 0, "nothing half is to be seen");
    let now = Clock::System.now();
    assert_eq!(blobs.forget_unfinished(now.minus(Duration::from_secs(3_600))).await.expect("a sweep"), 0);
    assert_eq!(blobs.forget_unfinished(now.plus(Duration::from_secs(60))).await.expect("a sweep"), 1);
    assert_eq!(s3.unfinished(), 0);
}

#[tokio::test]
#[ignore = "the process that the test above kills"]
async fn puts_until_it_is_killed() {
    let said = |name: &str| std::env::var(name).expect("started by the test above");
    let keys = said("BLOBS_TEST_KEYS");
    let (access, secret) = keys.split_once(' ').expect("two words");
    let config = BlobsConfig {
        url: Secret::new(said("BLOBS_TEST_URL")),
        access_key: Secret::new(access.to_owned()),
        secret_key: Secret::new(secret.to_owned()),
        ..BlobsConfig::default()
    };
    let blobs = Blobs::connect(&config).await.expect("a bucket");
    let key: Key = said("BLOBS_TEST_KEY").parse().expect("a key");
    let put: Result<_> = blobs.put(&key, MOST, stuck_body(2 * PART + 5)).await;
    panic!("it ended by itself: {put:?}");
}

#[tokio::test]
async fn rel_a_folder_that_is_gone_is_a_store_that_is_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("files");
    let url = Secret::new(format!("folder://{}", root.display()));
    let blobs = Blobs::connect(&BlobsConfig { url, ..BlobsConfig::default() }).await.expect("a folder");
    let kept = Key::new(TenantId::new(&Clock::System), Area::Files);
    blobs.put(&kept, MOST, body(10)).await.expect("all is well");
    let aside = folder.path().join("aside");
    std::fs::rename(&root, &aside).expect("moved");
    let check = blobs.check().await.expect_err("gone");
    let put = blobs.put(&key(Area::Files), MOST, body(10)).await.expect_err("gone");
    let list = blobs.list(None, "").await.expect_err("gone");
    for error in [check, put, list] {
        assert_eq!(error.code(), "file_store_unavailable", "{error:?}");
    }
    std::fs::rename(&aside, &root).expect("moved back");
    blobs.check().await.expect("it is back");
    assert_eq!(read(blobs.read(&kept, None).await.expect("there")).await.expect("whole"), bytes(10));
}
