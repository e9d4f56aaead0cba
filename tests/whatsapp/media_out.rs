//! Files the team sends: the same bytes arrive, as what WhatsApp shows, and each is handed over once.

use harness::files;
use serde_json::{Value, json};

use crate::media::bytes as had;
use crate::talking::Talking;

/// The team sends up a file and posts it with these words; gives the message's number and the file.
async fn posts(talking: &Talking, named: (&str, &str), sent: &[u8], words: &str) -> (i64, Value) {
    let file = talking.owner.http.upload("/v1/files", named, sent).await.is(201)["file"].clone();
    talking.stage.app.run_due().await;
    let seq = talking.posts(json!({ "body": words, "file_ids": [file["id"]] })).await;
    talking.passes().await;
    (seq, talking.message(seq).await["files"][0].clone())
}

/// What Meta has under an id: bytes, type, name.
fn held(talking: &Talking, id: &Value) -> (Vec<u8>, String) {
    let id = id.as_str().expect("an id").to_owned();
    talking.stage.sim.world(|world| {
        let media = world.media.get(&id).expect("Meta has it");
        (media.bytes.clone(), media.mime.clone())
    })
}

/// How often a file was handed over.
fn handed(talking: &Talking) -> usize {
    let calls = talking.stage.sim.noted("api");
    let is_upload = |call: &&Value| call["path"].as_str().is_some_and(|path| path.ends_with("/media"));
    calls.iter().filter(is_upload).count()
}

#[tokio::test]
async fn pictures_papers_and_sounds_arrive_with_the_same_bytes() {
    let talking = Talking::begin().await;
    talking.owner.http.put("/v1/file-policy", policy(&talking).await).await.ok();
    for (name, mime, sent, kind, caption) in [
        ("photo.jpg", "image/jpeg", files::jpeg(120, 80), "image", true),
        ("screen.png", "image/png", files::png(200, 100), "image", true),
        ("Currículum café.pdf", "application/pdf", files::pdf(), "document", true),
        ("list.csv", "text/csv", files::csv(), "document", true),
        ("sticker.webp", "image/webp", files::webp_see_through(64, 64), "document", true),
        ("clip.mp4", "video/mp4", files::mp4(), "video", true),
        ("song.mp3", "audio/mpeg", files::mp3(), "audio", false),
        ("voice.ogg", "audio/ogg", files::ogg(), "audio", false),
    ] {
        let before = talking.taken().len();
        let (seq, file) = posts(&talking, (name, mime), &sent, "See").await;
        let asked = talking.taken().split_off(before);
        let body = asked.last().unwrap_or_else(|| panic!("{name}: nothing was sent"));
        assert_eq!(body["type"], kind, "{name}: {body}");
        let (arrived, declared) = held(&talking, &body[kind]["id"]);
        let kept = had(&talking, &file).await;
        assert!(arrived == kept, "{name}: {} bytes arrived of {}", arrived.len(), kept.len());
        assert_eq!(declared, file["media_type"].as_str().expect("a type").split(';').next().expect("one"), "{name}");
        if file["kind"] != "image" {
            assert!(kept == sent, "{name}: other bytes were kept");
        }
        if kind == "document" {
            assert_eq!(body[kind]["filename"], name);
        }
        // words go below what takes them, and before what does not
        match caption {
            true => assert_eq!((asked.len(), &body[kind]["caption"]), (1, &json!("See")), "{name}: {asked:?}"),
            false => assert_eq!((asked.len(), &asked[0]["text"]["body"]), (2, &json!("See")), "{name}: {asked:?}"),
        }
        assert_eq!(body[kind]["voice"], if name == "voice.ogg" { json!(true) } else { Value::Null }, "{name}");
        assert_ne!(talking.delivery(seq).await, "failed", "{name}");
        // to one person not too much at once
        talking.jumps(15_000).await;
    }
}

/// Everything the platform knows may be attached.
async fn policy(talking: &Talking) -> Value {
    let had = talking.owner.http.get("/v1/file-policy").await.ok();
    json!({ "most": 3, "max_bytes": had["ceiling"]["max_bytes"], "types": had["ceiling"]["types"],
        "legacy_office": false, "scan": had["scan"] })
}

#[tokio::test]
async fn a_file_is_handed_over_once_however_often_its_message_is_tried() {
    let talking = Talking::begin().await;
    talking.fault("F6.code", json!({ "code": 131_000 }), 2);
    let (seq, _) = posts(&talking, ("order.pdf", "application/pdf"), &files::pdf(), "Your order").await;
    talking.later(30_000).await;
    assert_ne!(talking.delivery(seq).await, "failed");
    assert_eq!((talking.asked().len(), talking.taken().len(), handed(&talking)), (3, 1, 1));
    assert_eq!(talking.stage.rows("wa_upload").await, 1);
}

#[tokio::test]
async fn meta_being_away_for_an_upload_delays_the_file_and_loses_nothing() {
    let talking = Talking::begin().await;
    talking.stage.sim.fault("F6.html", &json!({ "on": { "route": "media" }, "args": { "status": 503 }, "times": 1 }));
    let (seq, _) = posts(&talking, ("order.pdf", "application/pdf"), &files::pdf(), "Your order").await;
    assert_eq!((talking.delivery(seq).await.as_str(), talking.taken().len()), ("queued", 0));
    talking.later(120_000).await;
    assert_eq!(talking.taken().len(), 1);
    assert_ne!(talking.delivery(seq).await, "failed");
}

/// A picture no encoder makes smaller.
fn noise() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    files::noise(1_400, 1_400).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    png.into_inner()
}

#[tokio::test]
async fn what_meta_refuses_as_a_picture_is_offered_as_a_document() {
    let talking = Talking::begin().await;
    talking.owner.http.put("/v1/file-policy", policy(&talking).await).await.ok();
    // five million bytes and more of it are left when it was made anew
    let (_, file) = posts(&talking, ("noise.png", "image/png"), &noise(), "Look").await;
    assert!(file["bytes"].as_i64().expect("bytes") > 5 * 1_024 * 1_024, "{file}");
    let taken = talking.taken();
    let body = taken.last().expect("it was sent");
    assert_eq!((&body["type"], &body["document"]["filename"]), (&json!("document"), &json!("noise.png")), "{body}");
    let (arrived, _) = held(&talking, &body["document"]["id"]);
    assert!(arrived == had(&talking, &file).await);
    assert_eq!(handed(&talking), 2, "refused as a picture, taken as bytes");
}

#[tokio::test]
async fn a_file_that_was_refused_says_so_and_is_not_sent() {
    let talking = Talking::begin().await;
    talking.stage.sim.fault(
        "F6.code",
        &json!({ "on": { "route": "media" }, "args": { "code": 131_053, "details": "Codec." }, "times": null }),
    );
    let (seq, _) = posts(&talking, ("order.pdf", "application/pdf"), &files::pdf(), "Your order").await;
    talking.later(60_000).await;
    let message = talking.message(seq).await;
    assert_eq!((&message["delivery"], talking.asked().len()), (&json!("failed"), 0), "{message:#}");
    assert_eq!(message["extra"]["failure"]["code"], 131_053, "{message:#}");
    assert!(handed(&talking) <= 6, "tried {} times", handed(&talking));
}

#[tokio::test]
async fn what_meta_has_is_known_for_a_month_and_forgotten_then() {
    let talking = Talking::begin().await;
    posts(&talking, ("order.pdf", "application/pdf"), &files::pdf(), "Your order").await;
    assert_eq!(talking.stage.rows("wa_upload").await, 1);
    whatsapp::schedule(talking.stage.app.ctx()).await.expect("jobs that come back");
    talking.stage.app.later(std::time::Duration::from_secs(30 * 86_400 + 3_600));
    talking.stage.app.run_due().await;
    assert_eq!(talking.stage.rows("wa_upload").await, 0);
}

#[tokio::test]
async fn samples_are_handed_over_in_one_piece_that_can_be_gone_on_with() {
    let talking = Talking::begin().await;
    let token = kernel::Secret::new(graph_sim::Setup::TOKEN.to_owned());
    let sent = bytes::Bytes::from(files::png(200, 100));
    let ctx = talking.stage.app.ctx();
    let app = graph_sim::Setup::APP;
    let handle = whatsapp::media::hand_over(ctx, app, &token, ("sample.png", "image/png"), &sent).await;
    assert!(handle.expect("a handle").starts_with("4:"));
    let arrived =
        talking.stage.sim.world(|world| world.uploads.values().map(|one| one.bytes.clone()).collect::<Vec<_>>());
    assert_eq!(arrived, [sent.to_vec()]);
    let refused = whatsapp::media::hand_over(ctx, app, &token, ("a.gif", "image/gif"), &sent).await;
    assert!(refused.is_err());
}
