//! JPEG, PNG and WebP. Of an animated WebP or PNG the first picture is kept.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{DynamicImage, ImageDecoder, ImageError, Limits};

use super::{MOST_MEMORY, MOST_SIDE, encode, is_allowed};
use crate::Shape;
use crate::judge::{Part, Refusal};

/// The picture anew and its pixels.
pub fn remake(shape: Shape, bytes: &[u8]) -> Result<(Part, DynamicImage), Refusal> {
    let image = plain(decode(shape, bytes)?);
    let has_alpha = image.color().has_alpha();
    let full = match shape {
        Shape::Png => encode::png(&image)?,
        Shape::Webp if has_alpha => encode::webp(&image)?,
        _ => encode::jpeg(&image, encode::FULL)?,
    };
    Ok((full, image))
}

fn decode(shape: Shape, bytes: &[u8]) -> Result<DynamicImage, Refusal> {
    let input = Cursor::new(bytes);
    match shape {
        Shape::Jpeg => upright(JpegDecoder::new(input).map_err(refusal)?),
        Shape::Png => upright(PngDecoder::with_limits(input, limits()).map_err(refusal)?),
        _ => upright(WebPDecoder::new(input).map_err(refusal)?),
    }
}

fn upright(mut decoder: impl ImageDecoder) -> Result<DynamicImage, Refusal> {
    let (width, height) = decoder.dimensions();
    is_allowed(width, height)?;
    if decoder.total_bytes() > MOST_MEMORY {
        return Err(Refusal::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(refusal)?;
    // a broken note about orientation is no reason to refuse a picture
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Ok(image)
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    limits
}

fn refusal(error: ImageError) -> Refusal {
    match error {
        ImageError::Limits(_) => Refusal::TooManyPixels,
        _ => Refusal::Unreadable,
    }
}

/// Eight bits a channel, and no alpha that hides nothing.
fn plain(image: DynamicImage) -> DynamicImage {
    let is_grey = matches!(image.color().channel_count(), 1 | 2);
    let is_clear = image.color().has_alpha() && is_see_through(&image);
    match (is_grey, is_clear) {
        (true, false) => DynamicImage::ImageLuma8(image.into_luma8()),
        (true, true) => DynamicImage::ImageLumaA8(image.into_luma_alpha8()),
        (false, false) => DynamicImage::ImageRgb8(image.into_rgb8()),
        (false, true) => DynamicImage::ImageRgba8(image.into_rgba8()),
    }
}

fn is_see_through(image: &DynamicImage) -> bool {
    match image {
        DynamicImage::ImageLumaA8(image) => image.pixels().any(|pixel| pixel.0[1] < u8::MAX),
        DynamicImage::ImageRgba8(image) => image.pixels().any(|pixel| pixel.0[3] < u8::MAX),
        DynamicImage::ImageLumaA16(image) => image.pixels().any(|pixel| pixel.0[1] < u16::MAX),
        DynamicImage::ImageRgba16(image) => image.pixels().any(|pixel| pixel.0[3] < u16::MAX),
        _ => true,
    }
}
