//! Small file systems of our own, in files: they can be filled, and copied while somebody writes to them.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// An ext4 file system in a file, mounted. Unmounted and removed when dropped.
pub struct Disk {
    /// Where it is mounted.
    pub path: PathBuf,
    /// The file it is in.
    pub image: PathBuf,
    _folder: TempDir,
}

impl Disk {
    /// An empty one of so many MiB.
    pub fn new(mebibytes: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let image = folder.path().join("image");
        let file = std::fs::File::create(&image).and_then(|file| file.set_len(mebibytes << 20));
        file.expect("a file for a disk");
        // nothing is kept back for root, who runs tests
        run(Command::new("mkfs.ext4").args(["-q", "-m", "0"]).arg(&image));
        Self::mount(folder, image)
    }

    /// A copy of another one's file as it is, mounted: its journal is played as after a power cut.
    pub fn of(folder: TempDir, image: PathBuf) -> Self {
        Self::mount(folder, image)
    }

    fn mount(folder: TempDir, image: PathBuf) -> Self {
        let path = folder.path().join("disk");
        std::fs::create_dir(&path).expect("a place to mount it");
        run(Command::new("chmod").arg("a+x").arg(folder.path()));
        run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(&path));
        Self { path, image, _folder: folder }
    }

    /// Flushes all of it: what was copied here to begin with was flushed by nobody.
    pub fn flush(&self) {
        run(Command::new("sync").arg("-f").arg(&self.path));
    }

    /// Fills it to the last block; gives the file that does it.
    pub fn fill(&self) -> PathBuf {
        let ballast = self.path.join("ballast");
        // ends with "no space left", which is what it is for
        let _ = Command::new("dd").args(["if=/dev/zero", "bs=64k"]).arg(of(&ballast)).output().expect("dd runs");
        let _ = Command::new("dd")
            .args(["if=/dev/zero", "bs=1", "oflag=append", "conv=notrunc", "count=65536"])
            .arg(of(&ballast))
            .output();
        ballast
    }

    /// The kernel's name of its device, such as `loop3`.
    pub fn device(&self) -> String {
        let listed = run(Command::new("losetup").args(["-n", "-O", "NAME", "-j"]).arg(&self.image));
        listed.trim().trim_start_matches("/dev/").to_owned()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // whoever held files on it has ended; a late one does not keep it from going
        let unmounted = Command::new("umount").arg(&self.path).status().is_ok_and(|status| status.success());
        if !unmounted {
            let _ = Command::new("umount").arg("-l").arg(&self.path).status();
        }
    }
}

fn of(path: &Path) -> String {
    format!("of={}", path.display())
}

/// Runs to the end; gives what it printed.
pub fn run(command: &mut Command) -> String {
    let done = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}
