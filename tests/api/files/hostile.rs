//! ATT-03, 05 to 10: files that are not what they say. What each does is tested beside the inspector; here they come
//! through the door.

use harness::files::{docx_with_macro, gif_js, jpeg_zip, pdf_html, pixel_flood_png, svg_disguises, zip_bomb_docx};

use super::desk::{DESK, Desk, WIDGET, link, links, state};

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

#[tokio::test]
async fn att_03_svg_comes_in_under_no_disguise() {
    let desk = Desk::set().await;
    for (name, kind, bytes) in svg_disguises() {
        let answer = desk.anna.http.upload(WIDGET, (name, kind), &bytes).await;
        if answer.status == 422 {
            continue;
        }
        let file = answer.is(201)["file"].clone();
        desk.app.run_due().await;
        let file = state(&desk.anna.http, WIDGET, &file).await;
        assert_eq!(file["state"], "refused", "{name} as {kind}: {file}");
        assert!(file["reason"].is_string(), "{file}");
        assert!(links(&desk.anna.http, WIDGET, &[(&file, "full")]).await.is_empty());
    }
    assert_eq!(desk.objects().await, [""; 0], "what was refused is not kept");
    assert_eq!(desk.used().await, 0);
    desk.agrees().await;
}

#[tokio::test]
async fn att_05_what_name_type_and_bytes_do_not_agree_on_is_refused() {
    let desk = Desk::set().await;
    for (name, kind, bytes, reason) in [
        ("a.png", "text/plain", harness::files::png(20, 20), "type_mismatch"),
        ("a.png", "image/png", harness::files::jpeg(20, 20), "type_mismatch"),
        ("a.pdf", "application/pdf", harness::files::text(), "type_mismatch"),
        ("a.docx", WORD, docx_with_macro(), "macro"),
        ("a.docx", WORD, zip_bomb_docx(), "archive_bomb"),
        ("a.png", "image/png", pixel_flood_png(), "picture_too_large"),
        ("a.pdf", "application/pdf", pdf_html(), "type_mismatch"),
    ] {
        let file = desk.mia_sends_up((name, kind), &bytes).await;
        assert_eq!((file["state"].as_str(), file["reason"].as_str()), (Some("refused"), Some(reason)), "{name} {kind}");
    }
    assert_eq!(desk.objects().await, [""; 0]);
}

/// A picture is ours when it leaves: nothing but pixels is left of it.
#[tokio::test]
async fn att_06_of_a_polyglot_only_the_picture_is_left() {
    let desk = Desk::set().await;
    for (name, kind, bytes, words) in
        [("a.gif", "image/gif", gif_js(), b"alert".as_slice()), ("a.jpg", "image/jpeg", jpeg_zip(), b"PK\x03\x04")]
    {
        assert!(holds(&bytes, words), "the premise: {name} holds it");
        let file = desk.mia_sends_up((name, kind), &bytes).await;
        if file["state"] == "refused" {
            continue;
        }
        for variant in ["full", "large", "small"] {
            let got = desk.follows(&link(&desk.mia.http, DESK, &file, variant).await, &[]).await;
            assert_eq!(got.status, 200);
            assert!(!holds(&got.bytes, words), "{name} {variant} still holds it");
        }
    }
}

fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|window| window == words)
}

#[tokio::test]
async fn att_09_of_a_photograph_neither_place_nor_camera_is_left() {
    let desk = Desk::set().await;
    let bytes = harness::files::jpeg_with_gps();
    assert!(holds(&bytes, harness::files::SECRET_PLACE.as_bytes()), "the premise");
    let file = desk.anna_sends_up(("beach.jpg", "image/jpeg"), &bytes).await;
    assert_eq!(file["state"], "ready", "{file}");
    let got = desk.follows(&link(&desk.anna.http, WIDGET, &file, "full").await, &[]).await;
    assert!(!holds(&got.bytes, harness::files::SECRET_PLACE.as_bytes()) && !holds(&got.bytes, b"Exif"));
}
