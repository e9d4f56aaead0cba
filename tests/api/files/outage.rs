//! ATT-15, REL-06: a store that is away costs files, never text.

use super::desk::{DESK, Desk, WIDGET, id, link, state};
use harness::fakes::S3;
use harness::files::png;

async fn on(s3: &S3) -> Desk {
    let own = s3.settings();
    let mut settings: Vec<(&str, &str)> = own.iter().map(|(key, value)| (*key, value.as_str())).collect();
    settings.extend([
        ("blobs.connect_ms", "300"),
        ("blobs.try_ms", "700"),
        ("blobs.total_ms", "1500"),
        ("blobs.stall_ms", "700"),
        ("blobs.tries", "2"),
    ]);
    Desk::with(&settings).await
}

#[tokio::test]
async fn an_s3_store_does_what_the_folder_does() {
    let s3 = S3::start().await;
    let desk = on(&s3).await;
    let picture = desk.anna_sends_up(("a.png", "image/png"), &png(900, 700)).await;
    assert_eq!(picture["state"], "ready", "{picture}");
    let words = desk.mia_sends_up(("a.txt", "text/plain"), &[b'x'; 70_000]).await;
    let url = link(&desk.mia.http, DESK, &words, "full").await;
    assert_eq!(desk.follows(&url, &[]).await.bytes, [b'x'; 70_000]);
    assert_eq!(desk.follows(&url, &[("range", "bytes=69999-")]).await.bytes, b"x");
    for variant in ["full", "large", "small"] {
        assert_eq!(desk.follows(&link(&desk.anna.http, WIDGET, &picture, variant).await, &[]).await.status, 200);
    }
    assert_eq!(desk.objects().await.len(), 4);
    desk.agrees().await;
}

#[tokio::test]
async fn att_15_a_store_that_is_away_refuses_files_and_says_so_and_text_goes_on() {
    let s3 = S3::start().await;
    let mut desk = on(&s3).await;
    let before = desk.anna_sends_up(("a.txt", "text/plain"), b"words").await;
    let url = link(&desk.anna.http, WIDGET, &before, "full").await;
    for weather in ["away", "hangs", "busy"] {
        match weather {
            "away" => s3.away().await,
            "hangs" => s3.hang(),
            _ => s3.busy(),
        }
        let answer = desk.anna.http.upload(WIDGET, ("b.txt", "text/plain"), b"words").await;
        assert!(answer.header("retry-after").is_some(), "{weather}");
        answer.refused(503, "file_store_unavailable");
        let got = desk.follows(&url, &[]).await;
        assert_eq!((got.status, got.code()), (503, "file_store_unavailable".to_owned()), "{weather}");
        assert_eq!(got.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        desk.anna.says(&format!("words while it {weather}")).await;
        desk.anna_posts(&[&desk.anna.http.get(&format!("{WIDGET}/{}/state", id(&before))).await.ok()["file"]]).await;
        assert_eq!(desk.app.http().get("/readyz").await.status, 200, "{weather}");
        s3.back().await;
    }
    assert_eq!(desk.follows(&url, &[]).await.bytes, b"words");
    assert_eq!(desk.used().await, 5, "nothing is left of what was refused");
    s3.settled().await;
    desk.agrees().await;
    // our outage is no upload of theirs: nine more go
    for _ in 0..9 {
        desk.anna.http.upload(WIDGET, ("b.txt", "text/plain"), b"words").await.is(201);
    }
    desk.anna.http.upload(WIDGET, ("b.txt", "text/plain"), b"words").await.refused(429, "upload_limit");
}

#[tokio::test]
async fn att_15_a_check_waits_for_its_store() {
    let s3 = S3::start().await;
    let desk = on(&s3).await;
    let file = desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201)["file"].clone();
    s3.away().await;
    desk.app.run_due().await;
    assert_eq!(
        state(&desk.anna.http, WIDGET, &file).await["state"],
        "checking",
        "a store that is away refuses nothing"
    );
    s3.back().await;
    desk.app.later(std::time::Duration::from_secs(5));
    desk.app.run_due().await;
    assert_eq!(state(&desk.anna.http, WIDGET, &file).await["state"], "ready");
    desk.agrees().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_keeps_the_server_from_starting_and_a_store_that_is_away_does_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, b"no folder").expect("written");
    let taken = format!("folder://{}/below", file.display());
    let config = server::Config::load(None, &[("blobs.url", &taken)]).expect("settings");
    let refused = server::files(&config, kernel::Clock::System).await.err().map(|error| format!("{error:#}"));
    assert!(refused.as_ref().is_some_and(|words| words.contains("blobs.url")), "{refused:?}");
    let s3 = S3::start().await;
    s3.away().await;
    let mut desk = on(&s3).await;
    desk.anna.says("text is not held up").await;
    desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.refused(503, "file_store_unavailable");
    s3.back().await;
    desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201);
}

/// Bytes that came back changed are never shown.
#[tokio::test]
async fn att_15_a_store_that_gives_other_bytes_is_not_believed() {
    let desk = Desk::set().await;
    let file = desk.anna.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201)["file"].clone();
    let key: blobs::Key = desk.objects().await[0].parse().expect("a key");
    let blobs = &desk.app.ctx().files.blobs;
    blobs.delete(&[key]).await.expect("deleted");
    let other = futures::stream::iter([Ok(bytes::Bytes::from_static(b"other"))]);
    blobs.put(&key, 100, other).await.expect("stored");
    desk.app.run_due().await;
    assert_eq!(state(&desk.anna.http, WIDGET, &file).await["state"], "checking");
}
