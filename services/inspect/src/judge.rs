//! Pure: bytes and the shape they should have → what is made of them, or why they are refused.

use crate::{Shape, archive, media, ole, pdf, picture, text};

/// Why bytes are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// They are something else, or two things at once.
    Mismatch,
    /// They are broken, or hidden from us.
    Unreadable,
    /// More pixels than we decode.
    TooManyPixels,
    /// They carry a program.
    Macro,
    /// They unpack to far more than they are.
    Bomb,
}

impl Refusal {
    /// Every one of them.
    pub const ALL: [Self; 5] = [Self::Mismatch, Self::Unreadable, Self::TooManyPixels, Self::Macro, Self::Bomb];

    /// The stable code people's sentences hang on.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mismatch => "type_mismatch",
            Self::Unreadable => "unreadable",
            Self::TooManyPixels => "picture_too_large",
            Self::Macro => "macro",
            Self::Bomb => "archive_bomb",
        }
    }
}

/// What is made of a file that may be kept.
#[derive(Debug, Default)]
pub struct Made {
    /// The picture anew; none: the bytes are kept as they came.
    pub full: Option<Part>,
    /// At most 320 pixels.
    pub small: Option<Part>,
    /// At most 1,024 pixels.
    pub large: Option<Part>,
    /// What people should be warned of.
    pub findings: Vec<&'static str>,
}

/// An encoded picture.
#[derive(Debug)]
pub struct Part {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What they are.
    pub shape: Shape,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// Looks at bytes that claim this shape.
pub fn judge(shape: Shape, bytes: &[u8]) -> Result<Made, Refusal> {
    match shape {
        Shape::Jpeg | Shape::Png | Shape::Webp | Shape::Gif => return picture::remake(shape, bytes),
        Shape::Text => return text::check(bytes).map(|findings| Made { findings, ..Made::default() }),
        Shape::Pdf => pdf::check(bytes)?,
        Shape::Word | Shape::Sheet | Shape::Slides => archive::check(shape, bytes)?,
        Shape::OldWord | Shape::OldSheet => ole::check(shape, bytes)?,
        Shape::Mp3 | Shape::Mp4 | Shape::Ogg | Shape::Webm | Shape::Aac | Shape::Amr => media::check(shape, bytes)?,
    }
    Ok(Made::default())
}
