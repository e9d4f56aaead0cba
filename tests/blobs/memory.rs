//! However large a file, memory is not.

use blobs::{Area, Blobs, BlobsConfig};
use futures::StreamExt;
use kernel::Secret;

use crate::place::{MOST, body, both, key};

const MIB: usize = 1024 * 1024;

/// Bytes of this process that are in memory.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").expect("a Linux machine");
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).expect("a number of pages") * 4096
}

/// Puts and reads so many bytes; the most that memory grew meanwhile.
async fn growth(blobs: &Blobs, size: usize) -> usize {
    let key = key(Area::Files);
    // what is made once: threads, connections
    blobs.put(&key, MOST, body(6 * MIB)).await.expect("put");
    let (before, mut most) = (resident(), 0);
    let watched = body(size).inspect(|_| most = most.max(resident()));
    blobs.put(&key, MOST, watched).await.expect("put");
    let mut reading = blobs.read(&key, None).await.expect("there");
    assert_eq!(reading.total, size as u64);
    while let Some(chunk) = reading.body.next().await {
        chunk.expect("whole");
        most = most.max(resident());
    }
    most.saturating_sub(before)
}

#[tokio::test]
async fn perf_two_hundred_megabytes_into_a_folder_need_a_few() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = Secret::new(format!("folder://{}", folder.path().display()));
    let blobs = Blobs::connect(&BlobsConfig { url, ..BlobsConfig::default() }).await.expect("a folder");
    let grown = growth(&blobs, 200 * MIB).await;
    assert!(grown < 30 * MIB, "grew by {} KiB", grown / 1024);
}

/// The store runs in the same process and its memory is counted too.
#[tokio::test]
async fn perf_a_hundred_megabytes_into_a_bucket_need_a_few_parts() {
    let [_, place] = both().await;
    let grown = growth(&place.blobs, 100 * MIB).await;
    assert!(grown < 30 * MIB, "grew by {} KiB", grown / 1024);
}
