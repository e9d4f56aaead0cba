//! Smaller versions: made from the pixels that are there anyway, never larger than they.

use image::DynamicImage;
use image::imageops::FilterType;

use super::encode;
use crate::judge::{Part, Refusal};

const SMALL: u32 = 320;
const LARGE: u32 = 1_024;

/// The small and the large one.
pub fn of(image: DynamicImage) -> Result<(Part, Part), Refusal> {
    let large = within(image, LARGE);
    let made = encode::preview(&large)?;
    let small = within(large, SMALL);
    Ok((encode::preview(&small)?, made))
}

/// Averaged down to twice the size first, which is quick, then sampled well.
fn within(image: DynamicImage, most: u32) -> DynamicImage {
    let is_above = |image: &DynamicImage, most| image.width() > most || image.height() > most;
    if !is_above(&image, most) {
        return image;
    }
    let near = if is_above(&image, most * 2) { image.thumbnail(most * 2, most * 2) } else { image };
    near.resize(most, most, FilterType::CatmullRom)
}
