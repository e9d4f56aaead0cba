//! `cargo xtask test`: installs what the machine lacks, starts private servers, runs everything, counts.
//!
//! The same command here and in CI. Ends with `N passed, N failed`; the exit code says whether N was nought.

mod clamd;
mod counts;
mod machine;
mod nats;
mod pgbouncer;
mod postgres;
mod proxies;
mod steps;
mod tally;

use tally::Tally;

use crate::{longest, tree};

type Step = fn(&mut Tally);

/// What can be asked for by name, in the order in which it runs.
const PARTS: [(&str, Step); 7] = [
    ("format", steps::format),
    ("web", steps::web),
    ("lint", steps::lint),
    ("rust", steps::rust),
    ("house", steps::house),
    ("browser", steps::browser),
    ("chaos", steps::chaos),
];
/// `rust` runs these too.
const WITHIN_RUST: [&str; 1] = ["house"];

/// Runs the parts that were named, or all.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let (long, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|argument| *argument == "--long");
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|(part, _)| part != *name)) {
        let known: Vec<_> = PARTS.iter().map(|(part, _)| *part).collect();
        return Err(format!("no part is called `{unknown}`; there are: {}", known.join(" ")));
    }
    let is_wanted = |part: &str| match names.is_empty() {
        true => !WITHIN_RUST.contains(&part),
        false => names.iter().any(|name| *name == part),
    };
    let mut tally = Tally::new(tree::root(), !long.is_empty());
    for (_, step) in PARTS.iter().filter(|(part, _)| is_wanted(part)) {
        step(&mut tally);
    }
    longest::print(&tally.root);
    tally.end()
}
