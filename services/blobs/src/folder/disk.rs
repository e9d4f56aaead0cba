//! File system calls, each durable when it returns.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use kernel::Timestamp;

/// Makes the folder with all above it; what is there already keeps its mode.
pub(super) fn make_root(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Moves a flushed draft to its place below the root.
pub(super) fn keep(root: &Path, draft: &Path, place: &Path) -> io::Result<()> {
    let folder = make_parent(root, place)?;
    // a draft that is gone was swept from under us: the store failed, nothing was looked for
    fs::rename(draft, root.join(place)).map_err(io::Error::other)?;
    flush(&folder)
}

/// Moves a file; done already, it only makes sure that it lasts.
pub(super) fn rename(root: &Path, from: &Path, to: &Path) -> io::Result<()> {
    let (from, folder) = (root.join(from), make_parent(root, to)?);
    let to = root.join(to);
    match fs::rename(&from, &to) {
        Err(error) if error.kind() == ErrorKind::NotFound && to.try_exists()? => flush(&folder),
        Err(error) => Err(error),
        Ok(()) => flush(&folder).and_then(|()| from.parent().map_or(Ok(()), flush)),
    }
}

/// Removes files that may be gone already.
pub(super) fn remove(files: &[PathBuf]) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    for file in files {
        match fs::remove_file(file) {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
            Ok(()) => folders.extend(file.parent()),
        }
    }
    folders.into_iter().try_for_each(flush)
}

/// Removes files not written to since `before`; says how many.
pub(super) fn sweep(folder: &Path, before: Timestamp) -> io::Result<u64> {
    let mut swept = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.metadata().and_then(|about| modified(&about)) {
            Ok(at) if at < before => match fs::remove_file(entry.path()) {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                _ => swept += 1,
            },
            // finished or swept by another process meanwhile
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(swept)
}

/// When the file was last written.
pub(super) fn modified(about: &fs::Metadata) -> io::Result<Timestamp> {
    let since = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

/// Makes the folders between the root and a place. A folder that is new is flushed into the one above it: a file is
/// not durable in a folder that is not.
fn make_parent(root: &Path, place: &Path) -> io::Result<PathBuf> {
    let mut at = root.to_owned();
    for part in place.parent().into_iter().flat_map(Path::components) {
        let above = at.clone();
        at.push(part);
        match DirBuilder::new().mode(0o700).create(&at) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            // the root itself is gone, such as a disk that is not mounted
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(io::Error::other(error)),
            Err(error) => return Err(error),
            Ok(()) => flush(&above)?,
        }
    }
    Ok(at)
}

fn flush(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
