//! What the machine must have, and how it gets it.

use std::path::Path;

use crate::process;

/// Makes sure that `is_there` holds, installing Debian `packages` when it does not.
pub fn need(root: &Path, packages: &[&str], is_there: impl Fn() -> bool) -> Result<(), String> {
    if is_there() {
        return Ok(());
    }
    let wanted = packages.join(" ");
    let is_root = process::output(root, &["id", "-u"]).is_ok_and(|id| id.trim() == "0");
    if !is_root || process::which("apt-get").is_none() {
        return Err(format!("{wanted} is needed; install it, or run this as root on Debian to have it installed."));
    }
    println!("installing {wanted}");
    let quiet = "env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0";
    // the lists of a fresh machine are empty; an old list may name versions that are gone
    let _ = process::output(root, &["sh", "-c", &format!("{quiet} update")]);
    process::output(root, &["sh", "-c", &format!("{quiet} install -y --no-install-recommends {wanted}")])?;
    if is_there() { Ok(()) } else { Err(format!("{wanted} was installed but still cannot be found.")) }
}

/// A browser for the browser tests.
pub fn chromium(root: &Path) -> Result<(), String> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    need(root, &["chromium"], || names.iter().any(|name| process::which(name).is_some()))
}

/// What faults are made with: a tracer, a clock that jumps, small file systems, and a PostgreSQL that may be killed.
pub fn faults(root: &Path) -> Result<(), String> {
    need(root, &["strace"], || process::which("strace").is_some())?;
    need(root, &["libfaketime"], || has_in("/usr/lib", "faketime/libfaketimeMT.so.1"))?;
    need(root, &["e2fsprogs", "mount"], || ["mkfs.ext4", "losetup"].iter().all(|name| is_program(name)))?;
    need(root, &["procps"], || process::which("pgrep").is_some())?;
    need(root, &["postgresql"], || has_in("/usr/lib/postgresql", "bin/initdb") || process::which("initdb").is_some())
}

/// Debian keeps programs of administrators off the PATH of people.
fn is_program(name: &str) -> bool {
    process::which(name).is_some() || Path::new("/usr/sbin").join(name).is_file()
}

/// Whether some folder of this folder has it.
fn has_in(folder: &str, path: &str) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut folders| folders.any(|f| f.is_ok_and(|f| f.path().join(path).is_file())))
}
