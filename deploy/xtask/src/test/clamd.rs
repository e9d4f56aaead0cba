//! A virus scanner of our own: on a socket in a folder that goes away, with one hand-made signature.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::machine;
use crate::process::{self, Afterwards};

/// The test file every scanner knows, as `sigtool --md5` writes it: no network, no 300 MB of signatures.
const SIGNATURE: &str = "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature\n";
const PATIENCE: Duration = Duration::from_secs(30);

/// A running scanner. Stopped and removed when dropped, and also when this process dies.
pub struct Clamd {
    /// `clamd://` and the path of its socket.
    pub url: String,
    _afterwards: Afterwards,
}

/// Starts a scanner.
pub fn start(root: &Path) -> Result<Clamd, String> {
    machine::need(root, &["clamav-daemon"], || program().is_some())?;
    let program = program().ok_or("clamd was not found")?;
    // a socket's path may be a hundred bytes long
    let folder = PathBuf::from(format!("/tmp/porchlight-clamd-{}", std::process::id()));
    let problem = |error: std::io::Error| format!("cannot write to {}: {error}", folder.display());
    std::fs::create_dir_all(folder.join("signatures")).map_err(problem)?;
    std::fs::write(folder.join("signatures/test.hdb"), SIGNATURE).map_err(problem)?;
    std::fs::write(folder.join("clamd.conf"), settings(&folder)).map_err(problem)?;
    let path = folder.display();
    let afterwards = Afterwards::run(&format!("kill $(cat {path}/pid); rm -rf {path}"))?;
    let start = format!("{} --config-file {path}/clamd.conf", program.display());
    process::output(root, &["sh", "-c", &start])?;
    answers(&folder.join("clamd.ctl"))?;
    Ok(Clamd { url: format!("clamd://{path}/clamd.ctl"), _afterwards: afterwards })
}

/// Without `AlertExceedsMax` what is too large to scan is called clean.
fn settings(folder: &Path) -> String {
    let folder = folder.display();
    format!(
        "DatabaseDirectory {folder}/signatures\nLocalSocket {folder}/clamd.ctl\nPidFile {folder}/pid\n\
         TemporaryDirectory {folder}\nLogFile {folder}/log\nAlertExceedsMax yes\nStreamMaxLength 30M\nMaxFileSize 26M\n\
         MaxScanSize 60M\n"
    )
}

fn answers(socket: &Path) -> Result<(), String> {
    let began = Instant::now();
    while std::os::unix::net::UnixStream::connect(socket).is_err() {
        if began.elapsed() > PATIENCE {
            return Err(format!("clamd does not answer on {}", socket.display()));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Debian keeps it off the PATH of people.
fn program() -> Option<PathBuf> {
    process::which("clamd").or_else(|| Some(PathBuf::from("/usr/sbin/clamd")).filter(|path| path.is_file()))
}
