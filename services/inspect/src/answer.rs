//! The one line the child answers with. Whoever reads it expects a liar: it holds no paths, no media types and no
//! text, only words that are looked up in tables here.

use serde::{Deserialize, Serialize};

use crate::Shape;
use crate::judge::{Made, Part, Refusal};

/// Longest line that is read.
pub const MOST: usize = 4_096;

/// The line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Answer {
    /// May be kept.
    Fine(Facts),
    /// The code of a [`Refusal`].
    Refused(String),
}

/// What was made.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    pub full: Option<Size>,
    pub small: Option<Size>,
    pub large: Option<Size>,
    pub secret: bool,
}

/// A picture that was written.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Size {
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
}

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Jpg,
    Png,
    Webp,
    Gif,
}

impl Kind {
    /// Extension, media type and shape.
    pub const fn names(self) -> (&'static str, &'static str, Shape) {
        match self {
            Self::Jpg => ("jpg", "image/jpeg", Shape::Jpeg),
            Self::Png => ("png", "image/png", Shape::Png),
            Self::Webp => ("webp", "image/webp", Shape::Webp),
            Self::Gif => ("gif", "image/gif", Shape::Gif),
        }
    }

    const fn of(shape: Shape) -> Self {
        match shape {
            Shape::Png => Self::Png,
            Shape::Webp => Self::Webp,
            Shape::Gif => Self::Gif,
            _ => Self::Jpg,
        }
    }
}

impl From<&Result<Made, Refusal>> for Answer {
    fn from(judged: &Result<Made, Refusal>) -> Self {
        match judged {
            Err(refusal) => Self::Refused(refusal.code().to_owned()),
            Ok(made) => Self::Fine(Facts {
                full: made.full.as_ref().map(Size::of),
                small: made.small.as_ref().map(Size::of),
                large: made.large.as_ref().map(Size::of),
                secret: made.findings.contains(&"secret"),
            }),
        }
    }
}

impl Size {
    fn of(part: &Part) -> Self {
        Self { kind: Kind::of(part.shape), width: part.width, height: part.height }
    }
}
