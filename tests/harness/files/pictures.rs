//! Pictures.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageResult, Rgb, RgbImage, Rgba, RgbaImage};

/// Words that stand in the metadata of [`jpeg_with_gps`] and [`png_with_words`] and nowhere else.
pub const SECRET_PLACE: &str = "51.5007N 0.1246W";

/// A gradient across, in rows that repeat: made by the row, because tests make pictures of 25 million pixels.
fn gradient(width: u32, height: u32) -> RgbImage {
    let part = |at: u32, of: u32| u8::try_from(u64::from(at) * 255 / u64::from(of.max(1))).unwrap_or(u8::MAX);
    let row = |y: u32| -> Vec<u8> {
        (0..width).flat_map(|x| [part(x, width), part(y, 32), u8::try_from((x ^ y) % 64).unwrap_or(0)]).collect()
    };
    let rows: Vec<_> = (0..height.min(32)).map(row).collect();
    let mut bytes = Vec::new();
    rows.iter().cycle().take(height as usize).for_each(|row| bytes.extend_from_slice(row));
    RgbImage::from_raw(width, height, bytes).expect("as many bytes as pixels need")
}

/// Random pixels, always the same ones: what no encoder makes smaller.
pub fn noise(width: u32, height: u32) -> RgbImage {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    RgbImage::from_fn(width, height, |_, _| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let [r, g, b, ..] = state.to_le_bytes();
        Rgb([r, g, b])
    })
}

/// A PNG.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    as_png(&gradient(width, height).into())
}

/// A PNG with a hole in the middle.
pub fn png_see_through(width: u32, height: u32) -> Vec<u8> {
    as_png(&holed(width, height).into())
}

/// A PNG with a text chunk that names a place.
pub fn png_with_words(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(width, height);
    let words = [b"Comment\0", SECRET_PLACE.as_bytes()].concat();
    // behind the header: signature 8, IHDR 25
    bytes.splice(33..33, super::hostile::png_chunk(*b"tEXt", &words));
    bytes
}

/// A JPEG.
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    as_jpeg(&gradient(width, height).into(), 90)
}

/// A WebP without holes.
pub fn webp(width: u32, height: u32) -> Vec<u8> {
    as_webp(&gradient(width, height).into())
}

/// A WebP with a hole in the middle.
pub fn webp_see_through(width: u32, height: u32) -> Vec<u8> {
    as_webp(&holed(width, height).into())
}

fn holed(width: u32, height: u32) -> RgbaImage {
    let in_middle = |at: u32, of: u32| at > of / 4 && at < of * 3 / 4;
    RgbaImage::from_fn(width, height, |x, y| {
        let alpha = if in_middle(x, width) && in_middle(y, height) { 0 } else { u8::MAX };
        Rgba([200, 30, 60, alpha])
    })
}

/// A phone's photograph: held upright (orientation 6), with the place it was taken at in EXIF, XMP and a comment. As
/// it is stored it is 96 × 64, left half red, right half blue: seen upright it is 64 × 96, red above blue.
pub fn jpeg_with_gps() -> Vec<u8> {
    let halves = RgbImage::from_fn(96, 64, |x, _| if x < 48 { Rgb([230, 20, 20]) } else { Rgb([20, 20, 230]) });
    let mut bytes = as_jpeg(&halves.into(), 95);
    let xmp = format!("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>{SECRET_PLACE}</x:xmpmeta>");
    let parts = [segment(0xe1, &exif()), segment(0xe1, xmp.as_bytes()), segment(0xfe, SECRET_PLACE.as_bytes())];
    bytes.splice(2..2, parts.concat());
    bytes
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).expect("a short segment").to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// Orientation 6, a description, and a latitude of 51° 30' 2.5".
fn exif() -> Vec<u8> {
    let place = format!("{SECRET_PLACE}\0");
    let after = 8 + 2 + 3 * 12 + 4;
    let gps = after + u32::try_from(place.len()).expect("short");
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let numbers = [51_u32, 1, 30, 1, 25, 10].map(u32::to_le_bytes).concat();
    let parts = [
        b"Exif\0\0II*\0\x08\0\0\0\x03\0".to_vec(),
        entry(0x010e, 2, u32::try_from(place.len()).expect("short"), after),
        entry(0x0112, 3, 1, 6),
        entry(0x8825, 4, 1, gps),
        vec![0; 4],
        place.into_bytes(),
        vec![2, 0],
        entry(1, 2, 2, u32::from(b'N')),
        entry(2, 5, 3, gps + 2 + 2 * 12 + 4),
        vec![0; 4],
        numbers,
    ];
    parts.concat()
}

/// An animation of so many frames of 40 × 30, each of one colour, forever.
pub fn gif(frames: u16) -> Vec<u8> {
    let mut writer = gif::Encoder::new(Vec::new(), 40, 30, &[]).expect("a writer");
    writer.set_repeat(gif::Repeat::Infinite).expect("written");
    for index in 0..frames {
        let colour = u8::try_from(index % 250).expect("small");
        let mut frame = gif::Frame::from_palette_pixels(40, 30, vec![0; 1_200], vec![colour, 100, 200, 9, 9, 9], None);
        frame.delay = 7;
        writer.write_frame(&frame).expect("written");
    }
    writer.into_inner().expect("finished")
}

fn encoded(image: &DynamicImage, write: impl FnOnce(&DynamicImage, &mut Vec<u8>) -> ImageResult<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(image, &mut bytes).expect("encoded");
    bytes
}

fn as_png(image: &DynamicImage) -> Vec<u8> {
    encoded(image, |image, out| image.write_with_encoder(PngEncoder::new(out)))
}

fn as_jpeg(image: &DynamicImage, quality: u8) -> Vec<u8> {
    encoded(image, |image, out| image.write_with_encoder(JpegEncoder::new_with_quality(out, quality)))
}

fn as_webp(image: &DynamicImage) -> Vec<u8> {
    encoded(image, |image, out| image.write_with_encoder(WebPEncoder::new_lossless(out)))
}
