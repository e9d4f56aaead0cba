//! GIF: frames keep their colours, times and places and lose everything else.
//!
//! Colours are put in order and unused ones dropped: the palette is the one part of a GIF in which a script could
//! otherwise be carried over letter by letter.

use std::borrow::Cow;
use std::io::Cursor;

use gif::{ColorOutput, DecodeOptions, Decoder, Encoder, Frame, MemoryLimit, Repeat};
use image::{DynamicImage, Rgba, RgbaImage};

use super::{MOST_MEMORY, is_allowed};
use crate::Shape;
use crate::judge::{Part, Refusal};

const MOST_FRAMES: usize = 100;
/// Pixels of all frames together: what is unpacked and packed again in a few seconds. Beyond it, the first frame.
const MOST_WORK: u64 = 150_000_000;
/// A file beyond this is not an animation anybody waits for.
const MOST_BYTES: usize = 32 * 1024 * 1024;

type Reader<'a> = Decoder<Cursor<&'a [u8]>>;

/// The animation anew, and its first picture.
pub fn remake(bytes: &[u8]) -> Result<(Part, DynamicImage), Refusal> {
    let moving = frames(bytes, MOST_FRAMES)?;
    match moving {
        Some(made) => Ok(made),
        None => frames(bytes, 1)?.ok_or(Refusal::TooManyPixels),
    }
}

/// Up to `most` frames, or none when that is more work than we do.
fn frames(bytes: &[u8], most: usize) -> Result<Option<(Part, DynamicImage)>, Refusal> {
    let mut reader = open(bytes)?;
    let (width, height) = (reader.width(), reader.height());
    is_allowed(u32::from(width), u32::from(height))?;
    let mut writer = Encoder::new(Vec::new(), width, height, &[]).map_err(|_| Refusal::Unreadable)?;
    let mut first = None;
    let mut work = 0;
    for index in 0..most {
        let Some(frame) = next(&mut reader)? else { break };
        work += u64::from(frame.width) * u64::from(frame.height);
        if index > 0 && (work > MOST_WORK || writer.get_ref().len() > MOST_BYTES) {
            return Ok(None);
        }
        if index == 0 && reader.repeat() != Repeat::Finite(0) {
            writer.set_repeat(reader.repeat()).map_err(|_| Refusal::Unreadable)?;
        }
        first.get_or_insert_with(|| shown(&frame, width, height));
        writer.write_frame(&frame).map_err(|_| Refusal::Unreadable)?;
    }
    let image = first.ok_or(Refusal::Unreadable)?;
    let bytes = writer.into_inner().map_err(|_| Refusal::Unreadable)?;
    let full = Part { bytes, shape: Shape::Gif, width: width.into(), height: height.into() };
    Ok(Some((full, image)))
}

fn open(bytes: &[u8]) -> Result<Reader<'_>, Refusal> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    options.set_memory_limit(MemoryLimit::Bytes(MOST_MEMORY.try_into().map_err(|_| Refusal::Unreadable)?));
    options.check_frame_consistency(true);
    options.read_info(Cursor::new(bytes)).map_err(|_| Refusal::Unreadable)
}

/// The next frame with a palette of its own.
fn next(reader: &mut Reader<'_>) -> Result<Option<Frame<'static>>, Refusal> {
    let shared = reader.global_palette().map(<[u8]>::to_vec);
    let Some(frame) = reader.read_next_frame().map_err(|_| Refusal::Unreadable)? else { return Ok(None) };
    let palette = frame.palette.clone().or(shared).ok_or(Refusal::Unreadable)?;
    tidy(frame, &palette).map(Some)
}

/// Only colours that are used, in order; only members that are pixels.
fn tidy(frame: &Frame<'_>, palette: &[u8]) -> Result<Frame<'static>, Refusal> {
    let colours = palette.as_chunks::<3>().0;
    let mut used = [false; 256];
    frame.buffer.iter().for_each(|index| used[usize::from(*index)] = true);
    let clear = frame.transparent.filter(|index| used[usize::from(*index)]);
    let mut kept: Vec<u8> = (0..=u8::MAX).filter(|index| used[usize::from(*index)] && Some(*index) != clear).collect();
    if kept.iter().any(|index| usize::from(*index) >= colours.len()) {
        return Err(Refusal::Unreadable);
    }
    kept.sort_by_key(|index| colours[usize::from(*index)]);
    let mut fresh: Vec<u8> = kept.iter().flat_map(|index| colours[usize::from(*index)]).collect();
    let mut places = [0_u8; 256];
    kept.iter().zip(0..=u8::MAX).for_each(|(old, new)| places[usize::from(*old)] = new);
    let transparent = match clear {
        Some(old) => {
            let new = u8::try_from(kept.len()).map_err(|_| Refusal::Unreadable)?;
            places[usize::from(old)] = new;
            fresh.extend([0; 3]);
            Some(new)
        }
        None => None,
    };
    let buffer: Vec<u8> = frame.buffer.iter().map(|index| places[usize::from(*index)]).collect();
    Ok(Frame {
        delay: frame.delay,
        dispose: frame.dispose,
        transparent,
        needs_user_input: false,
        top: frame.top,
        left: frame.left,
        width: frame.width,
        height: frame.height,
        interlaced: false,
        palette: Some(fresh),
        buffer: Cow::Owned(buffer),
    })
}

/// A frame on its empty canvas.
fn shown(frame: &Frame<'_>, width: u16, height: u16) -> DynamicImage {
    let mut canvas = RgbaImage::new(width.into(), height.into());
    let colours = frame.palette.as_deref().unwrap_or_default().as_chunks::<3>().0;
    let rows = frame.buffer.chunks_exact(usize::from(frame.width).max(1)).zip(u32::from(frame.top)..);
    for (row, y) in rows {
        for (index, x) in row.iter().zip(u32::from(frame.left)..) {
            if let Some([r, g, b]) = colours.get(usize::from(*index)).filter(|_| Some(*index) != frame.transparent) {
                canvas.put_pixel(x, y, Rgba([*r, *g, *b, u8::MAX]));
            }
        }
    }
    let is_solid = canvas.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let image = DynamicImage::ImageRgba8(canvas);
    if is_solid { DynamicImage::ImageRgb8(image.into_rgb8()) } else { image }
}
