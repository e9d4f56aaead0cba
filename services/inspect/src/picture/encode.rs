//! The encoders, with nothing but pixels in what they write.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageResult};

use crate::Shape;
use crate::judge::{Part, Refusal};

/// Quality of the picture itself and of its previews.
pub const FULL: u8 = 88;
pub const PREVIEW: u8 = 80;
/// A PNG beyond this becomes a JPEG when it can: noise and photographs in a format made for drawings.
const MOST_PNG: usize = 32 * 1024 * 1024;

/// JPEG; alpha is lost.
pub fn jpeg(image: &DynamicImage, quality: u8) -> Result<Part, Refusal> {
    part(image, Shape::Jpeg, |bytes| image.write_with_encoder(JpegEncoder::new_with_quality(bytes, quality)))
}

/// PNG, or what it must become.
pub fn png(image: &DynamicImage) -> Result<Part, Refusal> {
    let made = part(image, Shape::Png, |bytes| {
        image.write_with_encoder(PngEncoder::new_with_quality(bytes, CompressionType::Default, FilterType::Adaptive))
    })?;
    match (made.bytes.len() > MOST_PNG, image.color().has_alpha()) {
        (false, _) => Ok(made),
        (true, false) => jpeg(image, FULL),
        (true, true) => Err(Refusal::TooManyPixels),
    }
}

/// WebP without loss.
pub fn webp(image: &DynamicImage) -> Result<Part, Refusal> {
    part(image, Shape::Webp, |bytes| image.write_with_encoder(WebPEncoder::new_lossless(bytes)))
}

/// Whichever suits: JPEG, or WebP where something shines through.
pub fn preview(image: &DynamicImage) -> Result<Part, Refusal> {
    if image.color().has_alpha() { webp(image) } else { jpeg(image, PREVIEW) }
}

fn part(
    image: &DynamicImage,
    shape: Shape,
    write: impl FnOnce(&mut Vec<u8>) -> ImageResult<()>,
) -> Result<Part, Refusal> {
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|_| Refusal::Unreadable)?;
    Ok(Part { bytes, shape, width: image.width(), height: image.height() })
}
