//! `cargo xtask run`: bundles, server, demo, and beside it what plays Meta and the phones of WhatsApp.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::{process, tree, web};

/// Leaves WhatsApp out.
const WITHOUT: &str = "--without-whatsapp";
/// How far from the demo's first port the simulator listens: the demo itself has that one and the next two.
const AFTER: u16 = 3;

/// Builds what changed and becomes the demo; comes back only when something is wrong.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let root = tree::root();
    web::need_node()?;
    web::build_all(&root)?;
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let release = has("--release");
    println!("server: building{}", if release { " (release: this takes some minutes)" } else { "" });
    let rest = arguments.iter().map(String::as_str).filter(|word| !["--release", WITHOUT].contains(word));
    let mut line = cargo(["porchlight", "porchlight"], release);
    line.push("demo");
    line.extend(rest);
    if has(WITHOUT) {
        return become_demo(process::command(&root, &line));
    }
    // built before the simulator starts, so that a server that does not compile leaves nothing running
    process::run(&root, &build(["porchlight", "porchlight"], release))?;
    let (simulator, address) = simulate(&root, first_port(arguments)?, release)?;
    line.extend(["--whatsapp-sim", &address]);
    let mut demo = process::command(&root, &line);
    // the simulator listens to the other end: whatever ends the demo, kill -9 included, ends the simulator
    demo.stdin(simulator.stdin.map_or_else(Stdio::null, Stdio::from));
    become_demo(demo)
}

/// In our place, so that Ctrl-C reaches the server and the shell waits for it.
fn become_demo(mut demo: std::process::Command) -> Result<(), String> {
    Err(format!("cannot start cargo: {}", demo.exec()))
}

/// Starts the look-alike of Meta; gives its address once it listens there.
fn simulate(root: &Path, port: u16, release: bool) -> Result<(Child, String), String> {
    let listen = format!("127.0.0.1:{}", port.saturating_add(AFTER));
    // ids of messages of another start must not come again: they would be taken for repeats
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs()).to_string();
    let mut line = cargo(["porchlight-graph-sim", "graph-sim"], release);
    line.extend(["--listen", &listen, "--seed", &seed, "--until", "stdin"]);
    println!("WhatsApp simulator: building");
    let mut command = process::command(root, &line);
    let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| format!("cannot start cargo: {error}"))?;
    let mut said = String::new();
    if let Some(output) = child.stdout.take() {
        let _ = BufReader::new(output).read_line(&mut said);
    }
    match said.split_whitespace().find(|word| word.starts_with("http://")) {
        Some(address) => Ok((child, address.to_owned())),
        None => Err(format!(
            "the WhatsApp simulator did not start on {listen}; choose another --port, or leave it out with {WITHOUT}"
        )),
    }
}

/// Runs a program of the workspace, `[package, program]`.
fn cargo([package, program]: [&'static str; 2], release: bool) -> Vec<&'static str> {
    let profile: &[&str] = if release { &["--release"] } else { &[] };
    [&["cargo", "run", "--quiet", "--package", package, "--bin", program], profile, &["--"]].concat()
}

fn build([package, program]: [&'static str; 2], release: bool) -> Vec<&'static str> {
    let profile: &[&str] = if release { &["--release"] } else { &[] };
    [&["cargo", "build", "--quiet", "--package", package, "--bin", program], profile].concat()
}

/// The demo's first port: `--port 8090`, `--port=8090`, or its default.
fn first_port(arguments: &[String]) -> Result<u16, String> {
    let words: Vec<&str> = arguments.iter().flat_map(|word| word.splitn(2, '=')).collect();
    let Some(at) = words.iter().position(|word| *word == "--port") else { return Ok(8080) };
    let given = words.get(at + 1).copied().unwrap_or_default();
    given.parse().map_err(|_| format!("--port {given} is no port"))
}

#[cfg(test)]
mod tests {
    use super::first_port;

    #[test]
    fn the_port_is_found_however_it_is_written() {
        let port = |words: &[&str]| first_port(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(port(&["--fresh"]), Ok(8080));
        assert_eq!(port(&["--fresh", "--port", "9000"]), Ok(9000));
        assert_eq!(port(&["--port=9100", "--fresh"]), Ok(9100));
        assert!(port(&["--port", "many"]).is_err());
        assert!(port(&["--port"]).is_err());
    }
}
