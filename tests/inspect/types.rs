//! Name, declared type and bytes agree, or the file is refused.

use harness::files;
use inspect::{FORMATS, Verdict, format_of};

use crate::{look, refusal};

#[tokio::test]
async fn every_format_is_let_in_as_a_browser_sends_it() {
    for (name, declared, bytes) in files::ordinary() {
        let looked = look(name, declared, &bytes).await;
        let fine = looked.fine();
        let format = format_of(name).expect("a row");
        let is_picture = format.kind == kernel::wire::FileKind::Image;
        assert_eq!(fine.full.is_some(), is_picture, "{name}: pictures are made anew, everything else is kept");
        assert_eq!(fine.previews.len(), if is_picture { 2 } else { 0 }, "{name}");
        if !is_picture {
            assert_eq!(fine.media_type, format.media_type, "{name}");
            assert!(format.extensions.contains(&fine.extension.as_str()), "{name}: {}", fine.extension);
        }
    }
}

#[test]
fn every_format_has_an_ordinary_file_in_these_tests() {
    let tried: Vec<_> = files::ordinary().iter().filter_map(|(name, ..)| format_of(name)).collect();
    for format in FORMATS {
        assert!(tried.iter().any(|row| std::ptr::eq(*row, format)), "{:?} is not tried", format.extensions);
    }
}

#[test]
fn only_the_ten_of_the_default_are_on() {
    let on: Vec<_> = FORMATS.iter().filter(|row| row.default_on).flat_map(|row| row.extensions).copied().collect();
    assert_eq!(on, ["jpg", "jpeg", "png", "webp", "gif", "pdf", "txt", "csv", "docx", "xlsx"]);
    let scanned: Vec<_> = FORMATS.iter().filter(|row| row.needs_scanner).flat_map(|row| row.extensions).collect();
    assert_eq!(scanned, [&"doc", &"xls"]);
}

#[tokio::test]
async fn what_is_not_in_the_table_is_refused_by_its_name() {
    let names = [
        "logo.svg",
        "page.html",
        "page.htm",
        "data.xml",
        "run.js",
        "run.exe",
        "run.bat",
        "run.sh",
        "run.ps1",
        "all.zip",
        "all.tar.gz",
        "all.7z",
        "font.woff2",
        "art.psd",
        "photo.heic",
        "photo.avif",
        "scan.tiff",
        "letter.docm",
        "photo.jpg.exe",
        "photo.png ",
        "photo.png.",
        "photo\u{202e}gnp.exe",
        ".png",
        "png",
        "",
    ];
    for name in names {
        assert_eq!(refusal(name, "", &files::png(8, 8)).await, "type_not_allowed", "{name:?}");
    }
    assert!(matches!(look("PHOTO.PNG", "", &files::png(8, 8)).await.verdict, Verdict::Fine(_)));
}

#[tokio::test]
async fn a_declared_type_that_says_something_else_is_refused() {
    let png = files::png(8, 8);
    for declared in ["image/png", "IMAGE/PNG", "image/png; charset=binary", "", "application/octet-stream"] {
        assert!(matches!(look("a.png", declared, &png).await.verdict, Verdict::Fine(_)), "{declared:?}");
    }
    for declared in ["image/jpeg", "image/svg+xml", "text/html", "image/*", "png", "application/zip"] {
        assert_eq!(refusal("a.png", declared, &png).await, "type_mismatch", "{declared:?}");
    }
}

#[tokio::test]
async fn a_table_may_be_declared_as_the_program_that_opens_it() {
    for declared in ["text/csv", "application/vnd.ms-excel", "text/plain", "application/csv"] {
        assert!(matches!(look("a.csv", declared, &files::csv()).await.verdict, Verdict::Fine(_)), "{declared}");
    }
    assert_eq!(refusal("a.txt", "application/vnd.ms-excel", &files::csv()).await, "type_mismatch");
}

#[tokio::test]
async fn bytes_of_any_other_format_are_refused_under_every_name() {
    let all = files::ordinary();
    for (name, _, _) in &all {
        for (other, _, bytes) in &all {
            let (one, two) = (format_of(name).expect("a row"), format_of(other).expect("a row"));
            if one.shape == two.shape {
                continue;
            }
            let code = refusal(name, "", bytes).await;
            assert!(["type_mismatch", "unreadable"].contains(&code), "{other} as {name}: {code}");
        }
    }
}

#[tokio::test]
async fn svg_is_refused_in_every_disguise() {
    for (name, declared, bytes) in files::svg_disguises() {
        let code = refusal(name, declared, &bytes).await;
        // as sides of a picture, letters are many pixels
        let codes = ["type_not_allowed", "type_mismatch", "unreadable", "picture_too_large"];
        assert!(codes.contains(&code), "{name}: {code}");
    }
}

#[tokio::test]
async fn a_byte_more_than_the_most_is_too_large() {
    let most = usize::try_from(format_of("a.txt").expect("a row").most).expect("fits");
    let text = vec![b'a'; most];
    assert!(matches!(look("a.txt", "", &text).await.verdict, Verdict::Fine(_)));
    assert_eq!(refusal("a.txt", "", &vec![b'a'; most + 1]).await, "too_large");
    assert_eq!(refusal("a.txt", "", b"").await, "unreadable");
}
