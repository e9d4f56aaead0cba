//! The proxies people put in front, for tests that start them with the files operators are given; missing is a failure,
//! never a reason to pass over a test.

use std::path::Path;

use super::machine;
use crate::process;

const NAMES: [&str; 3] = ["nginx", "haproxy", "caddy"];

/// Makes sure that all of them can be started.
pub fn need(root: &Path) -> Result<(), String> {
    NAMES.iter().try_for_each(|name| {
        let was_there = is_there(name);
        machine::need(root, &[name], || is_there(name))?;
        if !was_there {
            hush(root, name);
        }
        Ok(())
    })
}

/// Debian starts what it installs: on a machine that ran none before, it is not to hold ports 80 and 443 from now on.
fn hush(root: &Path, name: &str) {
    if Path::new("/run/systemd/system").is_dir() {
        let _ = process::output(root, &["systemctl", "disable", "--now", name]);
    }
}

fn is_there(name: &str) -> bool {
    process::which(name).is_some() || Path::new("/usr/sbin").join(name).is_file()
}
