//! Keys in order out of a tree of folders. Folders that hold nothing of the page are not opened.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::disk::modified;
use crate::{Key, Listed, PAGE};

/// Up to [`PAGE`] objects after `after` whose keys start with `prefix`.
pub(super) fn page(root: &Path, after: &str, prefix: &str) -> io::Result<Vec<Listed>> {
    let mut page = Page { after, prefix, found: Vec::new() };
    page.walk(root, "", 0)?;
    Ok(page.found)
}

struct Page<'a> {
    after: &'a str,
    prefix: &'a str,
    found: Vec<Listed>,
}

/// Tenant, area and two digits stand above a file.
const DEPTH: usize = 3;

impl Page<'_> {
    /// `above` is what the keys in this folder begin with.
    fn walk(&mut self, folder: &Path, above: &str, depth: usize) -> io::Result<()> {
        for (name, path) in entries(folder)? {
            if self.found.len() >= PAGE {
                break;
            }
            // the two digits are those the name itself begins with
            let key =
                if depth == DEPTH { format!("{}{name}", &above[..above.len() - 2]) } else { format!("{above}{name}") };
            match depth {
                DEPTH => self.take(&key, &path)?,
                _ if !self.may_hold(&key) => {}
                2 => self.walk(&path, &key, depth + 1)?,
                _ => self.walk(&path, &format!("{key}/"), depth + 1)?,
            }
        }
        Ok(())
    }

    /// Whether a key that begins so may be on the page.
    fn may_hold(&self, start: &str) -> bool {
        let wanted = start.starts_with(self.prefix) || self.prefix.starts_with(start);
        wanted && (start > self.after || self.after.starts_with(start))
    }

    /// What is no key is not ours and is left alone.
    fn take(&mut self, text: &str, path: &Path) -> io::Result<()> {
        let Some(key) = Key::parse(text).ok().filter(|_| text.starts_with(self.prefix) && text > self.after) else {
            return Ok(());
        };
        match fs::metadata(path) {
            // deleted since the folder was read
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(about) => {
                self.found.push(Listed { key, bytes: about.len(), modified: modified(&about)? });
                Ok(())
            }
        }
    }
}

/// What is in a folder, in order, without what begins with a dot or is no text.
fn entries(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(io::Error::other)? {
        let entry = entry?;
        match entry.file_name().into_string() {
            Ok(name) if !name.starts_with('.') => entries.push((name, entry.path())),
            _ => {}
        }
    }
    entries.sort();
    Ok(entries)
}
