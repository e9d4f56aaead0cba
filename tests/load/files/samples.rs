//! Files as people send them, and film of any length.

use anyhow::Result;
use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{Rgb, RgbImage};

use harness::files;

/// A film of exactly so many bytes, none of which can be left out. It is kept as it is sent.
pub fn film(bytes: usize) -> Bytes {
    let mut film = files::mp4();
    let rest = bytes - film.len();
    film.extend_from_slice(&u32::try_from(rest).unwrap_or(u32::MAX).to_be_bytes());
    film.extend_from_slice(b"free");
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    });
    film.extend(noise.flatten().take(rest - 8));
    film.into()
}

/// What it is, its name, its type, its bytes.
pub type Sample = (String, &'static str, &'static str, Vec<u8>);

/// Photo, screenshot, paper, table, film.
pub fn typical() -> Result<Vec<Sample>> {
    let mut photo = Vec::new();
    JpegEncoder::new_with_quality(&mut photo, 85).encode_image(&grained(4000, 3000, 24))?;
    let mut screen = Vec::new();
    grained(1920, 1080, 1).write_with_encoder(PngEncoder::new(&mut screen))?;
    let paper = padded(files::pdf(), 200_000);
    let film = film(25_000_000).to_vec();
    let table = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let samples = [
        ("photo of 12 megapixels", "photo.jpg", "image/jpeg", photo),
        ("screenshot 1920 × 1080", "screen.png", "image/png", screen),
        ("PDF", "order.pdf", "application/pdf", paper),
        ("table", "table.xlsx", table, files::xlsx()),
        ("film", "film.mp4", "video/mp4", film),
    ];
    let sized =
        samples.map(|(what, name, kind, bytes)| (format!("{what}, {} kB", bytes.len() / 1000), name, kind, bytes));
    Ok(sized.to_vec())
}

/// A picture with some grain, as a lens leaves it: as large as photos of its size are.
fn grained(width: u32, height: u32, grain: u8) -> RgbImage {
    let noise = files::noise(width, height);
    RgbImage::from_fn(width, height, |x, y| {
        let slope = |at: u32, of: u32| u8::try_from(u64::from(at) * 200 / u64::from(of)).unwrap_or(0);
        let [r, g, b] = noise.get_pixel(x, y).0.map(|value| value % grain);
        Rgb([slope(x, width) + r, slope(y, height) + g, slope(x / 2 + y / 3, width) + b])
    })
}

/// A remark before the end, of one character again and again.
fn padded(paper: Vec<u8>, bytes: usize) -> Vec<u8> {
    let end = paper.len() - b"%%EOF\n".len();
    let remark = format!("%{}\n", " ".repeat(bytes.saturating_sub(paper.len() + 2)));
    [&paper[..end], remark.as_bytes(), &paper[end..]].concat()
}
