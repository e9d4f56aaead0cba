//! Asking a child about one file, from inside the server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kernel::{Error, Result};
use tokio::io::AsyncReadExt;
use tokio::sync::Semaphore;

use crate::answer::{Answer, Facts, Size};
use crate::judge::Refusal;
use crate::parent::{self, Ended};
use crate::picture::{MOST_SIDE, begins_as};
use crate::{Format, Limits, confine, declares, format_of};

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
        if !confine::IS_FILTERED {
            tracing::warn!("files are looked at without a filter of system calls: there is none for this machine");
        }
        Self { program, places: Arc::new(Semaphore::new(at_once.max(1))), limits }
    }

    /// Looks at one file. An error means that nothing is known about it and that it is worth asking again.
    pub async fn inspect(&self, asked: Asked<'_>) -> Result<Verdict> {
        let Some(format) = format_of(asked.name) else { return Ok(Verdict::Refused("type_not_allowed")) };
        if !declares(format, asked.declared) {
            return Ok(Verdict::Refused("type_mismatch"));
        }
        let bytes = tokio::fs::metadata(asked.input).await.map_err(Error::internal)?.len();
        match bytes {
            0 => return Ok(Verdict::Refused("unreadable")),
            bytes if bytes > format.most => return Ok(Verdict::Refused("too_large")),
            _ => (),
        }
        let _place = self.places.acquire().await.map_err(Error::internal)?;
        let ended = parent::ask(&self.program, self.limits, &asked, format).await?;
        Ok(believed(ended, &asked, format).await)
    }
}

/// What is left of an answer once it is not believed.
async fn believed(ended: Ended, asked: &Asked<'_>, format: &'static Format) -> Verdict {
    let facts = match ended {
        Ended::Answered(Answer::Fine(facts)) => facts,
        Ended::Answered(Answer::Refused(code)) => {
            let known = Refusal::ALL.into_iter().find(|refusal| refusal.code() == code);
            return Verdict::Refused(known.map_or("checker_failed", Refusal::code));
        }
        Ended::Badly(how) => {
            tracing::warn!(how, format = format.extensions[0], "a child that looks at files ended badly");
            return Verdict::Refused("checker_failed");
        }
    };
    let found = if format.shape.is_picture() { picture(&facts, asked).await } else { document(&facts, asked, format) };
    found.map_or(Verdict::Refused("checker_failed"), Verdict::Fine)
}

fn document(facts: &Facts, asked: &Asked<'_>, format: &Format) -> Option<Fine> {
    let (_, extension) = asked.name.rsplit_once('.')?;
    let has_pictures = facts.full.is_some() || facts.small.is_some() || facts.large.is_some();
    let fine = Fine {
        media_type: format.media_type.to_owned(),
        extension: extension.to_ascii_lowercase(),
        full: None,
        width: None,
        height: None,
        previews: Vec::new(),
        findings: if facts.secret { vec!["secret".to_owned()] } else { Vec::new() },
    };
    (!has_pictures).then_some(fine)
}

async fn picture(facts: &Facts, asked: &Asked<'_>) -> Option<Fine> {
    let full = facts.full?;
    let (extension, media_type, _) = full.kind.names();
    Some(Fine {
        media_type: media_type.to_owned(),
        extension: extension.to_owned(),
        full: Some(written(full, asked.folder.join("full")).await?),
        width: Some(full.width),
        height: Some(full.height),
        previews: vec![preview("small", facts.small?, asked).await?, preview("large", facts.large?, asked).await?],
        findings: Vec::new(),
    })
}

async fn preview(variant: &'static str, size: Size, asked: &Asked<'_>) -> Option<Preview> {
    let path = written(size, asked.folder.join(variant)).await?;
    let (_, media_type, _) = size.kind.names();
    Some(Preview { variant, path, media_type: media_type.to_owned(), width: size.width, height: size.height })
}

/// The path, if a file lies there that begins as what it is said to be.
async fn written(size: Size, path: PathBuf) -> Option<PathBuf> {
    let about = tokio::fs::symlink_metadata(&path).await.ok()?;
    let mut head = [0; 16];
    let mut file = tokio::fs::File::open(&path).await.ok().filter(|_| about.is_file())?;
    file.read_exact(&mut head).await.ok()?;
    let (_, _, shape) = size.kind.names();
    let is_small = size.width.max(size.height) <= MOST_SIDE;
    (is_small && begins_as(shape, &head)).then_some(path)
}
