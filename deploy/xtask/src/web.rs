//! The browser bundles, and the TypeScript types made from the documents in `docs/`.
//!
//! npm runs here and never in a build script. What has not changed is not built again: contents are compared, not
//! times.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{hash, process, tree};

/// Folders with a `package.json`, and what else their build reads.
const PACKAGES: [(&str, &[&str]); 2] = [("widget-js", &[]), ("services/web", &["widget-js/wire"])];
/// Where the generator of types is pinned, apart from what ships.
const TYPES: &str = "deploy/types";
/// Each document, and the types made from it.
const MADE: [(&str, &str); 2] =
    [("docs/openapi.json", "widget-js/wire/types.gen.ts"), ("docs/events.schema.json", "widget-js/wire/events.gen.ts")];

/// `cargo xtask web`.
pub fn command(arguments: &[String]) -> Result<(), String> {
    need_node()?;
    let root = tree::root();
    let fresh = arguments.iter().any(|argument| argument == "--fresh");
    PACKAGES.iter().try_for_each(|(folder, reads)| {
        if fresh {
            let _ = fs::remove_file(stamp(&root.join(folder), "build"));
        }
        build(&root, folder, reads)
    })
}

/// The folders with a browser package.
pub fn folders() -> impl Iterator<Item = &'static str> {
    PACKAGES.iter().map(|(folder, _)| *folder)
}

/// Builds whatever changed.
pub fn build_all(root: &Path) -> Result<(), String> {
    PACKAGES.iter().try_for_each(|(folder, reads)| build(root, folder, reads))
}

/// Refuses a machine without Node 20 or npm, in one line.
pub fn need_node() -> Result<(), String> {
    let root = tree::root();
    let version = process::output(&root, &["node", "--version"])
        .map_err(|_| "Node.js 20 or newer is needed and `node` was not found.".to_owned())?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        return Err(format!("Node.js 20 or newer is needed; this is {}.", version.trim()));
    }
    process::output(&root, &["npm", "--version"])
        .map(drop)
        .map_err(|_| "npm is needed and was not found; it usually comes with Node.js.".to_owned())
}

/// Installs what the lock file names, when it changed since the last time.
pub fn install(root: &Path, folder: &str) -> Result<(), String> {
    let package = root.join(folder);
    let now = hash::of(root, &[package.join("package-lock.json"), package.join("package.json")]);
    let stamp = stamp(&package, "install");
    if hash::is_fresh(&stamp, &now) {
        return Ok(());
    }
    println!("{folder}: installing packages");
    process::run(&package, &["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"])?;
    fs::write(&stamp, now).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}

fn build(root: &Path, folder: &str, reads: &[&str]) -> Result<(), String> {
    let package = root.join(folder);
    if !package.join("build.mjs").is_file() {
        println!("{folder}: nothing to build yet");
        return Ok(());
    }
    install(root, folder)?;
    let sources: Vec<_> = reads.iter().chain([&folder]).flat_map(|part| tree::files(&root.join(part))).collect();
    let now = hash::of(root, &sources);
    let stamp = stamp(&package, "build");
    if hash::is_fresh(&stamp, &now) && package.join("dist").is_dir() {
        return Ok(());
    }
    println!("{folder}: building");
    process::run(&package, &["npm", "run", "--silent", "build"])?;
    fs::write(&stamp, now).map_err(|error| format!("cannot write {}: {error}", stamp.display()))
}

fn stamp(package: &Path, what: &str) -> PathBuf {
    package.join("node_modules").join(format!(".{what}-stamp"))
}

/// Makes the types again, where the document says something else.
pub fn write_types(root: &Path) -> Result<(), String> {
    MADE.iter().try_for_each(|(document, types)| {
        let text = types_of(root, document)?;
        if fs::read_to_string(root.join(types)).is_ok_and(|old| old == text) {
            return Ok(());
        }
        println!("{types}: written");
        fs::write(root.join(types), text).map_err(|error| format!("cannot write {types}: {error}"))
    })
}

/// Refuses types that are older than their document.
pub fn check_types(root: &Path) -> Result<(), String> {
    MADE.iter().try_for_each(|(document, types)| {
        if types_of(root, document)? == fs::read_to_string(root.join(types)).unwrap_or_default() {
            return Ok(());
        }
        Err(format!("{types} is older than {document}: run `cargo xtask docs`."))
    })
}

fn types_of(root: &Path, document: &str) -> Result<String, String> {
    let document = root.join(document);
    if !document.is_file() {
        return Err(format!("{} is missing: `cargo xtask docs` writes it.", document.display()));
    }
    install(root, TYPES)?;
    let folder = root.join(TYPES);
    process::output(&folder, &["node_modules/.bin/openapi-typescript", &document.to_string_lossy()])
}
