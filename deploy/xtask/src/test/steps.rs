//! The steps, one function each.

use std::path::Path;
use std::process::Command;

use super::clamd::{self, Clamd};
use super::machine;
use super::nats;
use super::pgbouncer;
use super::postgres::{self, Care};
use super::proxies;
use super::tally::Tally;
use crate::{process, web as bundles};

/// Formatting.
pub fn format(tally: &mut Tally) {
    tally.check("format", |root| process::run(root, &["cargo", "fmt", "--all", "--check"]));
}

/// Types, unit tests and bundles of both browser packages.
pub fn web(tally: &mut Tally) {
    if !tally.check("node and npm", |_| bundles::need_node()) {
        return;
    }
    tally.check("types made from the documents", bundles::check_types);
    for folder in bundles::folders() {
        if tally.check(&format!("{folder}: install"), |root| bundles::install(root, folder)) {
            tally.check(&format!("{folder}: types"), |root| npm(root, folder, "check"));
            tally.tests(&format!("{folder}: tests"), |root| vitest(root, folder));
        }
    }
    tally.check("bundles", bundles::build_all);
}

fn npm(root: &Path, folder: &str, script: &str) -> Result<(), String> {
    process::run(&root.join(folder), &["npm", "run", "--silent", script])
}

fn vitest(root: &Path, folder: &str) -> Result<Command, String> {
    let mut command = process::command(&root.join(folder), &["npm", "run", "--silent", "test"]);
    command.env("NO_COLOR", "1");
    Ok(command)
}

/// Clippy, and licences, bans and sources of what we depend on.
pub fn lint(tally: &mut Tally) {
    let clippy = ["cargo", "clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    tally.check("clippy", |root| process::run(root, &clippy));
    if process::which("cargo-deny").is_some() {
        let deny = ["cargo", "deny", "--offline", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
        tally.check("dependencies", |root| process::run(root, &deny));
    } else {
        println!("\ncargo-deny is not installed: licences and bans are not checked (cargo install cargo-deny)");
    }
}

/// All Rust tests: everything on SQLite, then what touches a database again on PostgreSQL.
pub fn rust(tally: &mut Tally) {
    // the same selection of packages as the tests, so that features are unified alike and nothing is built twice
    if !tally.check("build", |root| process::run(root, &["cargo", "build", "--quiet", "--workspace", "--bins"])) {
        return;
    }
    tally.check("nats-server", nats::need);
    tally.check("pgbouncer", pgbouncer::need);
    tally.check("nginx, haproxy and caddy", proxies::need);
    let scanner = scanner(tally);
    tally.tests("rust tests on SQLite", |root| Ok(told(&scanner, rust_tests(root, &[]))));
    on_postgres(tally, "rust tests on PostgreSQL", Care::Fast, |root| {
        told(&scanner, rust_tests(root, &["porchlight-tests", "porchlight-store"]))
    });
}

/// A virus scanner, for as long as it is held; its absence counts as a failure.
fn scanner(tally: &mut Tally) -> Option<Clamd> {
    let mut scanner = None;
    tally.check("clamd", |root| clamd::start(root).map(|running| scanner = Some(running)));
    scanner
}

/// Tells a program where the scanner is.
fn told(scanner: &Option<Clamd>, mut command: Command) -> Command {
    if let Some(scanner) = scanner {
        command.env("CLAMD_URL", &scanner.url);
    }
    command
}

/// The architecture tests alone.
pub fn house(tally: &mut Tally) {
    tally.tests("house", |root| Ok(process::command(root, &["cargo", "test", "--workspace", "--test", "house"])));
}

fn rust_tests(root: &Path, packages: &[&str]) -> Command {
    if process::which("cargo-nextest").is_none() {
        let mut line = vec!["cargo", "test", "--no-fail-fast"];
        match packages.is_empty() {
            true => line.push("--workspace"),
            false => packages.iter().for_each(|package| line.extend(["-p", package])),
        }
        return process::command(root, &line);
    }
    let mut line = vec!["cargo", "nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "slow"];
    let chosen = packages.iter().map(|package| format!("package({package})")).collect::<Vec<_>>().join(" or ");
    let chosen = format!("({chosen}) and not binary(house) and not binary(net)");
    // several processes share no SQLite file: those tests have something to say on PostgreSQL only
    line.extend(["-E", if packages.is_empty() { "not binary(cluster)" } else { &chosen }]);
    process::command(root, &line)
}

fn on_postgres(tally: &mut Tally, name: &str, care: Care, command: impl FnOnce(&Path) -> Command) {
    let mut server = None;
    tally.tests(name, |root| {
        let running = server.insert(postgres::start(root, care)?);
        let mut command = command(root);
        command.env("STORE_URL", &running.url);
        Ok(command)
    });
}

/// The whole story in a real browser.
pub fn browser(tally: &mut Tally) {
    if !tally.root.join("tests/browser/run.mjs").is_file() {
        return println!("\nthere are no browser tests yet");
    }
    let is_ready = tally.check("browser: what it needs", |root| {
        machine::chromium(root)?;
        machine::need(root, &["openssl"], || process::which("openssl").is_some())?;
        bundles::need_node()?;
        bundles::build_all(root)?;
        process::run(root, &["cargo", "build", "--quiet", "--workspace", "--bins"])?;
        let has_packages = root.join("tests/browser/package-lock.json").is_file();
        if has_packages { bundles::install(root, "tests/browser") } else { Ok(()) }
    });
    if is_ready {
        let scanner = scanner(tally);
        let run = ["node", "tests/browser/run.mjs"];
        tally.tests("browser", |root| Ok(told(&scanner, process::command(root, &run))));
    }
}

/// Faults under load, in ten minutes: on SQLite everything, on PostgreSQL what concerns a database, with databases that
/// flush; what brings its own database, and the cluster, once. With `--long` all of it on both, in an hour.
pub fn chaos(tally: &mut Tally) {
    let is_ready = tally.check("chaos: build and what it needs", |root| {
        machine::faults(root)?;
        nats::need(root)?;
        process::run(root, &["cargo", "build", "--quiet", "--workspace", "--bins"])
    });
    if !is_ready {
        return;
    }
    let long = tally.long;
    tally.tests("chaos on SQLite, and faults of machines", |root| Ok(faulty(root, "chaos", long, &[])));
    let skipped: &[&str] = if long { &["once::"] } else { &["once::", "store_away::", "drained::", "in_an_s3_store"] };
    on_postgres(tally, "chaos on PostgreSQL", Care::Durable, |root| faulty(root, "chaos", long, skipped));
    tally.tests("chaos in a cluster", |root| Ok(faulty(root, "cluster", long, &[])));
}

/// The tests of a suite that only this step runs; `CHAOS_SECONDS` in our own environment says for how long.
fn faulty(root: &Path, suite: &str, long: bool, skipped: &[&str]) -> Command {
    let mut line = vec!["cargo", "test", "--workspace", "--test", suite, "--", "--ignored", "--test-threads", "1"];
    line.push("--nocapture");
    skipped.iter().for_each(|name| line.extend(["--skip", name]));
    let seconds = if long { "200" } else { "10" };
    let mut command = process::command(root, &line);
    command.env("CHAOS_SECONDS", std::env::var("CHAOS_SECONDS").unwrap_or_else(|_| seconds.to_owned()));
    command
}
