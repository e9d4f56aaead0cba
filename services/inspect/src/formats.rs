//! The allow-list. What is not in it is refused, whatever it is.

use kernel::wire::FileKind;

use crate::Shape;

/// One row: a kind of file that may be sent.
#[derive(Debug)]
pub struct Format {
    /// Ends of names, lower case, without dot.
    pub extensions: &'static [&'static str],
    /// How it is shown.
    pub kind: FileKind,
    /// What it is served as; the claim of whoever sent it is never repeated.
    pub media_type: &'static str,
    /// What programs declare it as, lower case.
    pub declared: &'static [&'static str],
    /// Most bytes.
    pub most: u64,
    /// Whether tenants accept it without having asked for it.
    pub default_on: bool,
    /// Whether it may only be accepted where a scanner looks at it.
    pub needs_scanner: bool,
    /// What its bytes must be.
    pub shape: Shape,
}

const MB: u64 = 1024 * 1024;
const TEXT: &str = "text/plain; charset=utf-8";

/// Every format there is. Never: svg, html, xml, scripts, programs, archives, fonts, psd, heic, avif, tiff.
pub static FORMATS: &[Format] = &[
    picture(&["jpg", "jpeg"], "image/jpeg", &["image/jpeg", "image/jpg", "image/pjpeg"], Shape::Jpeg),
    picture(&["png"], "image/png", &["image/png", "image/x-png"], Shape::Png),
    picture(&["webp"], "image/webp", &["image/webp"], Shape::Webp),
    picture(&["gif"], "image/gif", &["image/gif"], Shape::Gif),
    Format {
        most: 20 * MB,
        ..document(&["pdf"], "application/pdf", &["application/pdf", "application/x-pdf"], Shape::Pdf)
    },
    Format { most: 2 * MB, ..document(&["txt"], TEXT, &["text/plain"], Shape::Text) },
    // Windows declares CSV as whatever program opens it
    Format {
        most: 2 * MB,
        ..document(
            &["csv"],
            TEXT,
            &[
                "text/csv",
                "text/plain",
                "application/csv",
                "application/vnd.ms-excel",
                "text/comma-separated-values",
                "text/x-csv",
                "application/x-csv",
            ],
            Shape::Text,
        )
    },
    Format {
        most: 2 * MB,
        default_on: false,
        ..document(&["log"], TEXT, &["text/plain", "text/x-log", "application/x-log"], Shape::Text)
    },
    document(&["docx"], WORD, &[WORD], Shape::Word),
    document(&["xlsx"], SHEET, &[SHEET], Shape::Sheet),
    Format { default_on: false, ..document(&["pptx"], SLIDES, &[SLIDES], Shape::Slides) },
    recording(&["mp3"], FileKind::Audio, "audio/mpeg", &["audio/mpeg", "audio/mp3", "audio/x-mp3"], Shape::Mp3),
    recording(&["m4a"], FileKind::Audio, "audio/mp4", &["audio/mp4", "audio/x-m4a", "audio/m4a"], Shape::Mp4),
    recording(
        &["ogg", "oga", "opus"],
        FileKind::Audio,
        "audio/ogg",
        &["audio/ogg", "application/ogg", "audio/opus"],
        Shape::Ogg,
    ),
    recording(&["aac"], FileKind::Audio, "audio/aac", &["audio/aac", "audio/x-aac", "audio/aacp"], Shape::Aac),
    recording(&["amr"], FileKind::Audio, "audio/amr", &["audio/amr", "audio/amr-nb", "audio/amr-wb"], Shape::Amr),
    recording(&["mp4"], FileKind::Video, "video/mp4", &["video/mp4", "application/mp4"], Shape::Mp4),
    recording(&["3gp", "3gpp"], FileKind::Video, "video/3gpp", &["video/3gpp", "audio/3gpp"], Shape::Mp4),
    recording(&["webm"], FileKind::Video, "video/webm", &["video/webm", "audio/webm"], Shape::Webm),
    legacy(&["doc"], "application/msword", &["application/msword"], Shape::OldWord),
    legacy(
        &["xls"],
        "application/vnd.ms-excel",
        &["application/vnd.ms-excel", "application/msexcel", "application/x-msexcel"],
        Shape::OldSheet,
    ),
];

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SLIDES: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

type Words = &'static [&'static str];

const fn row(extensions: Words, kind: FileKind, media_type: &'static str, declared: Words, shape: Shape) -> Format {
    Format { extensions, kind, media_type, declared, most: 25 * MB, default_on: true, needs_scanner: false, shape }
}

const fn picture(extensions: Words, media_type: &'static str, declared: Words, shape: Shape) -> Format {
    row(extensions, FileKind::Image, media_type, declared, shape)
}

const fn document(extensions: Words, media_type: &'static str, declared: Words, shape: Shape) -> Format {
    row(extensions, FileKind::Document, media_type, declared, shape)
}

const fn recording(extensions: Words, kind: FileKind, media: &'static str, declared: Words, shape: Shape) -> Format {
    Format { default_on: false, ..row(extensions, kind, media, declared, shape) }
}

/// Formats that may carry programs nobody sees.
const fn legacy(extensions: Words, media_type: &'static str, declared: Words, shape: Shape) -> Format {
    Format { default_on: false, needs_scanner: true, ..document(extensions, media_type, declared, shape) }
}

/// The row of a name, by what stands after its last dot.
pub fn format_of(name: &str) -> Option<&'static Format> {
    let (stem, extension) = name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    let is_named = |format: &&Format| format.extensions.contains(&extension.as_str());
    if stem.is_empty() { None } else { FORMATS.iter().find(is_named) }
}

/// Whether a declared type speaks for this format. Nothing, and "some bytes", is no claim.
pub fn declares(format: &Format, declared: &str) -> bool {
    let claim = declared.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    claim.is_empty() || claim == "application/octet-stream" || format.declared.contains(&claim.as_str())
}
