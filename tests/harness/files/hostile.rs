//! Files that are something else, two things at once, or far larger than they look.

use std::io::{Cursor, Write};

use flate2::{Compress, Compression, Crc, FlushCompress};
use zip::write::{SimpleFileOptions, ZipWriter};

use super::Sent;
use super::documents::{docx, office, pdf, zip};
use super::pictures::{gif, jpeg, webp};

/// The test signature every scanner knows. In two halves, so that no scanner takes our source for it.
pub fn eicar() -> Vec<u8> {
    let halves = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR", "-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];
    halves.concat().into_bytes()
}

/// A Word document with the test signature in it.
pub fn eicar_docx() -> Vec<u8> {
    let main = "wordprocessingml.document.main+xml";
    office("word/document.xml", main, &[("word/embeddings/note.bin", &eicar())])
}

/// SVG, which runs scripts, under names and types it does not have.
pub fn svg_disguises() -> Vec<Sent> {
    let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>"#;
    let with = |before: &str| format!("{before}{svg}").into_bytes();
    vec![
        ("logo.svg", "image/svg+xml", with("")),
        ("logo.png", "image/png", with("")),
        ("logo.jpg", "image/jpeg", with("<?xml version=\"1.0\"?>\n")),
        ("logo.gif", "image/gif", with("GIF89a")),
        ("logo.webp", "", with("RIFF\0\0\0\0WEBP")),
        ("logo.txt", "text/plain", with("\u{feff} \r\n")),
        ("logo.csv", "text/csv", with("<!-- a table, really -->")),
        ("logo.svg.pdf", "application/pdf", with("%PDF-1.4\n")),
        ("logo.png", "image/svg+xml", super::png(8, 8)),
        ("logo.svgz", "image/svg+xml", b"\x1f\x8b\x08\0\0\0\0\0".to_vec()),
    ]
}

/// A picture that shows, and a script wherever bytes go that are not pixels: comment, colours, behind the end.
pub fn gif_js() -> Vec<u8> {
    let script = b"*/=1;alert('polyglot');/*";
    let plain = gif(1);
    // behind the screen descriptor and its table of two colours
    let (head, rest) = plain.split_at(13 + 6);
    let comment = [&[0x21, 0xfe, u8::try_from(script.len()).expect("short")], &script[..], &[0]].concat();
    let mut head = head.to_vec();
    // a table of 64 colours that reads as a script
    head[10] = 0xf5;
    head.truncate(13);
    let mut colours = script.repeat(8);
    colours.truncate(192);
    [head, colours, comment, rest.to_vec(), script.to_vec()].concat()
}

/// A photograph with an archive behind it: readers of archives begin at the end.
pub fn jpeg_zip() -> Vec<u8> {
    [jpeg(60, 40), docx()].concat()
}

/// A page before a document: whoever sniffs sees the page.
pub fn pdf_html() -> Vec<u8> {
    [b"<html><script>alert('polyglot')</script></html>\n".to_vec(), pdf()].concat()
}

/// A document with an archive behind it.
pub fn pdf_zip() -> Vec<u8> {
    [pdf(), docx()].concat()
}

/// 12,000 × 11,000 pixels in 667 kB: half a gigabyte when decoded.
pub fn pixel_flood_png() -> Vec<u8> {
    let (width, height) = (12_000_u32, 11_000_u32);
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let unpacked = u64::from(height) * (u64::from(width) * 4 + 1);
    let parts = [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        png_chunk(*b"IHDR", &header),
        png_chunk(*b"IDAT", &zeros(unpacked)),
        png_chunk(*b"IEND", &[]),
    ];
    parts.concat()
}

/// So many zero bytes, packed: one packed piece said again and again, because packing half a gigabyte takes seconds.
fn zeros(count: u64) -> Vec<u8> {
    const PIECE: u64 = 64 * 1024;
    let piece = piece_of_zeros(PIECE);
    let rest = piece_of_zeros(count % PIECE);
    let mut packed = vec![0x78, 0x9c];
    (0..count / PIECE).for_each(|_| packed.extend(&piece));
    packed.extend(rest);
    // an empty last block, and the check sum that zeros have
    packed.extend([0x03, 0x00]);
    let sum = (u32::try_from(count % 65_521).expect("small") << 16) | 1;
    packed.extend(sum.to_be_bytes());
    packed
}

fn piece_of_zeros(count: u64) -> Vec<u8> {
    let zeros = vec![0; usize::try_from(count).expect("small")];
    let mut packed = Vec::with_capacity(4_096);
    let mut packer = Compress::new(Compression::default(), false);
    packer.compress_vec(&zeros, &mut packed, FlushCompress::Full).expect("packed");
    packed
}

/// A chunk of a PNG with its check sum.
pub fn png_chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("short").to_be_bytes();
    let mut sum = Crc::new();
    sum.update(&name);
    sum.update(content);
    [&length[..], &name, content, &sum.sum().to_be_bytes()].concat()
}

/// A JPEG whose header speaks of 12,000 × 11,000 pixels.
pub fn pixel_flood_jpeg() -> Vec<u8> {
    let mut bytes = jpeg(64, 64);
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).expect("a frame header");
    bytes.splice(frame + 5..frame + 9, [11_000_u16.to_be_bytes(), 12_000_u16.to_be_bytes()].concat());
    bytes
}

/// A WebP whose header speaks of 12,000 × 11,000 pixels.
pub fn pixel_flood_webp() -> Vec<u8> {
    let mut bytes = webp(64, 64);
    let head = bytes.windows(4).position(|name| name == b"VP8L").expect("pixels") + 9;
    let sides = 11_999_u32 | 10_999 << 14;
    bytes.splice(head..head + 4, sides.to_le_bytes());
    bytes
}

/// A GIF whose header speaks of 12,000 × 11,000 pixels.
pub fn pixel_flood_gif() -> Vec<u8> {
    let mut bytes = gif(1);
    bytes.splice(6..10, [12_000_u16.to_le_bytes(), 11_000_u16.to_le_bytes()].concat());
    bytes
}

/// 100 frames of 24 million pixels each, in a few megabytes: allowed sides, forbidden work.
pub fn gif_flood() -> Vec<u8> {
    let (width, height) = (8_000, 3_000);
    let mut frame = gif::Frame::from_palette_pixels(width, height, vec![0; 24_000_000], vec![9; 6], None);
    frame.make_lzw_pre_encoded();
    let mut writer = gif::Encoder::new(Vec::new(), width, height, &[]).expect("a writer");
    (0..100).for_each(|_| writer.write_lzw_pre_encoded_frame(&frame).expect("written"));
    writer.into_inner().expect("finished")
}

/// A document of 300 MB in 300 kB.
pub fn zip_bomb_docx() -> Vec<u8> {
    bomb(300)
}

/// The same, saying in its directory that it unpacks to a hundred bytes.
pub fn lying_bomb_docx() -> Vec<u8> {
    let mut bytes = bomb(300);
    let size = u32::try_from(300 * 1024 * 1024_u64).expect("fits").to_le_bytes();
    while let Some(at) = bytes.windows(4).position(|window| window == size) {
        bytes.splice(at..at + 4, 100_u32.to_le_bytes());
    }
    bytes
}

fn bomb(megabytes: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new_append(Cursor::new(docx())).expect("our own archive");
    writer.start_file("word/media/huge.xml", SimpleFileOptions::default()).expect("started");
    let piece = vec![b' '; 1024 * 1024];
    (0..megabytes).for_each(|_| writer.write_all(&piece).expect("written"));
    writer.finish().expect("finished").into_inner()
}

/// A document in a document, so many levels deep.
pub fn bomb_within(levels: usize) -> Vec<u8> {
    let main = "wordprocessingml.document.main+xml";
    let wrap = |inner: Vec<u8>, _| office("word/document.xml", main, &[("word/embeddings/inner.docx", &inner)]);
    (0..levels).fold(docx(), wrap)
}

/// A document with so many entries.
pub fn directory_of(entries: usize) -> Vec<u8> {
    let names: Vec<_> = (0..entries).map(|number| format!("word/media/{number}.xml")).collect();
    let more: Vec<_> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    office("word/document.xml", "wordprocessingml.document.main+xml", &more)
}

/// A document with an entry of this name.
pub fn archive_entry(name: &str) -> Vec<u8> {
    let types = br#"<Types ContentType="x.wordprocessingml.document.main+xml"/>"#;
    zip(&[("[Content_Types].xml", types), (name, b"x")])
}
