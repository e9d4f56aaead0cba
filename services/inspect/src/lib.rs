//! Whether the bytes of a file are what their name says, and pictures made anew.
//!
//! Promises:
//! - A file is what its name, its declared type and its bytes agree on, and that is one row of [`FORMATS`]; or it is
//!   refused with a reason.
//! - Bytes of strangers are parsed in a child process only, which is bounded in memory, time and output, and may open
//!   nothing, connect to nothing and start nothing. Whatever happens to it is a [`Verdict`], never the server's end.
//! - A picture that passes is one that we encoded: no byte of the original is kept, so no metadata and no second
//!   meaning survives.
//! - What the child answers is not believed: paths, media types and sizes are ours.

mod answer;
mod archive;
pub mod child;
mod confine;
mod formats;
mod inspector;
mod judge;
mod media;
mod ole;
mod parent;
mod pdf;
mod picture;
mod secrets;
mod shape;
mod text;

pub use confine::{Limits, forbid};
pub use formats::{FORMATS, Format, declares, format_of};
pub use inspector::{Asked, Fine, Inspector, Preview, Verdict};
pub use judge::{Made, Part, Refusal, judge};
pub use shape::Shape;
