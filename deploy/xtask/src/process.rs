//! Starting other programs: with one clear line when they are missing or fail, and clean-up that survives us.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

/// A command that runs in `folder`.
pub fn command(folder: &Path, line: &[&str]) -> Command {
    let mut command = Command::new(line[0]);
    command.args(&line[1..]).current_dir(folder);
    // cargo's own variables of *this* package would make build scripts of others run again
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(name);
    }
    command
}

/// Runs to the end with its output on ours.
pub fn run(folder: &Path, line: &[&str]) -> Result<(), String> {
    let status = command(folder, line).status().map_err(|error| cannot(line, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed in {}", line.join(" "), folder.display())) }
}

/// Runs to the end and gives what it printed, or what it complained of.
pub fn output(folder: &Path, line: &[&str]) -> Result<String, String> {
    let out = command(folder, line).output().map_err(|error| cannot(line, &error))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    Err(format!("`{}` failed: {}", line.join(" "), String::from_utf8_lossy(&out.stderr).trim()))
}

fn cannot(line: &[&str], error: &std::io::Error) -> String {
    format!("cannot start `{}`: {error}", line[0])
}

/// Runs to the end, prints its lines as they come and keeps them. The flag says whether it succeeded.
pub fn watched(mut command: Command) -> Result<(bool, String), String> {
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null()).spawn();
    let mut child = started.map_err(|error| format!("cannot start {:?}: {error}", command.get_program()))?;
    let (sender, lines) = mpsc::channel();
    let streams: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|s| Box::new(s) as _), child.stderr.take().map(|s| Box::new(s) as _)];
    for stream in streams.into_iter().flatten() {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
                let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
            }
        });
    }
    drop(sender);
    let mut all = String::new();
    for line in lines {
        println!("{line}");
        all.push_str(&line);
        all.push('\n');
    }
    Ok((child.wait().is_ok_and(|status| status.success()), all))
}

/// Where a program is, if it is on the PATH.
pub fn which(program: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// A shell line that runs when this is dropped or when this process ends in whatever way, Ctrl-C and kill -9 included:
/// a small shell waits for the end of a pipe that only we hold.
pub struct Afterwards(Option<Child>);

impl Afterwards {
    /// Arms it.
    pub fn run(line: &str) -> Result<Self, String> {
        let script = format!("trap '' INT TERM HUP; cat >/dev/null; {line}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // a group of its own, so that Ctrl-C in the terminal does not reach what the shell starts
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        shell.spawn().map(|child| Self(Some(child))).map_err(|error| format!("cannot start sh: {error}"))
    }
}

impl Drop for Afterwards {
    fn drop(&mut self) {
        if let Some(mut shell) = self.0.take() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }
}
