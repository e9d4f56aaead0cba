//! PDF: looked at, never opened. It is served for download only.

use crate::judge::Refusal;

/// How far programs look for the header, and how much may follow the end.
const WINDOW: usize = 1_024;
/// A zip's directory ends with this: whoever unpacks reads files from the end.
const ZIP_END: &[u8] = b"PK\x05\x06";

/// Header near the start, end near the end, and nothing around it that is something else.
pub fn check(bytes: &[u8]) -> Result<(), Refusal> {
    let head = &bytes[..bytes.len().min(WINDOW)];
    let start = find(head, b"%PDF-").ok_or(Refusal::Mismatch)?;
    let lower = head.to_ascii_lowercase();
    let is_page =
        [&b"<html"[..], b"<!doctype", b"<script", b"<svg", b"<body"].iter().any(|tag| find(&lower, tag).is_some());
    if is_page || !head[..start].iter().all(|byte| is_harmless(*byte)) {
        return Err(Refusal::Mismatch);
    }
    let end = rfind(bytes, b"%%EOF").ok_or(Refusal::Unreadable)?;
    let after = &bytes[end..];
    if find(after, ZIP_END).is_some() {
        return Err(Refusal::Mismatch);
    }
    if after.len() > WINDOW { Err(Refusal::Unreadable) } else { Ok(()) }
}

/// White space and a byte order mark may stand before the header; another file's magic may not.
fn is_harmless(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0xef | 0xbb | 0xbf)
}

/// Where `needle` first stands.
pub fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

fn rfind(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|window| window == needle)
}
