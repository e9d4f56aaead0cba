//! Pictures are made anew: upright, without what stood beside their pixels, in bounds.

use std::time::{Duration, Instant};

use harness::files::{self, SECRET_PLACE};
use image::{DynamicImage, GenericImageView};

use crate::{holds, look, refusal};

fn pixels(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).expect("a picture")
}

#[tokio::test]
async fn a_photograph_loses_its_place_and_keeps_its_orientation() {
    let sent = files::jpeg_with_gps();
    assert!(holds(&sent, SECRET_PLACE.as_bytes()) && holds(&sent, b"Exif"), "else this test would prove nothing");
    let looked = look("photo.jpg", "image/jpeg", &sent).await;
    let shown = looked.shown();
    for trace in [SECRET_PLACE.as_bytes(), b"Exif", b"xmpmeta", &[51, 0, 0, 0, 1, 0, 0, 0, 30]] {
        assert!(!holds(&shown, trace), "{} is still there", String::from_utf8_lossy(trace));
    }
    let picture = pixels(&looked.kept());
    assert_eq!(picture.dimensions(), (64, 96), "held upright");
    let (above, below) = (picture.get_pixel(32, 10), picture.get_pixel(32, 86));
    assert!(above[0] > 180 && above[2] < 90, "red above: {above:?}");
    assert!(below[2] > 180 && below[0] < 90, "blue below: {below:?}");
    assert_eq!((looked.fine().width, looked.fine().height), (Some(64), Some(96)));
}

#[tokio::test]
async fn words_in_a_png_are_gone() {
    let sent = files::png_with_words(30, 20);
    assert!(holds(&sent, SECRET_PLACE.as_bytes()));
    assert!(!holds(&look("a.png", "", &sent).await.shown(), SECRET_PLACE.as_bytes()));
}

#[tokio::test]
async fn pixels_survive() {
    let sent = files::png_see_through(100, 60);
    let looked = look("a.png", "", &sent).await;
    assert_eq!(pixels(&looked.kept()).into_rgba8(), pixels(&sent).into_rgba8(), "a PNG loses nothing");
    let sent = files::webp_see_through(64, 64);
    let looked = look("a.webp", "", &sent).await;
    assert_eq!((looked.fine().extension.as_str(), looked.fine().media_type.as_str()), ("webp", "image/webp"));
    assert_eq!(pixels(&looked.kept()).into_rgba8(), pixels(&sent).into_rgba8());
    let sent = files::webp(64, 64);
    let looked = look("a.webp", "", &sent).await;
    assert_eq!((looked.fine().extension.as_str(), looked.fine().media_type.as_str()), ("jpg", "image/jpeg"));
    assert_alike(&pixels(&looked.kept()), &pixels(&sent));
}

/// On average within a few steps of brightness.
fn assert_alike(one: &DynamicImage, two: &DynamicImage) {
    let (one, two) = (one.to_rgb8(), two.to_rgb8());
    assert_eq!(one.dimensions(), two.dimensions());
    let sum: u64 = one.iter().zip(two.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    assert!(sum / (one.len() as u64) < 12, "far from each other: {}", sum / one.len() as u64);
}

#[tokio::test]
async fn previews_fit_and_are_never_enlarged() {
    for ((width, height), small, large) in [
        ((2_000, 1_000), (320, 160), (1_024, 512)),
        ((600, 1_200), (160, 320), (512, 1_024)),
        ((500, 400), (320, 256), (500, 400)),
        ((40, 30), (40, 30), (40, 30)),
        ((3_000, 1), (320, 1), (1_024, 1)),
    ] {
        let looked = look("a.png", "", &files::png(width, height)).await;
        let sizes: Vec<_> = looked.fine().previews.iter().map(|one| (one.variant, one.width, one.height)).collect();
        assert_eq!(sizes, [("small", small.0, small.1), ("large", large.0, large.1)], "{width} × {height}");
        for preview in &looked.fine().previews {
            let bytes = std::fs::read(&preview.path).expect("there");
            assert_eq!(pixels(&bytes).dimensions(), (preview.width, preview.height));
            assert_eq!(preview.media_type, "image/jpeg");
        }
    }
    let clear = look("a.png", "", &files::png_see_through(400, 400)).await;
    assert!(clear.fine().previews.iter().all(|preview| preview.media_type == "image/webp"), "what shines through does");
}

#[tokio::test]
async fn an_animation_moves_on() {
    let looked = look("a.gif", "image/gif", &files::gif(5)).await;
    let kept = looked.kept();
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut reader = options.read_info(kept.as_slice()).expect("a GIF");
    let mut colours = Vec::new();
    while let Some(frame) = reader.read_next_frame().expect("whole") {
        assert_eq!((frame.delay, frame.width, frame.height), (7, 40, 30));
        colours.push(frame.buffer[0]);
    }
    assert_eq!(colours, [0, 1, 2, 3, 4]);
    assert_eq!(reader.repeat(), gif::Repeat::Infinite);
    assert_eq!(frames(&look("a.gif", "", &files::gif(130)).await.kept()), 100, "a hundred frames at most");
}

fn frames(bytes: &[u8]) -> usize {
    let mut reader = gif::DecodeOptions::new().read_info(bytes).expect("a GIF");
    std::iter::from_fn(|| reader.next_frame_info().expect("whole").map(drop)).count()
}

#[tokio::test]
async fn an_animation_of_too_many_pixels_becomes_its_first_picture() {
    let flood = files::gif_flood();
    assert!(flood.len() < 10_000_000, "{} bytes", flood.len());
    let began = Instant::now();
    let looked = look("a.gif", "", &flood).await;
    assert_eq!(frames(&looked.kept()), 1);
    assert_eq!((looked.fine().width, looked.fine().height), (Some(8_000), Some(3_000)));
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_second_meaning_is_gone() {
    let polyglot = files::gif_js();
    assert!(holds(&polyglot, b"alert("));
    let looked = look("a.gif", "image/gif", &polyglot).await;
    assert!(!holds(&looked.shown(), b"alert") && !holds(&looked.shown(), b"polyg"), "no script is left");
    let polyglot = files::jpeg_zip();
    assert!(holds(&polyglot, b"PK\x05\x06"));
    assert!(!holds(&look("a.jpg", "", &polyglot).await.shown(), b"PK\x05\x06"), "no archive is left");
    // the classic: sides that read as the beginning of a comment
    assert_eq!(refusal("a.gif", "", b"GIF89a/*\x2a\x2a\x80\0\0*/=1;alert(1);").await, "picture_too_large");
}

#[tokio::test]
async fn floods_of_pixels_are_refused_before_they_are_decoded() {
    let png = files::pixel_flood_png();
    assert!((600_000..750_000).contains(&png.len()), "{} bytes", png.len());
    for (name, bytes) in [
        ("a.png", png),
        ("a.jpg", files::pixel_flood_jpeg()),
        ("a.webp", files::pixel_flood_webp()),
        ("a.gif", files::pixel_flood_gif()),
    ] {
        let began = Instant::now();
        assert_eq!(refusal(name, "", &bytes).await, "picture_too_large", "{name}");
        assert!(began.elapsed() < Duration::from_secs(2), "{name} took {:?}", began.elapsed());
    }
    assert_eq!(refusal("a.png", "", &files::png(8_193, 1)).await, "picture_too_large");
    assert_eq!(refusal("a.png", "", &files::png(5_001, 5_000)).await, "picture_too_large");
    assert_eq!(look("a.png", "", &files::png(8_192, 1)).await.fine().width, Some(8_192));
    assert_eq!(look("a.png", "", &files::png(5_000, 5_000)).await.fine().width, Some(5_000));
}

#[tokio::test]
async fn broken_pictures_are_refused() {
    for (name, bytes) in [
        ("a.png", files::png(60, 60)),
        ("a.webp", files::webp(60, 60)),
        ("a.gif", files::gif(2)),
        ("a.jpg", files::jpeg(60, 60)),
    ] {
        for length in [12, 40] {
            assert_eq!(refusal(name, "", &bytes[..length]).await, "unreadable", "{name}: {length} bytes of it");
        }
    }
}

/// Found by `MUTATIONS=20000`: image-webp 0.2.4 panics over its Huffman codes.
#[tokio::test]
async fn a_picture_that_makes_a_decoder_panic_is_a_broken_picture() {
    let picture = include_bytes!("../fixtures/files/panics.webp");
    assert_eq!(refusal("a.webp", "image/webp", picture).await, "unreadable");
}
