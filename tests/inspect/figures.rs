//! What looking at a file costs; run by hand: `cargo test -p porchlight-tests --test inspect figures -- --ignored`.

use std::time::Instant;

use harness::files;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, RgbImage};

use crate::{look, look_by};

#[tokio::test]
#[ignore = "prints figures, proves nothing"]
async fn figures() {
    let started = Instant::now();
    for _ in 0..20 {
        look("a.txt", "", b"hello").await.fine();
    }
    println!("a text of five bytes, so the child itself: {:?}", started.elapsed() / 20);
    let jpeg = photograph(4_000, 3_000);
    cost("JPEG of 12 MP", "a.jpg", &jpeg).await;
    cost("JPEG of 24 MP", "a.jpg", &photograph(6_000, 4_000)).await;
    cost("PNG of 25 MP, gradient", "a.png", &files::png(5_000, 5_000)).await;
    let noise = DynamicImage::from(files::noise(2_800, 2_800));
    let mut bytes = Vec::new();
    noise.write_with_encoder(image::codecs::png::PngEncoder::new(&mut bytes)).expect("encoded");
    cost("PNG of 7.8 MP, noise", "a.png", &bytes).await;
    cost("WebP of 12 MP", "a.webp", &files::webp(4_000, 3_000)).await;
    cost("GIF, 100 frames of 600 × 400", "a.gif", &animation()).await;
    cost("GIF, 100 frames of 24 MP in one file", "a.gif", &files::gif_flood()).await;
    let filling = files::noise(1_850, 1_850).into_raw();
    let main = "wordprocessingml.document.main+xml";
    let docx = files::office("word/document.xml", main, &[("word/media/image1.bin", &filling)]);
    cost("docx", "a.docx", &docx).await;
    cost("docx that unpacks to 100 MB", "a.docx", &unpacking()).await;
}

async fn cost(what: &str, name: &str, bytes: &[u8]) {
    let (began, before) = (Instant::now(), processor());
    let looked = look_by(&crate::inspector(), name, "", bytes).await.expect("a verdict");
    let (took, worked) = (began.elapsed(), processor() - before);
    let result = match &looked.verdict {
        inspect::Verdict::Fine(fine) => {
            let full = fine.full.as_ref().map_or(0, |full| std::fs::metadata(full).map_or(0, |about| about.len()));
            format!("{} {} kB", fine.extension, full / 1_000)
        }
        inspect::Verdict::Refused(code) => (*code).to_owned(),
    };
    println!("{what}, {} kB: {worked} ms of processor, {took:?} in all, {result}", bytes.len() / 1_000);
}

/// Milliseconds of processor time of the children that have ended.
fn processor() -> u64 {
    let all = std::fs::read_to_string("/proc/self/stat").expect("we run");
    let after = all.rsplit(')').next().expect("a name").split_whitespace();
    let ticks: u64 = after.skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    ticks * 10
}

/// A picture that packs about as well as a photograph does: soft, with a little noise.
fn photograph(width: u32, height: u32) -> Vec<u8> {
    let noise = files::noise(width, 16).into_raw();
    let mut bytes = Vec::new();
    for y in 0..height {
        let start = (y as usize % 16) * width as usize * 3;
        let row = noise[start..start + width as usize * 3].iter().zip(0_u32..);
        bytes.extend(row.map(|(noise, at)| noise / 12 + u8::try_from((at / 40 + y / 10) % 200).unwrap_or(0)));
    }
    let image = DynamicImage::from(RgbImage::from_raw(width, height, bytes).expect("whole"));
    let mut out = Vec::new();
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut out, 88)).expect("encoded");
    out
}

fn animation() -> Vec<u8> {
    let mut writer = gif::Encoder::new(Vec::new(), 600, 400, &[]).expect("a writer");
    let palette: Vec<u8> = (0..=u8::MAX).flat_map(|shade| [shade, shade / 2, 255 - shade]).collect();
    for frame in 0..100_usize {
        let noise = files::noise(600, 40).into_raw();
        let pixels: Vec<u8> = (0..240_000).map(|at| noise[(at + frame * 97) % 72_000] / 8 + 90).collect();
        let frame = gif::Frame::from_palette_pixels(600, 400, pixels, palette.clone(), None);
        writer.write_frame(&frame).expect("written");
    }
    writer.into_inner().expect("finished")
}

fn unpacking() -> Vec<u8> {
    let text: Vec<u8> = files::noise(500, 500).into_raw().iter().map(|byte| b'a' + byte % 4).collect();
    let text = text.repeat(130);
    files::office("word/document.xml", "wordprocessingml.document.main+xml", &[("word/media/large.xml", &text)])
}
