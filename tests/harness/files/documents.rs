//! Text, tables and office files.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

/// A page with one line.
pub fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        "<< /Length 46 >>\nstream\nBT /F 18 Tf 20 40 Td (Order 4711, thank you) Tj ET\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ];
    let mut text = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push(text.len());
        text += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let start = text.len();
    text += "xref\n0 6\n0000000000 65535 f \n";
    places.iter().for_each(|place| text += &format!("{place:010} 00000 n \n"));
    text += &format!("trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}

/// A note with umlauts.
pub fn text() -> Vec<u8> {
    "Grüße aus Köln.\r\nThe parcel <12> arrived broken & wet.\r\n".as_bytes().to_vec()
}

/// A table as spreadsheets write it, with a byte order mark.
pub fn csv() -> Vec<u8> {
    "\u{feff}number;name;amount\r\n1;Müller;12,50\r\n2;O'Neill;7,00\r\n".as_bytes().to_vec()
}

/// A table in which somebody left an access key.
pub fn csv_with_secret() -> Vec<u8> {
    // in halves, so that nobody's scanner takes this file for a leak
    format!("name,key\nbackup,{}{}\n", "AKIA", "IOSFODNN7EXAMPLE").into_bytes()
}

/// A few lines of a server's log.
pub fn log() -> Vec<u8> {
    b"2026-11-21T10:00:00Z INFO started\n2026-11-21T10:00:01Z WARN slow answer 1204 ms\n".to_vec()
}

/// A Word document.
pub fn docx() -> Vec<u8> {
    office("word/document.xml", "wordprocessingml.document.main+xml", &[])
}

/// A Word document with a program in it, under its ordinary name and type.
pub fn docx_with_macro() -> Vec<u8> {
    office("word/document.xml", "wordprocessingml.document.main+xml", &[("word/vbaProject.bin", b"Attribute VB_Name")])
}

/// A workbook.
pub fn xlsx() -> Vec<u8> {
    office("xl/workbook.xml", "spreadsheetml.sheet.main+xml", &[])
}

/// A presentation.
pub fn pptx() -> Vec<u8> {
    office("ppt/presentation.xml", "presentationml.presentation.main+xml", &[])
}

/// An office file whose main part has this name and type, with more entries.
pub fn office(main: &str, kind: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let types = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/{main}" ContentType="application/vnd.openxmlformats-officedocument.{kind}"/></Types>"#
    );
    let links = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{main}"/></Relationships>"#
    );
    let body = r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Order 4711</w:t></w:r></w:p></w:body></w:document>"#;
    let mut entries: Vec<(&str, &[u8])> =
        vec![("[Content_Types].xml", types.as_bytes()), ("_rels/.rels", links.as_bytes()), (main, body.as_bytes())];
    entries.extend(more);
    zip(&entries)
}

/// A zip archive of these entries, packed.
pub fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).expect("started");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

/// The container of a Word document of before 2007.
pub fn doc() -> Vec<u8> {
    container("WordDocument")
}

/// The container of a workbook of before 2007.
pub fn xls() -> Vec<u8> {
    container("Workbook")
}

fn container(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(1_024, 0);
    for name in ["Root Entry", stream] {
        let start = bytes.len();
        bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
        bytes.resize(start + 128, 0);
    }
    bytes
}
