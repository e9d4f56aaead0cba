//! NATS, for tests of several processes. They start their own, with the configuration operators are given, because they
//! kill it; missing is a failure, never a reason to pass over a test.

use std::path::{Path, PathBuf};

use super::machine;
use crate::process;

/// Makes sure that there is a broker to start, and that it accepts the configuration operators are given.
pub fn need(root: &Path) -> Result<(), String> {
    machine::need(root, &["nats-server"], || program().is_some())?;
    let program = program().ok_or("nats-server was not found")?;
    let passwords = ["API", "REALTIME", "WORKER", "ALL"].map(|role| format!("PORCHLIGHT_{role}_PASSWORD=p"));
    let program = program.display().to_string();
    let mut line = vec!["env"];
    line.extend(passwords.iter().map(String::as_str));
    line.extend([program.as_str(), "-t", "-c", "deploy/nats/nats.conf"]);
    process::output(root, &line).map(drop)
}

fn program() -> Option<PathBuf> {
    process::which("nats-server").or_else(|| Some(PathBuf::from("/usr/sbin/nats-server")).filter(|path| path.is_file()))
}
