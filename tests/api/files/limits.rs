//! ATT-01, 02, 24: how much, which types, how many.

use harness::files::{ordinary, text};
use serde_json::json;

use super::desk::{DESK, Desk, WIDGET, field};

#[tokio::test]
async fn att_01_a_file_of_exactly_the_limit_passes_and_a_byte_more_does_not() {
    let desk = Desk::set().await;
    desk.allows(&[("max_bytes", json!(5_000))]).await;
    for (http, path) in [(&desk.anna.http, WIDGET), (&desk.mia.http, DESK)] {
        for fits in [1, 4_999, 5_000] {
            http.upload(path, ("a.txt", "text/plain"), &vec![b'x'; fits]).await.is(201);
        }
        for too_much in [5_001, 5_002, 30_000, 3_000_000] {
            let refused = http.upload(path, ("a.txt", "text/plain"), &vec![b'x'; too_much]).await;
            refused.refused(413, "file_too_large");
        }
        let empty = http.upload(path, ("a.txt", "text/plain"), b"").await.refused(422, "validation");
        assert_eq!(field(&empty), "file_empty");
    }
    desk.app.run_due().await;
    assert_eq!(desk.used().await, 2 * (1 + 4_999 + 5_000));
    desk.agrees().await;
}

/// A format has a limit of its own below the tenant's: nobody reads two megabytes of plain text.
#[tokio::test]
async fn att_01_a_format_may_be_smaller_than_the_tenant_allows() {
    let desk = Desk::set().await;
    let most = usize::try_from(inspect::format_of("a.txt").expect("a format").most).expect("a number");
    desk.mia.http.upload(DESK, ("a.txt", "text/plain"), &vec![b'x'; most]).await.is(201);
    let more = vec![b'x'; most + 1];
    desk.mia.http.upload(DESK, ("a.txt", "text/plain"), &more).await.refused(413, "file_too_large");
}

#[tokio::test]
async fn every_ordinary_file_of_an_allowed_type_may_be_had() {
    let desk = Desk::set().await;
    let all = desk.tenant.owner.http.get("/v1/file-policy").await.ok()["ceiling"]["types"].clone();
    desk.allows(&[("types", all.clone())]).await;
    for (name, kind, bytes) in ordinary() {
        let ending = name.rsplit('.').next().expect("an ending").to_lowercase();
        if !all.as_array().expect("types").contains(&json!(ending)) {
            continue;
        }
        let file = desk.mia_sends_up((name, kind), &bytes).await;
        assert_eq!(file["state"], "ready", "{name}: {file}");
    }
    desk.agrees().await;
}

#[tokio::test]
async fn att_02_types_that_are_not_allowed_are_refused_before_they_are_read() {
    let desk = Desk::set().await;
    let names = [
        "a.svg",
        "a.html",
        "a.htm",
        "a.xhtml",
        "a.xml",
        "a.js",
        "a.mjs",
        "a.exe",
        "a.com.exe",
        "a.bat",
        "a.sh",
        "a.zip",
        "a.7z",
        "a.docm",
        "a.doc",
        "a.xls",
        "a.heic",
        "a.tiff",
        "a.psd",
        "a.woff2",
        "a.mp4",
        "a.pptx",
        "a.txt.svg",
        "noending",
        "a.",
        "a.png.",
        "a.pdf ",
        "a.PNG\u{202e}exe.svg",
    ];
    for name in names {
        for (http, path) in [(&desk.anna.http, WIDGET), (&desk.mia.http, DESK)] {
            let answer = http.upload(path, (name, "image/png"), b"words").await;
            if matches!(name, "a.png." | "a.pdf ") {
                // what is left of the name is an ending that is allowed
                assert_eq!(answer.status, 201, "{name}: {}", answer.text);
                continue;
            }
            assert_eq!(field(&answer.refused(422, "validation")), "file_type_refused", "{name}");
        }
    }
}

#[tokio::test]
async fn att_24_a_message_has_as_many_files_as_its_sender_may_attach() {
    let desk = Desk::set().await;
    let mut files = Vec::new();
    for name in ["1.txt", "2.txt", "3.txt", "4.txt"] {
        files.push(desk.anna_sends_up((name, "text/plain"), &text()).await);
    }
    let all: Vec<_> = files.iter().collect();
    let refused = desk.anna_posts(&all).await.refused(422, "validation");
    assert_eq!(field(&refused), "too_many_files");
    let message = desk.anna_posts(&all[..3]).await.is(201)["message"].clone();
    let names: Vec<_> = message["files"].as_array().expect("files").iter().map(|file| &file["name"]).collect();
    assert_eq!(names, ["1.txt", "2.txt", "3.txt"], "in the order in which they were named");
    desk.allows(&[("most", json!(1))]).await;
    let one = desk.anna_sends_up(("5.txt", "text/plain"), &text()).await;
    assert_eq!(field(&desk.anna_posts(&[&files[3], &one]).await.refused(422, "validation")), "too_many_files");
    let mut ben = desk.app.visitor(&desk.widget).await;
    let bens = desk.checked(&ben.http, WIDGET, ("6.txt", "text/plain"), &text()).await;
    let first = json!({ "client_id": "first", "file_ids": [bens["id"], bens["id"]] });
    assert_eq!(field(&ben.posts(first).await.refused(422, "validation")), "too_many_files");
    let opened = ben.posts(json!({ "client_id": "second", "file_ids": [bens["id"]] })).await.is(201);
    ben.keeps(&opened);
}
