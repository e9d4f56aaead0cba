//! The folder that backups lie in: one folder each, named by its moment, and one of objects that they share.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use kernel::Timestamp;

use super::manifest;

/// The list of objects in a backup.
pub const LIST: &str = "objects.list";

/// Where backups lie.
pub struct Shelf {
    root: PathBuf,
}

/// An object of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Its length.
    pub bytes: u64,
    /// Its hash, by which it lies on the shelf.
    pub sha256: String,
}

/// Objects by their keys.
pub type List = BTreeMap<String, Object>;

impl Shelf {
    /// Opens one that is there.
    pub fn open(root: &Path) -> Result<Self> {
        if !root.is_dir() {
            bail!("{} is not a folder", root.display());
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Makes one, or opens it; only we may read it.
    pub fn make(root: &Path) -> Result<Self> {
        let objects = root.join("objects");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&objects)
            .with_context(|| format!("the folder {} cannot be made", root.display()))?;
        Ok(Self { root: root.to_owned() })
    }

    /// One at a time: whoever comes second is told.
    pub fn lock(&self) -> Result<File> {
        let lock = File::create(self.root.join(".lock"))
            .with_context(|| format!("{} cannot be written to", self.root.display()))?;
        lock.try_lock().map_err(|_| anyhow::anyhow!("another backup is being made in {}", self.root.display()))?;
        Ok(lock)
    }

    /// The folder of a backup that begins now.
    pub fn begin(&self, at: Timestamp) -> Result<(String, PathBuf)> {
        let name = name_of(at);
        let folder = self.root.join(&name);
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        Ok((name, folder))
    }

    /// Where an object lies.
    pub fn object(&self, sha256: &str) -> PathBuf {
        self.root.join("objects").join(sha256.get(..2).unwrap_or("00")).join(sha256)
    }

    /// Where an object is written before its hash is known.
    pub fn draft(&self, number: usize) -> PathBuf {
        self.root.join("objects").join(format!(".draft-{number}"))
    }

    /// Finished backups and others, oldest first.
    pub fn all(&self) -> Result<(Vec<String>, Vec<String>)> {
        let mut names: Vec<String> = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            names.extend(is_name(&name).then_some(name));
        }
        names.sort_unstable();
        Ok(names.into_iter().partition(|name| self.root.join(name).join(manifest::NAME).is_file()))
    }

    /// The folder of a backup.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The newest finished one, not after the moment that `at` begins to write.
    pub fn choose(&self, at: Option<&str>) -> Result<String> {
        let (finished, half) = self.all()?;
        for name in half {
            eprintln!("{name} was never finished and is passed by");
        }
        let wanted = at.map(digits);
        let fits = |name: &&String| wanted.as_ref().is_none_or(|at| digits(name)[..] <= format!("{at:9<17}")[..]);
        finished.iter().rfind(fits).cloned().with_context(|| match at {
            Some(at) => format!("there is no finished backup in {} from {at} or before", self.root.display()),
            None => format!("there is no finished backup in {}", self.root.display()),
        })
    }

    /// The objects of the newest finished backup.
    pub fn known(&self) -> Result<List> {
        match self.all()?.0.last() {
            Some(name) => read_list(&self.folder(name).join(LIST)),
            None => Ok(List::new()),
        }
    }

    /// Takes away all but the newest, what was never finished, and objects nobody lists any more.
    pub fn prune(&self, keep: usize) -> Result<(usize, usize)> {
        let (finished, half) = self.all()?;
        let old = &finished[..finished.len().saturating_sub(keep.max(1))];
        for name in old.iter().chain(&half) {
            // first what makes it a backup: what is cut off here is half a backup and goes the next time
            let _ = fs::remove_file(self.folder(name).join(manifest::NAME));
            fs::remove_dir_all(self.folder(name))?;
        }
        Ok((old.len() + half.len(), self.sweep()?))
    }

    fn sweep(&self) -> Result<usize> {
        let mut wanted = BTreeSet::new();
        for name in self.all()?.0 {
            wanted.extend(read_list(&self.folder(&name).join(LIST))?.into_values().map(|object| object.sha256));
        }
        let mut swept = 0;
        for entry in fs::read_dir(self.root.join("objects"))? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                fs::remove_file(entry.path())?;
                continue;
            }
            for object in fs::read_dir(entry.path())? {
                let object = object?;
                if !wanted.contains(&*object.file_name().to_string_lossy()) {
                    fs::remove_file(object.path())?;
                    swept += 1;
                }
            }
        }
        Ok(swept)
    }
}

/// Reads a list; one that is not there is empty.
pub fn read_list(path: &Path) -> Result<List> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(List::new()),
        text => text.with_context(|| format!("{} cannot be read", path.display()))?,
    };
    let line = |line: &str| {
        let mut words = line.split(' ');
        let (key, bytes, sha256) = (words.next()?, words.next()?.parse().ok()?, words.next()?.to_owned());
        Some((key.to_owned(), Object { bytes, sha256 }))
    };
    text.lines().map(line).collect::<Option<_>>().with_context(|| format!("{} is damaged", path.display()))
}

/// Writes a list down.
pub fn write_list(path: &Path, list: &List) -> Result<()> {
    let text: String = list.iter().map(|(key, one)| format!("{key} {} {}\n", one.bytes, one.sha256)).collect();
    fs::write(path, text)?;
    Ok(File::open(path)?.sync_all()?)
}

/// `20261121T100000000Z`
fn name_of(at: Timestamp) -> String {
    at.to_string().chars().filter(|c| !matches!(c, '-' | ':' | '.')).collect()
}

fn is_name(name: &str) -> bool {
    name.len() == 19 && digits(name).len() == 17 && name.ends_with('Z')
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(17).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_chooses_the_newest_backup_that_is_not_later() {
        let folder = std::env::temp_dir().join(format!("porchlight-shelf-{}", std::process::id()));
        let shelf = Shelf::make(&folder).expect("a shelf");
        for name in ["20261121T100000000Z", "20261121T110000000Z", "20261121T120000000Z"] {
            fs::create_dir(folder.join(name)).expect("a folder");
            if !name.contains("T12") {
                fs::write(folder.join(name).join(manifest::NAME), "{}").expect("a manifest");
            }
        }
        let chosen = |at: Option<&str>| shelf.choose(at).map_err(|error| error.to_string());
        assert_eq!(chosen(None).as_deref(), Ok("20261121T110000000Z"), "the last one is half a backup");
        assert_eq!(chosen(Some("2026-11-21T10:59")).as_deref(), Ok("20261121T100000000Z"));
        assert_eq!(chosen(Some("20261121T110000000Z")).as_deref(), Ok("20261121T110000000Z"));
        assert_eq!(chosen(Some("2026-11-21")).as_deref(), Ok("20261121T110000000Z"), "the whole day");
        assert!(chosen(Some("2026-11-20")).is_err());
        assert_eq!(shelf.prune(1).expect("pruned"), (2, 0));
        assert_eq!(shelf.all().expect("a list"), (vec!["20261121T110000000Z".to_owned()], vec![]));
        fs::remove_dir_all(folder).expect("gone");
    }
}
