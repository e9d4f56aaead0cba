//! What both kinds promise.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use blobs::{Area, Key};
use kernel::{Clock, Kind};

use crate::place::{MOST, PART, Place, body, both, broken_body, bytes, key, read, stuck_body, tenant};

#[tokio::test]
async fn what_was_put_is_read_back_whatever_its_size() {
    for place in both().await {
        for size in [0, 1, PART, PART + 1, 2 * PART + 77_777] {
            let key = key(Area::Files);
            place.put(&key, size).await;
            let reading = place.blobs.read(&key, None).await.expect(place.kind);
            assert_eq!(reading.total, size as u64, "{}", place.kind);
            assert!(read(reading).await.expect(place.kind) == bytes(size), "{} of {size}", place.kind);
        }
        assert_eq!(place.left().await, (5, 0), "{}", place.kind);
        place.blobs.check().await.expect(place.kind);
    }
}

#[tokio::test]
async fn a_part_is_read_by_its_range() {
    let whole = bytes(300_000);
    for place in both().await {
        let key = key(Area::Files);
        place.put(&key, whole.len()).await;
        for (asked, given) in
            [(0..1, 0..1), (5..100_005, 5..100_005), (299_999..300_000, 299_999..300_000), (0..u64::MAX, 0..300_000)]
        {
            let reading = place.blobs.read(&key, Some(asked.clone())).await.expect(place.kind);
            assert_eq!(reading.total, 300_000, "{} {asked:?}", place.kind);
            assert!(read(reading).await.expect(place.kind) == whole[given], "{} {asked:?}", place.kind);
        }
        for nothing in [300_000..300_001, 7..7, u64::MAX - 1..u64::MAX] {
            let Err(error) = place.blobs.read(&key, Some(nothing)).await else { panic!("{}", place.kind) };
            assert_eq!(error.code(), "range_not_satisfiable", "{}", place.kind);
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    for place in both().await {
        let key = key(Area::Files);
        let read = place.blobs.read(&key, None).await.err().map(|error| error.kind());
        let ranged = place.blobs.read(&key, Some(0..5)).await.err().map(|error| error.kind());
        let moved =
            place.blobs.rename(&key, &Key::new(key.tenant(), Area::Files)).await.err().map(|error| error.kind());
        assert_eq!([read, ranged, moved], [Some(Kind::NotFound); 3], "{}", place.kind);
        place.blobs.delete(&[key]).await.expect(place.kind);
    }
}

#[tokio::test]
async fn renaming_twice_is_renaming_once() {
    for place in both().await {
        let from = key(Area::Quarantine);
        let to = Key::new(from.tenant(), Area::Files);
        place.put(&from, PART + 9).await;
        for _ in 0..2 {
            place.blobs.rename(&from, &to).await.expect(place.kind);
            assert!(place.blobs.read(&from, None).await.is_err(), "{}", place.kind);
            let reading = place.blobs.read(&to, None).await.expect(place.kind);
            assert!(read(reading).await.expect(place.kind) == bytes(PART + 9), "{}", place.kind);
        }
        let foreign = place.blobs.rename(&to, &key(Area::Files)).await;
        assert_eq!(foreign.err().map(|error| error.kind()), Some(Kind::Internal), "{}", place.kind);
        assert_eq!(place.left().await, (1, 0), "{}", place.kind);
    }
}

#[tokio::test]
async fn deleting_twice_is_deleting_once() {
    for place in both().await {
        let keys: Vec<_> = (0..5).map(|_| key(Area::Previews)).collect();
        let stays = key(Area::Files);
        for key in keys.iter().chain([&stays]) {
            place.put(key, 10).await;
        }
        for deleted in [&keys[..1], &keys[..1], &keys[..], &keys[..], &[]] {
            place.blobs.delete(deleted).await.expect(place.kind);
        }
        let left: Vec<_> = place.blobs.list(None, "").await.expect(place.kind).iter().map(|one| one.key).collect();
        assert_eq!(left, [stays], "{}", place.kind);
    }
}

#[tokio::test]
async fn lists_come_in_pages_in_the_order_of_keys() {
    for place in both().await {
        let (mine, theirs) = (tenant(), tenant());
        let keys = (0..1_005).map(|n| Key::new(mine, if n % 2 == 0 { Area::Files } else { Area::Quarantine }));
        let mut keys: Vec<_> = keys.chain([Key::new(theirs, Area::Files)]).collect();
        keys.iter().for_each(|key| place.lay(key, b"abc"));
        keys.sort();
        let (mut seen, mut pages, mut after) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            let page = place.blobs.list(after.as_deref(), "").await.expect(place.kind);
            let Some(last) = page.last() else { break };
            after = Some(last.key.to_string());
            pages.push(page.len());
            assert!(
                page.iter()
                    .all(|one| one.bytes == 3 && one.modified.since(Clock::System.now()) < Duration::from_secs(60))
            );
            seen.extend(page.iter().map(|one| one.key));
        }
        assert_eq!(pages, [1_000, 6], "{}", place.kind);
        assert!(seen == keys, "{}: {} keys", place.kind, seen.len());
        for area in [Area::Files, Area::Previews, Area::Quarantine] {
            let prefix = format!("{}/{}/", mine.uuid().as_simple(), area.as_str());
            let found = place.blobs.list(None, &prefix).await.expect(place.kind).len();
            let expected = keys.iter().filter(|key| key.to_string().starts_with(&prefix)).count();
            assert_eq!(found, expected, "{} {prefix}", place.kind);
        }
        assert_eq!(place.blobs.list(None, "../").await.expect(place.kind).len(), 0, "{}", place.kind);
    }
}

#[tokio::test]
async fn more_than_may_be_leaves_nothing() {
    for place in both().await {
        for size in [1_000, 2 * PART] {
            let key = key(Area::Quarantine);
            let refused = place.blobs.put(&key, size as u64 - 1, body(size)).await.expect_err(place.kind);
            assert_eq!((refused.kind(), refused.code()), (Kind::TooLarge, "file_too_large"), "{}", place.kind);
            assert_eq!(place.left().await, (0, 0), "{} of {size}", place.kind);
        }
        place.blobs.put(&key(Area::Quarantine), 1_000, body(1_000)).await.expect(place.kind);
    }
}

#[tokio::test]
async fn a_body_that_fails_leaves_nothing_and_its_error_comes_back() {
    for place in both().await {
        for size in [0, 1_000, 2 * PART] {
            let failed = place.blobs.put(&key(Area::Quarantine), MOST, broken_body(size)).await.expect_err(place.kind);
            assert_eq!(failed.code(), "hung_up", "{}", place.kind);
            assert_eq!(place.left().await, (0, 0), "{} of {size}", place.kind);
        }
    }
}

#[tokio::test]
async fn who_is_given_up_in_the_middle_leaves_nothing() {
    for place in both().await {
        let key = key(Area::Quarantine);
        {
            let mut put = std::pin::pin!(place.blobs.put(&key, MOST, stuck_body(2 * PART + 5)));
            tokio::select! {
                _ = &mut put => panic!("{}: it cannot end", place.kind),
                () = begun(&place, 2, 1) => {}
            }
        }
        place.settled().await;
        assert_eq!(place.left().await, (0, 0), "{}", place.kind);
    }
}

#[tokio::test]
async fn what_was_begun_and_left_is_swept() {
    for place in both().await {
        let before = Clock::System.now();
        let keys: Vec<_> = (0..5).map(|_| key(Area::Quarantine)).collect();
        let mut puts: Vec<_> =
            keys.iter().map(|key| Box::pin(place.blobs.put(key, MOST, stuck_body(PART + 5)))).collect();
        tokio::select! {
            _ = futures::future::select_all(&mut puts) => panic!("{}: none can end", place.kind),
            () = begun(&place, 5, 5) => {}
        }
        place.put(&key(Area::Files), 10).await;
        let hour = Duration::from_secs(3_600);
        assert_eq!(place.blobs.forget_unfinished(before.minus(hour)).await.expect(place.kind), 0, "{}", place.kind);
        assert_eq!(place.blobs.forget_unfinished(before.plus(hour)).await.expect(place.kind), 5, "{}", place.kind);
        assert_eq!(place.blobs.forget_unfinished(before.plus(hour)).await.expect(place.kind), 0, "{}", place.kind);
        assert_eq!(place.left().await, (1, 0), "{}: what is finished stays", place.kind);
    }
}

#[tokio::test]
async fn who_was_swept_from_under_hears_of_it() {
    for place in both().await {
        let (go, gone) = tokio::sync::oneshot::channel();
        let rest = futures::stream::once(async move {
            let _ = gone.await;
            Ok(bytes::Bytes::from_static(b"the rest"))
        });
        let key = key(Area::Quarantine);
        let body = Box::pin(futures::StreamExt::chain(body(PART + 5), rest));
        let sweep = async {
            begun(&place, 1, 1).await;
            let later = Clock::System.now().plus(Duration::from_secs(3_600));
            assert_eq!(place.blobs.forget_unfinished(later).await.expect(place.kind), 1, "{}", place.kind);
            go.send(()).expect("it waits for this");
        };
        let (put, ()) = tokio::join!(place.blobs.put(&key, MOST, body), sweep);
        assert_eq!(put.expect_err(place.kind).code(), "file_store_unavailable", "{}", place.kind);
        assert_eq!(place.left().await, (0, 0), "{}", place.kind);
    }
}

#[tokio::test]
async fn bytes_that_are_not_those_that_were_stored_end_in_an_error() {
    let size = 100_000;
    for place in both().await {
        let key = key(Area::Files);
        let stored = place.blobs.put(&key, MOST, body(size)).await.expect(place.kind);
        let verified = async || {
            let reading = place.blobs.read(&key, None).await.expect(place.kind);
            read(reading.verified(&stored.sha256)).await
        };
        assert!(verified().await.expect(place.kind) == bytes(size), "{}", place.kind);
        let mut spoilt = bytes(size);
        spoilt[70_000] ^= 1;
        for bad in [&spoilt[..], &spoilt[..60_000]] {
            std::fs::write(place.file(&key), bad).expect("the file is there");
            assert_eq!(verified().await.expect_err(place.kind).code(), "file_store_unavailable", "{}", place.kind);
        }
    }
}

#[tokio::test]
async fn nobody_else_on_the_machine_may_read_a_folder() {
    let [place, _] = both().await;
    let key = key(Area::Files);
    place.put(&key, 10).await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let file = place.file(&key);
    assert_eq!(mode(&file), 0o600);
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != place.folder.path()) {
        assert_eq!(mode(folder), 0o700, "{}", folder.display());
    }
}

/// Waits until an S3 store was sent so many parts, or a folder holds so many drafts.
async fn begun(place: &Place, parts: usize, drafts: usize) {
    if let Some(s3) = &place.s3 {
        return s3.heard(parts, |asked| asked.path.contains("partNumber=")).await;
    }
    place.drafts(|count| count >= drafts).await;
}
