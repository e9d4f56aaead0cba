//! The shapes bytes can have: several formats may share one.

/// What the bytes must turn out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
    /// GIF.
    Gif,
    /// PDF.
    Pdf,
    /// UTF-8 text that is no markup.
    Text,
    /// A Word document (OOXML).
    Word,
    /// An Excel workbook (OOXML).
    Sheet,
    /// A PowerPoint presentation (OOXML).
    Slides,
    /// A Word document of before 2007.
    OldWord,
    /// An Excel workbook of before 2007.
    OldSheet,
    /// MPEG layer III.
    Mp3,
    /// The family of MP4.
    Mp4,
    /// Ogg.
    Ogg,
    /// WebM.
    Webm,
    /// AAC in frames of its own (ADTS).
    Aac,
    /// Adaptive Multi-Rate, narrow or wide.
    Amr,
}

impl Shape {
    /// Whether it is decoded and encoded anew.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp | Self::Gif)
    }
}
