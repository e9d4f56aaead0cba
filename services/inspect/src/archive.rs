//! Office files since 2007: zip archives, unpacked to count and to look, never to keep.

use std::io::{Cursor, Read};

use zip::CompressionMethod;
use zip::read::{ZipArchive, ZipFile};

use crate::Shape;
use crate::judge::Refusal;

const MOST_ENTRIES: usize = 1_000;
const MOST_BYTES: u64 = 100 * 1024 * 1024;
const MOST_RATIO: u64 = 100;
/// Entries below this may be packed as well as they like: empty tables are.
const FREE_OF_RATIO: u64 = 1024 * 1024;
/// A workbook in a document in a presentation is somebody's work; one more is somebody's trap.
const MOST_DEPTH: usize = 3;
const LOCAL: &[u8] = b"PK\x03\x04";
const SYMLINK: u32 = 0o120_000;
const TYPES: &str = "[Content_Types].xml";

/// Looks at the archive and at those inside it.
pub fn check(shape: Shape, bytes: &[u8]) -> Result<(), Refusal> {
    if !bytes.starts_with(LOCAL) {
        return Err(Refusal::Mismatch);
    }
    let mut budget = Budget { entries: MOST_ENTRIES, bytes: MOST_BYTES };
    let types = unpack(bytes, &mut budget, MOST_DEPTH)?.ok_or(Refusal::Mismatch)?;
    let main = match shape {
        Shape::Word => "wordprocessingml.document.main+xml",
        Shape::Sheet => "spreadsheetml.sheet.main+xml",
        _ => "presentationml.presentation.main+xml",
    };
    if types.contains(main) { Ok(()) } else { Err(Refusal::Mismatch) }
}

/// What is left for the archive and all those inside it.
struct Budget {
    entries: usize,
    bytes: u64,
}

/// Unpacks everything; gives the list of content types, if it has one.
fn unpack(bytes: &[u8], budget: &mut Budget, depth: usize) -> Result<Option<String>, Refusal> {
    // said before the directory is read: a directory of a million lines is a bomb of its own
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Unreadable)?;
    budget.entries = budget.entries.checked_sub(archive.len()).ok_or(Refusal::Bomb)?;
    // files that share bytes multiply what is packed; names that appear twice show each reader another file
    if archive.has_overlapping_entries().map_err(|_| Refusal::Unreadable)? {
        return Err(Refusal::Bomb);
    }
    if archive.has_duplicate_names() || archive.offset() != 0 {
        return Err(Refusal::Mismatch);
    }
    let mut types = None;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| Refusal::Unreadable)?;
        let name = name(&entry)?;
        let content = content(entry, budget)?;
        if content.starts_with(LOCAL) {
            let depth = depth.checked_sub(1).ok_or(Refusal::Bomb)?;
            unpack(&content, budget, depth)?;
        }
        if name == TYPES {
            types = Some(content_types(&content)?);
        }
    }
    Ok(types)
}

/// The entry's name, when it may stand in somebody's folder.
fn name<R: Read>(entry: &ZipFile<'_, R>) -> Result<String, Refusal> {
    let name = entry.name().map_err(|_| Refusal::Unreadable)?.into_owned();
    let escapes = name.starts_with('/') || name.contains(['\\', '\0', ':']) || name.split('/').any(|part| part == "..");
    let is_link = entry.unix_mode().is_some_and(|mode| mode & 0o170_000 == SYMLINK);
    let packing = entry.compression();
    let is_plain = matches!(packing, CompressionMethod::Stored | CompressionMethod::Deflated) && !entry.encrypted();
    let lower = name.to_ascii_lowercase();
    if escapes || is_link || !is_plain {
        return Err(Refusal::Unreadable);
    }
    let is_program = lower.ends_with("vbaproject.bin") || lower.contains("/macrosheets/");
    if is_program { Err(Refusal::Macro) } else { Ok(name) }
}

/// Unpacks one entry, counting what comes out: what the directory says about sizes is a claim.
fn content<R: Read>(entry: ZipFile<'_, R>, budget: &mut Budget) -> Result<Vec<u8>, Refusal> {
    let (packed, claimed) = (entry.compressed_size(), entry.size());
    let by_ratio = packed.saturating_mul(MOST_RATIO).max(FREE_OF_RATIO);
    let most = budget.bytes.min(by_ratio);
    if claimed > most {
        return Err(Refusal::Bomb);
    }
    let mut content = Vec::new();
    let read = entry.take(most + 1).read_to_end(&mut content);
    if content.len() as u64 > most {
        return Err(Refusal::Bomb);
    }
    read.map_err(|_| Refusal::Unreadable)?;
    budget.bytes -= content.len() as u64;
    Ok(content)
}

/// The list as text. UTF-16 is read by leaving its zero bytes out: the words looked for are ASCII.
fn content_types(content: &[u8]) -> Result<String, Refusal> {
    let bytes: Vec<u8> = content.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let lower = text.to_ascii_lowercase();
    if lower.contains("macroenabled") || lower.contains("vbaproject") { Err(Refusal::Macro) } else { Ok(text) }
}
