//! Documents, tables, sound and film.

use harness::files;
use inspect::Verdict;

use crate::{look, refusal};

const DOCX: &str = "a.docx";

#[tokio::test]
async fn a_document_with_a_program_is_refused() {
    assert_eq!(refusal(DOCX, "", &files::docx_with_macro()).await, "macro");
    let main = "wordprocessingml.document.main+xml";
    let hidden = files::office("word/document.xml", main, &[("word/VBAPROJECT.BIN", b"x")]);
    assert_eq!(refusal(DOCX, "", &hidden).await, "macro");
    let enabled =
        files::office("word/document.xml", "x\" A=\"application/vnd.ms-word.document.macroEnabled.main+xml", &[]);
    assert_eq!(refusal(DOCX, "", &enabled).await, "macro");
    let within = files::office("word/document.xml", main, &[("word/embeddings/a.docx", &files::docx_with_macro())]);
    assert_eq!(refusal(DOCX, "", &within).await, "macro");
    let mut old = files::doc();
    old.extend("_VBA_PROJECT".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refusal("a.doc", "", &old).await, "macro");
}

#[tokio::test]
async fn bombs_are_refused_in_bounded_time() {
    let began = std::time::Instant::now();
    for (what, bomb) in [
        ("300 MB of spaces", files::zip_bomb_docx()),
        ("a document in a document, ten deep", files::bomb_within(10)),
        ("1,001 entries", files::directory_of(998)),
        ("40,000 entries", files::directory_of(40_000)),
    ] {
        assert!(bomb.len() < 8 * 1024 * 1024, "{what} is {} bytes", bomb.len());
        assert_eq!(refusal(DOCX, "", &bomb).await, "archive_bomb", "{what}");
    }
    assert_eq!(refusal(DOCX, "", &files::lying_bomb_docx()).await, "unreadable", "one that lies about its size");
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
    assert!(matches!(look(DOCX, "", &files::bomb_within(2)).await.verdict, Verdict::Fine(_)), "two deep is work");
    assert!(matches!(look(DOCX, "", &files::directory_of(997)).await.verdict, Verdict::Fine(_)), "1,000 entries");
}

#[tokio::test]
async fn names_that_leave_their_folder_are_refused() {
    for name in ["/etc/passwd", "../up.xml", "word/../../up.xml", "word\\..\\up.xml", "C:up.xml"] {
        assert_eq!(refusal(DOCX, "", &files::archive_entry(name)).await, "unreadable", "{name}");
    }
    assert!(matches!(look(DOCX, "", &files::archive_entry("word/..up.xml")).await.verdict, Verdict::Fine(_)));
}

#[tokio::test]
async fn links_in_archives_are_refused() {
    use std::io::{Cursor, Write};
    let mut writer = zip::ZipWriter::new_append(Cursor::new(files::docx())).expect("our own");
    writer.add_symlink("word/link.xml", "/etc/passwd", zip::write::SimpleFileOptions::default()).expect("added");
    writer.flush().expect("flushed");
    let bytes = writer.finish().expect("finished").into_inner();
    assert_eq!(refusal(DOCX, "", &bytes).await, "unreadable");
}

#[tokio::test]
async fn an_archive_is_the_document_its_types_say() {
    assert_eq!(refusal(DOCX, "", &files::xlsx()).await, "type_mismatch");
    assert_eq!(refusal("a.xlsx", "", &files::pptx()).await, "type_mismatch");
    assert_eq!(refusal(DOCX, "", &files::zip(&[("readme.txt", b"hello")])).await, "type_mismatch");
    let stubbed = [b"#!/bin/sh\n".to_vec(), files::docx()].concat();
    assert_eq!(refusal(DOCX, "", &stubbed).await, "type_mismatch");
}

#[tokio::test]
async fn broken_archives_are_refused() {
    let whole = files::docx();
    for length in [10, 100, whole.len() / 2, whole.len() - 1] {
        assert_eq!(refusal(DOCX, "", &whole[..length]).await, "unreadable", "{length} bytes of it");
    }
}

#[tokio::test]
async fn a_pdf_has_its_head_its_end_and_nothing_around_them() {
    let pdf = files::pdf();
    let spaced = [b"\xef\xbb\xbf\r\n".to_vec(), pdf.clone(), b"\r\n\r\n".to_vec()].concat();
    assert!(matches!(look("a.pdf", "", &spaced).await.verdict, Verdict::Fine(_)));
    assert_eq!(refusal("a.pdf", "", &files::pdf_html()).await, "type_mismatch");
    assert_eq!(refusal("a.pdf", "", &files::pdf_zip()).await, "type_mismatch");
    assert_eq!(refusal("a.pdf", "", &[b"GIF89a".to_vec(), pdf.clone()].concat()).await, "type_mismatch");
    assert_eq!(refusal("a.pdf", "", &[vec![b' '; 1_025], pdf.clone()].concat()).await, "type_mismatch");
    assert_eq!(refusal("a.pdf", "", &pdf[..pdf.len() / 2]).await, "unreadable");
    let late = b"%PDF-1.4\n<script>alert(1)</script>\n%%EOF";
    assert_eq!(refusal("a.pdf", "", late).await, "type_mismatch");
}

#[tokio::test]
async fn text_is_utf_8_and_no_markup() {
    assert_eq!(refusal("a.txt", "", b"caf\xe9").await, "unreadable");
    assert_eq!(refusal("a.txt", "", b"a\0b").await, "unreadable");
    assert_eq!(refusal("a.csv", "", b" <html><script>alert(1)</script>").await, "type_mismatch");
}

#[tokio::test]
async fn secrets_in_text_are_pointed_out() {
    let looked = look("keys.csv", "text/csv", &files::csv_with_secret()).await;
    assert_eq!(looked.fine().findings, ["secret"]);
    let key = format!("-----BEGIN {} KEY-----\nMIIE\n", "PRIVATE");
    assert_eq!(look("key.txt", "", key.as_bytes()).await.fine().findings, ["secret"]);
    assert_eq!(look("list.csv", "", &files::csv()).await.fine().findings, Vec::<String>::new());
}

#[tokio::test]
async fn old_office_files_are_what_their_streams_say() {
    assert_eq!(refusal("a.doc", "", &files::xls()).await, "type_mismatch");
    assert_eq!(refusal("a.xls", "", &files::doc()).await, "type_mismatch");
    assert_eq!(refusal("a.doc", "", &files::docx()).await, "type_mismatch");
}

#[tokio::test]
async fn sound_and_film_are_what_their_containers_say() {
    let mut heic = files::mp4();
    heic.splice(8..12, *b"heic");
    assert_eq!(refusal("a.mp4", "", &heic).await, "type_mismatch");
    let mut matroska = files::webm();
    let place = matroska.windows(4).position(|word| word == b"webm").expect("its type");
    matroska.splice(place..place + 4, *b"mkv1");
    assert_eq!(refusal("a.webm", "", &matroska).await, "type_mismatch");
    assert_eq!(refusal("a.mp3", "", &files::mp3()[..40]).await, "unreadable", "a tag and half a frame");
    let mut noise = files::aac();
    noise[100] = 0;
    assert_eq!(refusal("a.aac", "", &noise).await, "type_mismatch", "the second frame is none");
    let mut speech = files::amr();
    speech[6] = 0x7c;
    assert_eq!(refusal("a.amr", "", &speech).await, "unreadable", "no kind of frame");
    let program = [&b"#!AMR\n"[..], b"MZ\x90\0 and a program behind it"].concat();
    assert_eq!(refusal("a.amr", "", &program).await, "unreadable");
    assert_eq!(refusal("a.amr", "", b"#!/bin/sh\n").await, "type_mismatch");
    let cut = files::mp4();
    assert_eq!(refusal("a.mp4", "", &cut[..cut.len() - 1]).await, "unreadable");
    assert_eq!(
        refusal("a.mp3", "", b"\xff\xfb\x90\x00 and then no sound at all".repeat(50).as_slice()).await,
        "type_mismatch"
    );
}
