//! Pictures: decoded once, turned upright, encoded anew. Nothing of the original's bytes is kept.

mod animation;
mod encode;
mod previews;
mod still;

use crate::Shape;
use crate::judge::{Made, Refusal};

/// Longest side.
pub const MOST_SIDE: u32 = 8_192;
/// Pixels altogether.
const MOST_PIXELS: u64 = 25_000_000;
/// Bytes of decoded pixels.
const MOST_MEMORY: u64 = 128 * 1024 * 1024;

/// Makes it anew, with previews. Decoders panic over some broken pictures, which says no more than that they are broken.
pub fn remake(shape: Shape, bytes: &[u8]) -> Result<Made, Refusal> {
    if !begins_as(shape, bytes) {
        return Err(Refusal::Mismatch);
    }
    std::panic::catch_unwind(|| decoded(shape, bytes)).unwrap_or(Err(Refusal::Unreadable))
}

fn decoded(shape: Shape, bytes: &[u8]) -> Result<Made, Refusal> {
    let (full, image) = match shape {
        Shape::Gif => animation::remake(bytes)?,
        _ => still::remake(shape, bytes)?,
    };
    let (small, large) = previews::of(image)?;
    Ok(Made { full: Some(full), small: Some(small), large: Some(large), findings: Vec::new() })
}

/// Whether bytes begin as this kind of picture does.
pub fn begins_as(shape: Shape, bytes: &[u8]) -> bool {
    match shape {
        Shape::Jpeg => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        Shape::Png => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        Shape::Gif => bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a"),
        Shape::Webp => bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"),
        _ => false,
    }
}

/// Said from the header alone, before a pixel is decoded.
fn is_allowed(width: u32, height: u32) -> Result<(), Refusal> {
    let is_flood = width > MOST_SIDE || height > MOST_SIDE || u64::from(width) * u64::from(height) > MOST_PIXELS;
    match (width, height, is_flood) {
        (0, ..) | (_, 0, _) => Err(Refusal::Unreadable),
        (_, _, true) => Err(Refusal::TooManyPixels),
        _ => Ok(()),
    }
}
