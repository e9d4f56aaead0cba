//! Files: ids and addresses and how long they live.

use graph_sim::Setup;
use graph_sim::world::DAY;
use serde_json::{Value, json};

use crate::ear::{PABLO, Stage, code};

async fn upload(stage: &Stage, name: &str, mime: &str, bytes: &[u8]) -> (u16, Value) {
    let mut body = Vec::new();
    body.extend_from_slice(
        b"--XX\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n--XX\r\n",
    );
    body.extend_from_slice(
        format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n")
            .as_bytes(),
    );
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--XX--\r\n");
    let url = format!("{}/v26.0/{}/media", stage.sim.base(), Setup::NUMBER);
    let call =
        stage.client.post(url).bearer_auth(Setup::TOKEN).header("content-type", "multipart/form-data; boundary=XX");
    let response = call.body(body).send().await.expect("an answer");
    (response.status().as_u16(), serde_json::from_str(&response.text().await.expect("text")).unwrap_or_default())
}

async fn get(stage: &Stage, url: &str, token: Option<&str>) -> reqwest::Result<(u16, Vec<u8>)> {
    let mut call = stage.client.get(url);
    if let Some(token) = token {
        call = call.bearer_auth(token);
    }
    let response = call.send().await?;
    let status = response.status().as_u16();
    Ok((status, response.bytes().await?.to_vec()))
}

async fn address(stage: &Stage, id: &str) -> String {
    stage.call("GET", id, None).await.1["url"].as_str().expect("an address").to_owned()
}

#[tokio::test]
async fn an_upload_can_be_sent_looked_up_fetched_and_deleted() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("hello");
    let (_, answer) = upload(&stage, "café.pdf", "application/pdf", b"%PDF-1.4\r\n--X").await;
    let id = answer["id"].as_str().expect("an id").to_owned();
    assert_eq!(stage.send("+16505551234", "document", json!({"id": id, "filename": "café.pdf"})).await.0, 200);
    let (_, seen) = stage.call("GET", &id, None).await;
    assert_eq!(
        (&seen["mime_type"], &seen["file_size"], seen["sha256"].as_str().map(str::len)),
        (&json!("application/pdf"), &json!(13), Some(64))
    );
    let url = seen["url"].as_str().expect("an address");
    assert_eq!(get(&stage, url, Some(Setup::TOKEN)).await.expect("bytes"), (200, b"%PDF-1.4\r\n--X".to_vec()));
    assert_eq!(get(&stage, url, None).await.expect("bytes").0, 401, "it needs the bearer");
    stage.sim.advance(301_000).await;
    assert_eq!(get(&stage, url, Some(Setup::TOKEN)).await.expect("bytes").0, 404, "five minutes");
    assert_eq!(get(&stage, &address(&stage, &id).await, Some(Setup::TOKEN)).await.expect("bytes").0, 200, "ask again");
    assert_eq!(stage.call("DELETE", &id, None).await.1, json!({"success": true}));
    assert_eq!(stage.call("GET", &id, None).await.0, 404);
    stage.sim.switch(&json!({"file_size": "string", "media_sha256": "base64"}));
    let (_, answer) = upload(&stage, "a.pdf", "application/pdf", b"%PDF").await;
    let (_, seen) = stage.call("GET", answer["id"].as_str().expect("an id"), None).await;
    assert_eq!((&seen["file_size"], seen["sha256"].as_str().map(str::len)), (&json!("4"), Some(44)));
}

#[tokio::test]
async fn ids_live_thirty_days_when_uploaded_and_seven_when_received() {
    let stage = Stage::set().await;
    let (_, answer) = upload(&stage, "a.png", "image/png", b"png").await;
    let ours = answer["id"].as_str().expect("an id").to_owned();
    stage.sim.user(PABLO).sends("image", json!({}));
    stage.sim.settle().await;
    let theirs = stage.ear.all("messages")[0]["image"]["id"].as_str().expect("an id").to_owned();
    stage.sim.advance(6 * DAY).await;
    assert_eq!((stage.call("GET", &theirs, None).await.0, stage.call("GET", &ours, None).await.0), (200, 200));
    stage.sim.advance(DAY).await;
    assert_eq!((stage.call("GET", &theirs, None).await.0, stage.call("GET", &ours, None).await.0), (404, 200));
    stage.sim.advance(23 * DAY).await;
    assert_eq!(stage.call("GET", &ours, None).await.0, 404);
    assert_eq!(code(&stage.send("+16505551234", "image", json!({"id": ours})).await.1), 131_009);
}

#[tokio::test]
async fn types_and_sizes_are_limited_by_kind() {
    let stage = Stage::set().await;
    let big = vec![0; 5 * 1024 * 1024 + 1];
    for (mime, bytes, fine) in [
        ("image/png", &b"png"[..], true),
        ("image/gif", b"gif", false),
        ("image/png", &big, false),
        ("video/mp4", &big, true),
        ("video/avi", b"avi", false),
        ("audio/ogg; codecs=opus", b"ogg", true),
        ("audio/wav", b"wav", false),
        ("application/zip", b"zip", true),
        ("text/html", b"html", false),
        ("application/pdf", b"", false),
    ] {
        assert_eq!(upload(&stage, "f", mime, bytes).await.0 == 200, fine, "{mime}");
    }
}

#[tokio::test]
async fn a_linked_file_is_fetched_without_following_redirects() {
    let stage = Stage::set().await;
    stage.sim.user(PABLO).says("hello");
    let files = crate::ear::Ear::open();
    // the endpoint answers an empty 403 to a GET: neither a file nor a type
    let (_, lost) = stage.send("+16505551234", "image", json!({"link": files.url})).await;
    let (_, text) =
        stage.send("+16505551234", "image", json!({"link": format!("{}/_sim/phone", stage.sim.base())})).await;
    let id = stage.sim.user(PABLO).act("send", json!({"kind": "image"}))["id"].clone();
    stage.sim.settle().await;
    let picture = stage.ear.all("messages").into_iter().find(|m| m["id"] == id).expect("it")["image"]["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let (_, fine) = stage
        .send("+16505551234", "image", json!({"link": format!("{}/_sim/media/{picture}", stage.sim.base())}))
        .await;
    stage.sim.advance(5000).await;
    let states = |answer: &Value| stage.ear.states(answer["messages"][0]["id"].as_str().expect("an id"));
    assert_eq!((states(&lost), states(&text)), (vec!["failed".to_owned()], vec!["failed".to_owned()]));
    assert_eq!(states(&fine), ["sent", "delivered"]);
    let failed = stage.ear.all("statuses").into_iter().find(|status| status["status"] == "failed").expect("failed");
    assert_eq!(failed["errors"][0]["code"], 131_053);
}

#[tokio::test]
async fn broken_files_break_as_they_are_told() {
    let stage = Stage::set().await;
    let (_, answer) = upload(&stage, "a.png", "image/png", b"0123456789").await;
    let id = answer["id"].as_str().expect("an id").to_owned();
    for (kind, status) in [("F8.gone", 404), ("F8.unauthorised", 401), ("F8.forbidden", 403)] {
        stage.sim.fault(kind, &json!({}));
        let url = address(&stage, &id).await;
        assert_eq!(get(&stage, &url, Some(Setup::TOKEN)).await.expect("an answer").0, status);
        assert_eq!(get(&stage, &url, Some(Setup::TOKEN)).await.expect("an answer").0, 200, "once");
    }
    let url = address(&stage, &id).await;
    stage.sim.fault("F8.short", &json!({}));
    assert!(get(&stage, &url, Some(Setup::TOKEN)).await.is_err(), "the body breaks off");
    stage.sim.fault("F8.empty", &json!({}));
    assert_eq!(get(&stage, &url, Some(Setup::TOKEN)).await.expect("an answer"), (200, Vec::new()));
    stage.sim.fault("F8.other_bytes", &json!({}));
    assert_ne!(get(&stage, &url, Some(Setup::TOKEN)).await.expect("an answer").1, b"0123456789");
    stage.sim.fault("F8.huge", &json!({"args": {"bytes": 2_000_000}}));
    assert_eq!(get(&stage, &url, Some(Setup::TOKEN)).await.expect("an answer").1.len(), 2_000_000);
    stage.sim.fault("F8.lookup_503", &json!({}));
    assert_eq!(stage.call("GET", &id, None).await.0, 503);
    assert_eq!(stage.call("GET", &id, None).await.0, 200);
    stage.sim.fault("F8.id_expired", &json!({}));
    assert_eq!(stage.call("GET", &id, None).await.0, 404);
}
