//! The form: what is read of it, and what is not.

use harness::Http;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::desk::{DESK, Desk, WIDGET, field, form, post_form, state};

#[tokio::test]
async fn both_sides_send_a_file_up_and_a_message_takes_it() {
    let desk = Desk::set().await;
    let file = desk.anna_sends_up(("list.txt", "text/plain"), b"three lamps").await;
    assert_eq!(file["state"], "ready");
    assert_eq!((&file["name"], &file["bytes"], &file["kind"]), (&json!("list.txt"), &json!(11), &json!("document")));
    assert_eq!((&file["scan"], &file["reason"]), (&json!("off"), &json!(null)));
    let posted = desk.anna_posts(&[&file]).await.is(201);
    assert_eq!(posted["message"]["files"], json!([file]));
    let reply = desk.mia_sends_up(("price.txt", "text/plain"), b"12 euros").await;
    assert_eq!(desk.mia_posts(&[&reply]).await.is(201)["message"]["files"], json!([reply]));
    assert_eq!(desk.anna.reads().await.last().expect("a message")["files"], json!([reply]));
    desk.agrees().await;
}

#[tokio::test]
async fn a_visitor_who_has_not_written_sends_a_file_up_and_stays_unknown() {
    let desk = Desk::set().await;
    let mut ben = desk.app.visitor(&desk.widget).await;
    let file = desk.checked(&ben.http, WIDGET, ("list.txt", "text/plain"), b"words").await;
    let contacts = desk.tenant.owner.http.get("/v1/contacts").await.ok();
    assert!(!contacts.to_string().contains(&ben.id), "an upload made a contact");
    let opened = ben.posts(json!({ "client_id": "first", "file_ids": [file["id"]] })).await.is(201);
    ben.keeps(&opened);
    assert_eq!(opened["message"]["files"][0]["state"], "ready");
    assert_eq!(state(&ben.http, WIDGET, &file).await["id"], file["id"]);
}

#[tokio::test]
async fn only_the_named_parts_are_taken_in_their_order() {
    let desk = Desk::set().await;
    let (http, own) = (&desk.anna.http, desk.anna.conversation().to_owned());
    let file: (&str, &str, &[u8]) = ("file", "a.txt", b"words");
    post_form(http, WIDGET, form(&[("conversation_id", &own)], &[file])).await.is(201);
    for (texts, files) in [
        (vec![("surplus", "1")], vec![file]),
        (vec![("conversation_id", own.as_str()), ("conversation_id", &own)], vec![file]),
        (vec![], vec![file, file]),
        (vec![], vec![file, ("other", "b.txt", b"more")]),
        (vec![], vec![("picture", "a.txt", b"words")]),
        (vec![("conversation_id", &*"x".repeat(300))], vec![file]),
    ] {
        post_form(http, WIDGET, form(&texts, &files)).await.refused(400, "form_refused");
    }
    let late = [form(&[], &[file]).1, form(&[("conversation_id", &own)], &[]).1].concat();
    let late = String::from_utf8(late).expect("text").replacen("--b0undary--\r\n", "", 1).into_bytes();
    post_form(http, WIDGET, (form(&[], &[]).0, late)).await.refused(400, "form_refused");
    assert_eq!(
        field(&post_form(http, WIDGET, form(&[("conversation_id", &own)], &[])).await.refused(422, "validation")),
        "file_missing"
    );
    desk.app.run_due().await;
    assert_eq!(desk.objects().await.len(), 1, "of all these the first alone is kept");
    desk.agrees().await;
}

#[tokio::test]
async fn what_is_no_form_is_refused() {
    let desk = Desk::set().await;
    for kind in [
        "application/json",
        "multipart/form-data",
        "multipart/mixed; boundary=x",
        "text/plain",
        "multipart/form-data; boundary=",
    ] {
        post_form(&desk.mia.http, DESK, (kind.to_owned(), b"{}".to_vec())).await.refused(400, "form_needed");
    }
    let torn = ("multipart/form-data; boundary=x".to_owned(), b"--y\r\n\r\nz".to_vec());
    let answer = post_form(&desk.mia.http, DESK, torn).await;
    assert!(matches!(answer.status, 400 | 422), "{}", answer.text);
    let zipped = desk.mia.http.with("content-encoding", "gzip");
    post_form(&zipped, DESK, form(&[], &[("file", "a.txt", b"words")])).await.refused(400, "encoding_refused");
}

/// Room is made for what is announced.
#[tokio::test]
async fn a_form_of_unknown_length_is_refused() {
    let desk = Desk::set().await;
    let answer = spoken(&desk.mia.http, "transfer-encoding: chunked\r\n", b"0\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 411"), "{answer}");
    assert!(answer.contains("length_required"), "{answer}");
}

#[tokio::test]
async fn a_file_goes_only_to_a_conversation_that_is_ones_own_and_open() {
    let desk = Desk::set().await;
    let mut ben = desk.app.visitor(&desk.widget).await;
    ben.says("hello").await;
    let own = desk.anna.conversation().to_owned();
    let send = |conversation: &str| form(&[("conversation_id", conversation)], &[("file", "a.txt", b"words")]);
    post_form(&desk.anna.http, WIDGET, send(&own)).await.is(201);
    post_form(&desk.mia.http, DESK, send(&own)).await.is(201);
    let foreign = post_form(&ben.http, WIDGET, send(&own)).await;
    let nobodys = post_form(&ben.http, WIDGET, send(&crate::world::never("cnv"))).await;
    assert_eq!(foreign.fingerprint(), nobodys.fingerprint());
    foreign.refused(404, "not_found");
    let rival = desk.app.tenant("Rival").await;
    post_form(&rival.owner.http, DESK, send(&own)).await.refused(404, "not_found");
    desk.mia.http.patch(&format!("/v1/conversations/{own}"), json!({ "status": "archived" })).await.ok();
    post_form(&desk.anna.http, WIDGET, send(&own)).await.refused(409, "conversation_archived");
    post_form(&desk.mia.http, DESK, send(&own)).await.refused(409, "conversation_archived");
}

#[tokio::test]
async fn a_viewer_sends_nothing_up() {
    let desk = Desk::set().await;
    let viewer = desk.tenant.invites(&desk.app, "Vera", "viewer").await;
    viewer.http.upload(DESK, ("a.txt", "text/plain"), b"words").await.refused(403, "role_required");
    assert_eq!(viewer.http.get("/v1/file-rules").await.ok()["enabled"], false);
    assert_eq!(desk.mia.http.get("/v1/file-rules").await.ok()["enabled"], true);
    desk.mia.http.upload(DESK, ("a.txt", "text/plain"), b"words").await.is(201);
}

/// ATT-14: who hangs up in the middle leaves nothing but one upload less in this hour.
#[tokio::test]
async fn a_sender_who_hangs_up_leaves_nothing_behind() {
    let desk = Desk::set().await;
    let address = desk.app.doors().public.trim_start_matches("http://").to_owned();
    let mut socket = TcpStream::connect(address).await.expect("connected");
    let begun = begun(&desk.anna.http, WIDGET, 500_000);
    socket.write_all(&begun).await.expect("sent");
    socket.write_all(&vec![b'x'; 200_000]).await.expect("sent");
    eventually(async || desk.used().await > 0).await;
    drop(socket);
    eventually(async || desk.used().await == 0).await;
    desk.app.run_due().await;
    assert_eq!(desk.objects().await, [""; 0]);
    desk.agrees().await;
}

#[tokio::test]
async fn so_many_uploads_at_once_and_the_next_is_told_to_wait() {
    let desk = Desk::with(&[("files.uploads_at_once", "1")]).await;
    let address = desk.app.doors().public.trim_start_matches("http://").to_owned();
    let mut socket = TcpStream::connect(address).await.expect("connected");
    socket.write_all(&begun(&desk.anna.http, WIDGET, 500_000)).await.expect("sent");
    eventually(async || desk.used().await > 0).await;
    let second = desk.mia.http.upload(DESK, ("b.txt", "text/plain"), b"words").await;
    assert!(second.header("retry-after").is_some());
    second.refused(503, "uploads_busy");
    drop(socket);
    eventually(async || desk.used().await == 0).await;
    eventually(async || desk.mia.http.upload(DESK, ("b.txt", "text/plain"), b"words").await.status == 201).await;
}

/// Asks again until it is so; there is no event for what nobody is told.
async fn eventually(holds: impl AsyncFn() -> bool) {
    let deadline = tokio::time::Instant::now() + harness::PATIENCE;
    while !holds().await {
        assert!(tokio::time::Instant::now() < deadline, "it never came so");
        tokio::task::yield_now().await;
    }
}

/// The beginning of an upload that announces so many bytes.
fn begun(http: &Http, path: &str, length: usize) -> Vec<u8> {
    let token = http.token().expect("a token");
    format!(
        "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\ncontent-type: multipart/form-data; boundary=b0undary\r\n\
         content-length: {length}\r\n\r\n--b0undary\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
         content-type: text/plain\r\n\r\n",
        http.base().trim_start_matches("http://")
    )
    .into_bytes()
}

/// What comes back when a request is spoken by hand.
async fn spoken(http: &Http, headers: &str, body: &[u8]) -> String {
    let host = http.base().trim_start_matches("http://").to_owned();
    let mut socket = TcpStream::connect(&host).await.expect("connected");
    let token = http.token().expect("a token");
    let head = format!(
        "POST {DESK} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\
         content-type: multipart/form-data; boundary=x\r\n{headers}\r\n"
    );
    socket.write_all(&[head.as_bytes(), body].concat()).await.expect("sent");
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}
