//! Sound and film: the container is recognised, nothing is decoded.

use crate::judge::Refusal;
use crate::{Shape, pdf};

/// Looks at the container.
pub fn check(shape: Shape, bytes: &[u8]) -> Result<(), Refusal> {
    match shape {
        Shape::Mp3 => mp3(bytes),
        Shape::Mp4 => mp4(bytes),
        Shape::Ogg => ogg(bytes),
        Shape::Aac => aac(bytes),
        Shape::Amr => amr(bytes),
        _ => webm(bytes),
    }
}

/// A tag that may be there, then two frames in a row: one would be found in any noise.
fn mp3(bytes: &[u8]) -> Result<(), Refusal> {
    let sound = if bytes.starts_with(b"ID3") { after_tag(bytes)? } else { bytes };
    let padding = sound.iter().take_while(|byte| **byte == 0).count();
    let sound = sound.get(padding..).unwrap_or_default();
    let first = frame_length(sound).ok_or(Refusal::Mismatch)?;
    let next = sound.get(first..).ok_or(Refusal::Unreadable)?;
    if next.is_empty() || frame_length(next).is_some() { Ok(()) } else { Err(Refusal::Mismatch) }
}

fn after_tag(bytes: &[u8]) -> Result<&[u8], Refusal> {
    let size = bytes.get(6..10).ok_or(Refusal::Unreadable)?;
    if size.iter().any(|byte| *byte > 0x7f) {
        return Err(Refusal::Unreadable);
    }
    let size = size.iter().fold(0_usize, |sum, byte| sum << 7 | usize::from(*byte));
    bytes.get(10 + size..).ok_or(Refusal::Unreadable)
}

/// Bytes of the frame that begins here: MPEG 1, 2 or 2.5, layer III.
fn frame_length(bytes: &[u8]) -> Option<usize> {
    const RATES: [usize; 3] = [44_100, 48_000, 32_000];
    const BITS_1: [usize; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const BITS_2: [usize; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let [sync, kind, rate, _] = *bytes.first_chunk::<4>()?;
    let (version, layer) = (kind >> 3 & 3, kind >> 1 & 3);
    if sync != 0xff || kind & 0xe0 != 0xe0 || version == 1 || layer != 1 {
        return None;
    }
    let (bits, halved, samples) = match version {
        3 => (BITS_1, 0, 144),
        2 => (BITS_2, 1, 72),
        _ => (BITS_2, 2, 72),
    };
    let bits = bits.get(usize::from(rate >> 4)).copied().filter(|bits| *bits > 0)?;
    let hertz = RATES.get(usize::from(rate >> 2 & 3))? >> halved;
    Some(samples * bits * 1_000 / hertz + usize::from(rate >> 1 & 1))
}

/// Boxes that lie one behind the other up to the end, the first naming a brand of sound or film, one of them `moov`.
fn mp4(bytes: &[u8]) -> Result<(), Refusal> {
    let brand = bytes.get(8..12).filter(|_| bytes.get(4..8) == Some(b"ftyp")).ok_or(Refusal::Mismatch)?;
    let is_known = |known: &&[u8]| brand.starts_with(known);
    let known: [&[u8]; 9] = [b"iso", b"mp4", b"M4A", b"M4B", b"M4V", b"avc1", b"dash", b"MSNV", b"3gp"];
    if !known.iter().any(is_known) {
        return Err(Refusal::Mismatch);
    }
    let (mut at, mut has_moov) = (0_u64, false);
    while let Some(here) = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).filter(|here| !here.is_empty()) {
        let (length, name) = box_at(here).ok_or(Refusal::Unreadable)?;
        has_moov |= name == b"moov";
        at = at.checked_add(length).ok_or(Refusal::Unreadable)?;
    }
    let whole = at == bytes.len() as u64;
    if whole && has_moov { Ok(()) } else { Err(Refusal::Unreadable) }
}

fn box_at(bytes: &[u8]) -> Option<(u64, &[u8; 4])> {
    let short = u32::from_be_bytes(*bytes.first_chunk()?);
    let name = bytes.get(4..)?.first_chunk()?;
    let length = match short {
        0 => bytes.len() as u64,
        1 => u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?),
        other => u64::from(other),
    };
    (length >= 8).then_some((length, name))
}

/// Frames that lie one behind the other up to the end, as each says how long it is. A tag may stand before them; the
/// last one may be cut off.
fn aac(bytes: &[u8]) -> Result<(), Refusal> {
    let sound = if bytes.starts_with(b"ID3") { after_tag(bytes)? } else { bytes };
    let mut rest = sound;
    while !rest.is_empty() {
        let length = adts_length(rest).ok_or(Refusal::Mismatch)?;
        rest = rest.get(length..).unwrap_or_default();
    }
    if sound.is_empty() { Err(Refusal::Mismatch) } else { Ok(()) }
}

/// Bytes of the frame that begins here: ADTS with a sample rate that is one, and longer than its own head.
fn adts_length(bytes: &[u8]) -> Option<usize> {
    let [sync, kind, rate, high, middle, low, _] = *bytes.first_chunk::<7>()?;
    let is_frame = sync == 0xff && kind & 0xf6 == 0xf0 && rate >> 2 & 0x0f < 13;
    let length = usize::from(high & 3) << 11 | usize::from(middle) << 3 | usize::from(low >> 5);
    let head = if kind & 1 == 1 { 7 } else { 9 };
    (is_frame && length > head).then_some(length)
}

/// The magic, then frames up to the end, each as long as its kind is (RFC 4867, part 5). The last one may be cut off.
fn amr(bytes: &[u8]) -> Result<(), Refusal> {
    const NARROW: [usize; 16] = [13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1];
    const WIDE: [usize; 16] = [18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1];
    let narrow = bytes.strip_prefix(b"#!AMR\n").map(|rest| (rest, NARROW));
    let wide = || bytes.strip_prefix(b"#!AMR-WB\n").map(|rest| (rest, WIDE));
    let (mut rest, lengths) = narrow.or_else(wide).ok_or(Refusal::Mismatch)?;
    while let Some(head) = rest.first() {
        let length = lengths.get(usize::from(head >> 3 & 0x0f)).copied().filter(|length| *length > 0);
        // the bits around the kind are nothing
        let length = length.filter(|_| head & 0x83 == 0).ok_or(Refusal::Unreadable)?;
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(())
}

/// The first page, of version 0, which begins a stream.
fn ogg(bytes: &[u8]) -> Result<(), Refusal> {
    let begins = bytes.starts_with(b"OggS\0") && bytes.get(5).is_some_and(|flags| flags & 2 == 2);
    if begins { Ok(()) } else { Err(Refusal::Mismatch) }
}

/// EBML whose type is `webm`: Matroska has the same magic.
fn webm(bytes: &[u8]) -> Result<(), Refusal> {
    let head = &bytes[..bytes.len().min(64)];
    let is_webm = head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]) && pdf::find(head, b"\x42\x82\x84webm").is_some();
    if is_webm { Ok(()) } else { Err(Refusal::Mismatch) }
}
