//! ATT-13: room for files is counted without races.

use std::time::Duration;

use futures::future::join_all;

use super::desk::{DESK, Desk, WIDGET};

const SIZE: usize = 2_000;

#[tokio::test]
async fn att_13_fifty_at_once_never_take_more_than_there_is() {
    let desk = Desk::with(&[("files.tenant_quota_bytes", "20400"), ("files.uploads_at_once", "60")]).await;
    let (mia, bytes) = (&desk.mia.http, vec![b'x'; SIZE]);
    let uploads = (0..50).map(|n| {
        let bytes = &bytes;
        async move { mia.upload(DESK, (&format!("{n}.txt"), "text/plain"), bytes).await }
    });
    let answers = join_all(uploads).await;
    let taken = answers.iter().filter(|answer| answer.status == 201).count();
    let codes: Vec<_> =
        answers.iter().filter(|answer| answer.status != 201).map(|a| a.body["code"].to_string()).collect();
    assert!(codes.iter().all(|code| code == "\"storage_full\""), "{codes:?}");
    let used = desk.used().await;
    assert_eq!(used, i64::try_from(taken * SIZE).expect("a number"));
    assert!(used <= 20_400, "{used} bytes of 20,400");
    // what uploads reserve beyond their file is free again: the last places are still to be had
    for n in taken..10 {
        mia.upload(DESK, (&format!("late-{n}.txt"), "text/plain"), &bytes).await.is(201);
    }
    mia.upload(DESK, ("more.txt", "text/plain"), &bytes).await.refused(409, "storage_full");
    desk.app.run_due().await;
    assert_eq!((desk.used().await, desk.objects().await.len()), (20_000, 10));
    desk.agrees().await;
}

#[tokio::test]
async fn att_13_fifty_at_once_of_one_visitor_are_ten() {
    let desk = Desk::with(&[("files.uploads_at_once", "60")]).await;
    let anna = &desk.anna.http;
    let uploads =
        (0..50).map(|n| async move { anna.upload(WIDGET, (&format!("{n}.txt"), "text/plain"), b"words").await });
    let answers = join_all(uploads).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 10);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.refused(429, "upload_limit");
    }
    let ben = desk.app.visitor(&desk.widget).await;
    ben.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201);
    desk.mia.http.upload(DESK, ("a.txt", "text/plain"), b"words").await.is(201);
    desk.app.later(Duration::from_secs(3_600));
    let again = harness::Visitor::arrives(desk.app.doors(), &desk.widget, desk.anna.handle.as_deref()).await;
    assert_eq!(again.id, desk.anna.id, "the same visitor");
    again.http.upload(WIDGET, ("a.txt", "text/plain"), b"words").await.is(201);
    desk.app.run_due().await;
    desk.agrees().await;
}

#[tokio::test]
async fn a_visitors_day_has_so_many_bytes() {
    let desk = Desk::with(&[("files.visitor_bytes_per_day", "10500"), ("files.visitor_uploads_per_hour", "100")]).await;
    let bytes = vec![b'x'; SIZE];
    let anna = async || harness::Visitor::arrives(desk.app.doors(), &desk.widget, desk.anna.handle.as_deref()).await;
    for _ in 0..5 {
        let anna = anna().await;
        anna.http.upload(WIDGET, ("a.txt", "text/plain"), &bytes).await.is(201);
        anna.http.upload(WIDGET, ("a.txt", "text/plain"), &[b'x'; 9_000]).await.refused(429, "upload_limit");
        desk.app.later(Duration::from_secs(3_600));
    }
    let annas = anna;
    let anna = annas().await;
    anna.http.upload(WIDGET, ("a.txt", "text/plain"), &bytes).await.refused(429, "upload_limit");
    desk.app.later(Duration::from_secs(19 * 3_600));
    let anna = annas().await;
    anna.http.upload(WIDGET, ("a.txt", "text/plain"), &bytes).await.is(201);
    anna.http.upload(WIDGET, ("a.txt", "text/plain"), &bytes).await.refused(429, "upload_limit");
}

/// What did not become a file counts nothing.
#[tokio::test]
async fn refused_uploads_give_their_room_back() {
    let desk = Desk::with(&[("files.tenant_quota_bytes", "100000")]).await;
    for _ in 0..5 {
        desk.mia.http.upload(DESK, ("a.txt", "text/plain"), b"").await.refused(422, "validation");
        desk.mia_sends_up(("a.png", "image/png"), &vec![b'x'; 60_000]).await;
        let two = super::desk::form(&[], &[("file", "a.txt", &[b'x'; 60_000]), ("file", "b.txt", b"more")]);
        super::desk::post_form(&desk.mia.http, DESK, two).await.refused(400, "form_refused");
    }
    assert_eq!((desk.used().await, desk.objects().await.len()), (0, 0));
    desk.agrees().await;
}

/// A picture counts what is kept of it, previews too.
#[tokio::test]
async fn a_picture_counts_what_is_kept() {
    let desk = Desk::set().await;
    let file = desk.mia_sends_up(("a.png", "image/png"), &harness::files::png(1_200, 800)).await;
    let full = file["bytes"].as_i64().expect("a number");
    assert!(desk.used().await > full, "previews count");
    desk.agrees().await;
}
