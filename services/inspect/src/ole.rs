//! Office files of before 2007: off unless a tenant asks for them and a scanner looks at them too.

use crate::judge::Refusal;
use crate::{Shape, pdf};

const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The container, the stream that makes it a document or a workbook, and no program.
pub fn check(shape: Shape, bytes: &[u8]) -> Result<(), Refusal> {
    if !bytes.starts_with(&MAGIC) {
        return Err(Refusal::Mismatch);
    }
    if ["_VBA_PROJECT", "VBA\0"].iter().any(|name| holds(bytes, name)) {
        return Err(Refusal::Macro);
    }
    let streams: &[&str] = if shape == Shape::OldWord { &["WordDocument\0"] } else { &["Workbook\0", "Book\0"] };
    if streams.iter().any(|name| holds(bytes, name)) { Ok(()) } else { Err(Refusal::Mismatch) }
}

/// Names of streams stand in UTF-16 in the directory; what looks like one anywhere else only makes us stricter.
fn holds(bytes: &[u8], name: &str) -> bool {
    let spelled: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    pdf::find(bytes, &spelled).is_some()
}
