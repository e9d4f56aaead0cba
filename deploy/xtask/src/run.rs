//! `cargo xtask run`: bundles, server, demo.

use std::os::unix::process::CommandExt;

use crate::{process, tree, web};

/// Builds what changed and becomes the demo; comes back only when something is wrong.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let root = tree::root();
    web::need_node()?;
    web::build_all(&root)?;
    let mut line = vec!["cargo", "run", "--quiet", "--package", "porchlight", "--bin", "porchlight"];
    let release = arguments.iter().any(|argument| argument == "--release");
    if release {
        line.push("--release");
    }
    line.extend(["--", "demo"]);
    line.extend(arguments.iter().map(String::as_str).filter(|argument| *argument != "--release"));
    println!("server: building{}", if release { " (release: this takes some minutes)" } else { "" });
    // in our place, so that Ctrl-C reaches the server and the shell waits for it
    Err(format!("cannot start cargo: {}", process::command(&root, &line).exec()))
}
