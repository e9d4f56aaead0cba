//! A pooler for tests that put one between processes and PostgreSQL; missing is a failure.

use std::path::Path;

use super::machine;
use crate::process;

/// Makes sure that there is one to start.
pub fn need(root: &Path) -> Result<(), String> {
    let was_there = is_there();
    machine::need(root, &["pgbouncer"], is_there)?;
    if !was_there && Path::new("/run/systemd/system").is_dir() {
        // Debian starts what it installs
        let _ = process::output(root, &["systemctl", "disable", "--now", "pgbouncer"]);
    }
    Ok(())
}

fn is_there() -> bool {
    process::which("pgbouncer").is_some() || Path::new("/usr/sbin/pgbouncer").is_file()
}
