//! Files people send: their message stands at once, the file comes to it, and whoever may not have it does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use data_encoding::BASE64;
use harness::files;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::talking::{ADA, Talking};

/// What somebody sends, and the message it becomes once everything that is due is done.
pub async fn sends(talking: &Talking, kind: &str, args: Value) -> Value {
    talking.stage.sim.user(ADA).sends(kind, args);
    talking.passes().await;
    last(talking).await
}

/// The last message of the conversation.
pub async fn last(talking: &Talking) -> Value {
    talking.owner.reads(talking.conversation()).await.pop().expect("a message")
}

/// The bytes behind a file's link.
pub async fn bytes(talking: &Talking, file: &Value) -> Vec<u8> {
    let asked = json!({ "items": [{ "id": file["id"], "variant": "full" }] });
    let links = talking.owner.http.post("/v1/files/links", asked).await.ok();
    let url = links["items"][0]["url"].as_str().unwrap_or_else(|| panic!("no link: {links}")).to_owned();
    let path = url.split_once("/f/").expect("a link").1;
    let got = reqwest::get(format!("{}/f/{path}", talking.stage.app.doors().public)).await.expect("an answer");
    got.bytes().await.expect("bytes").to_vec()
}

/// Where the message says its file is: state and reason.
pub fn place(message: &Value) -> (&str, &str) {
    let content = &message["extra"]["content"];
    (content["state"].as_str().unwrap_or("none"), content["reason"].as_str().unwrap_or(""))
}

/// How often bytes were asked for.
pub fn fetches(talking: &Talking) -> usize {
    let calls = talking.stage.sim.noted("api");
    calls.iter().filter(|call| call["path"].as_str().is_some_and(|path| path.starts_with("/_media/"))).count()
}

/// Somewhere that must hear nothing from us, and how often it did.
pub async fn elsewhere() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let heard = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&heard);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (base, heard)
}

#[tokio::test]
async fn every_kind_of_file_comes_to_its_message() {
    let talking = Talking::begin().await;
    for (kind, shown, name) in [
        ("image", "image", "Picture.png"),
        ("video", "video", "Video.mp4"),
        ("gif", "video", "Video.mp4"),
        ("audio", "audio", "Audio.mp3"),
        ("voice", "audio", "Voice message.ogg"),
        ("legacy_voice", "audio", "Voice message.ogg"),
        ("sticker", "image", "Sticker.webp"),
        ("animated_sticker", "image", "Sticker.webp"),
        ("document", "document", "Currículum café.pdf"),
        ("document_without_name", "document", "Document.pdf"),
    ] {
        let message = sends(&talking, kind, json!({ "caption": "See" })).await;
        assert_eq!(place(&message), ("there", ""), "{kind}: {message:#}");
        assert_eq!(message["body"], "See", "{kind}");
        let file = &message["files"][0];
        assert_eq!((&file["state"], &file["kind"]), (&json!("ready"), &json!(shown)), "{kind}: {file}");
        assert_eq!(file["name"], name, "{kind}");
    }
    let thread = json!(talking.owner.reads(talking.conversation()).await).to_string();
    assert!(!thread.contains(talking.stage.sim.base()), "an address of Meta's on somebody's screen");
    let usage = talking.stage.rows("file where source = 'whatsapp' and owner_kind = 'contact'").await;
    assert_eq!(usage, 10, "what came belongs to whom it came from");
}

#[tokio::test]
async fn the_formats_of_telephones_and_offices_come_as_they_were_sent() {
    let talking = Talking::begin().await;
    for (kind, mime, name, sent) in [
        ("audio", "audio/aac", None, files::aac()),
        ("audio", "audio/amr", None, files::amr()),
        ("audio", "audio/mp4", None, files::m4a()),
        ("audio", "audio/mpeg", None, files::mp3()),
        ("voice", "audio/ogg; codecs=opus", None, files::ogg()),
        ("video", "video/3gpp", None, files::three_gp()),
        ("document", "application/pdf", Some("order.pdf"), files::pdf()),
        ("document", "text/plain", Some("notes.txt"), files::text()),
        ("document", "text/csv", Some("list.csv"), files::csv()),
        (
            "document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Some("letter.docx"),
            files::docx(),
        ),
        ("document", "application/octet-stream", Some("table.xlsx"), files::xlsx()),
    ] {
        let mut args = json!({ "data": BASE64.encode(&sent), "mime": mime });
        if let Some(name) = name {
            args["filename"] = json!(name);
        }
        let message = sends(&talking, kind, args).await;
        assert_eq!(place(&message), ("there", ""), "{mime}: {message:#}");
        assert_eq!(message["files"][0]["state"], "ready", "{mime}: {message:#}");
        assert!(bytes(&talking, &message["files"][0]).await == sent, "{mime}: other bytes");
    }
}

#[tokio::test]
async fn a_hash_is_compared_in_whatever_notation_it_comes() {
    let talking = Talking::begin().await;
    for (pushed, asked, size, url) in [
        ("base64", "hex", "number", true),
        ("hex", "base64", "string", true),
        ("base64", "hex", "string", false),
        ("hex", "base64", "number", false),
    ] {
        let switches = json!({ "webhook_sha256": pushed, "media_sha256": asked, "file_size": size, "media_url": url });
        talking.stage.sim.switch(&switches);
        let message = sends(&talking, "document", json!({})).await;
        assert_eq!(place(&message), ("there", ""), "{switches}: {message:#}");
    }
    talking.stage.sim.switch(&json!({ "media_url": true }));
    talking.stage.sim.fault("F8.wrong_hash", &json!({}));
    let message = sends(&talking, "document", json!({})).await;
    assert_eq!(place(&message), ("there", ""), "Meta's word when asked goes before the one that was pushed");
}

#[tokio::test]
async fn names_are_cleaned_and_accents_kept() {
    let talking = Talking::begin().await;
    for (sent, kept) in [
        ("Currículum café.pdf", "Currículum café.pdf"),
        ("請求書.pdf", "請求書.pdf"),
        ("../../etc/order.pdf", "order.pdf"),
        ("C:\\Users\\ada\\order.pdf", "order.pdf"),
        ("evil\u{202e}fdp.pdf", "evilfdp.pdf"),
        ("a\u{0}b\nc.pdf", "abc.pdf"),
        ("no ending", "no ending.pdf"),
    ] {
        let message = sends(&talking, "document", json!({ "filename": sent })).await;
        assert_eq!(message["files"][0]["name"], kept, "{sent:?}: {message:#}");
        assert_eq!(message["files"][0]["state"], "ready", "{sent:?}");
    }
}

#[tokio::test]
async fn what_is_not_what_it_says_is_shown_refused_and_its_words_stay() {
    let talking = Talking::begin().await;
    let program = [&b"MZ\x90\0"[..], &[0; 2_000]].concat();
    let args = json!({ "data": BASE64.encode(&program), "mime": "application/pdf", "filename": "order.pdf", "caption": "My order" });
    let message = sends(&talking, "document", args).await;
    let file = &message["files"][0];
    assert_eq!((&file["state"], &file["reason"]), (&json!("refused"), &json!("type_mismatch")), "{message:#}");
    assert_eq!((&message["body"], place(&message).0), (&json!("My order"), "there"));
    // a type nobody here takes is said in the message: there is not even a file
    let args = json!({ "data": BASE64.encode(&program), "mime": "application/x-msdownload", "filename": "setup.exe", "caption": "Run this" });
    let message = sends(&talking, "document", args).await;
    assert_eq!(place(&message), ("missing", "refused"), "{message:#}");
    assert_eq!((&message["body"], &message["files"]), (&json!("Run this"), &json!([])));
    assert_eq!(message["extra"]["content"]["name"], "setup.exe");
    harness::files_check::assert_agree(talking.stage.app.ctx()).await;
}

#[tokio::test]
async fn a_full_store_is_said_and_the_file_may_be_asked_for_once_there_is_room() {
    let talking = Talking::with(&[("files.tenant_quota_bytes", "1000")]).await;
    let sent = vec![b'x'; 1_500];
    let args =
        json!({ "data": BASE64.encode(&sent), "mime": "text/plain", "filename": "long.txt", "caption": "Read it" });
    let message = sends(&talking, "document", args).await;
    assert_eq!(place(&message), ("missing", "storage_full"), "{message:#}");
    assert_eq!(message["body"], "Read it");
    let operator = talking.stage.app.operator().await;
    let path = format!("/operator/v1/tenants/{}/files", talking.stage.tenant.id);
    operator.http.put(&path, json!({ "quota_bytes": 1_000_000, "max_bytes": null })).await.ok();
    let path = format!("/v1/conversations/{}/messages/{}/fetch-media", talking.conversation(), message["seq"]);
    let asked = talking.owner.http.post(&path, json!({})).await.is(202);
    assert_eq!(place(&asked["message"]), ("coming", ""), "{asked}");
    // asked twice it comes once
    talking.owner.http.post(&path, json!({})).await.is(202);
    talking.passes().await;
    let message = last(&talking).await;
    assert_eq!(place(&message), ("there", ""), "{message:#}");
    assert!(bytes(&talking, &message["files"][0]).await == sent);
    talking.owner.http.post(&path, json!({})).await.refused(409, "media_there");
    harness::files_check::assert_agree(talking.stage.app.ctx()).await;
}

#[tokio::test]
async fn only_who_answers_asks_again_and_only_for_what_is_theirs() {
    let talking = Talking::begin().await;
    talking.stage.sim.switch(&json!({ "media_url": false }));
    talking.stage.sim.fault("F8.huge", &json!({}));
    let message = sends(&talking, "document", json!({})).await;
    assert_eq!(place(&message), ("missing", "too_large"), "{message:#}");
    let path = format!("/v1/conversations/{}/messages/{}/fetch-media", talking.conversation(), message["seq"]);
    let viewer = talking.stage.tenant.invites(&talking.stage.app, "Vera", "viewer").await;
    viewer.http.post(&path, json!({})).await.refused(403, "role_required");
    let rival = talking.stage.app.tenant("Rival").await;
    rival.owner.http.post(&path, json!({})).await.refused(404, "not_found");
    let words = format!("/v1/conversations/{}/messages/1/fetch-media", talking.conversation());
    talking.owner.http.post(&words, json!({})).await.refused(409, "no_media");
    talking.owner.http.post(&path, json!({})).await.is(202);
}

#[tokio::test]
async fn pictures_of_one_album_each_come_to_their_own_message() {
    let talking = Talking::begin().await;
    talking.stage.sim.user(ADA).act("album", json!({ "n": 10 }));
    talking.later(8_000).await;
    let thread = talking.owner.reads(talking.conversation()).await;
    let with = thread.iter().filter(|message| message["files"][0]["state"] == "ready").count();
    assert_eq!((thread.len(), with), (11, 10), "{thread:#?}");
    assert_eq!(talking.conversations().await.len(), 1);
}
