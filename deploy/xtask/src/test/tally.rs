//! Counts what passed and failed, and how long each step took.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::counts::{self, Count};
use crate::process::{self, Afterwards};

/// The sum so far.
pub struct Tally {
    /// The checkout.
    pub root: PathBuf,
    /// Whether hours may be spent.
    pub long: bool,
    count: Count,
    lines: Vec<(String, Count, Duration)>,
    scratch: PathBuf,
    _afterwards: Option<Afterwards>,
}

impl Tally {
    /// Nothing counted yet.
    pub fn new(root: PathBuf, long: bool) -> Self {
        // what tests leave in it goes with us, also when they are killed
        let scratch = std::env::temp_dir().join(format!("porchlight-test-{}", std::process::id()));
        let made = std::fs::create_dir_all(&scratch).is_ok();
        let afterwards = made.then(|| Afterwards::run(&format!("rm -rf {}", scratch.display())).ok()).flatten();
        Self { root, long, count: Count::default(), lines: Vec::new(), scratch, _afterwards: afterwards }
    }

    /// Something that holds or does not: counts as one. Says whether it held.
    pub fn check(&mut self, name: &str, work: impl FnOnce(&Path) -> Result<(), String>) -> bool {
        self.step(name, |root| match work(root) {
            Ok(()) => Count { passed: 1, failed: 0 },
            Err(problem) => {
                println!("{problem}");
                Count { passed: 0, failed: 1 }
            }
        })
    }

    /// A program that prints how many of its tests passed. A program that fails without a failed test, or counts
    /// nothing, counts as one failure: silence is not success.
    pub fn tests(&mut self, name: &str, command: impl FnOnce(&Path) -> Result<Command, String>) -> bool {
        let scratch = self.scratch.clone();
        let in_scratch = |mut command: Command| {
            command.env("TMPDIR", scratch);
            process::watched(command)
        };
        self.step(name, |root| match command(root).and_then(in_scratch) {
            Ok((succeeded, output)) => counts::of(&output).judged(succeeded),
            Err(problem) => {
                println!("{problem}");
                Count { passed: 0, failed: 1 }
            }
        })
    }

    fn step(&mut self, name: &str, work: impl FnOnce(&Path) -> Count) -> bool {
        println!("\n── {name}");
        let started = Instant::now();
        let count = work(&self.root);
        let took = started.elapsed();
        println!("── {name}: {} passed, {} failed, {:.1} s", count.passed, count.failed, took.as_secs_f64());
        self.count += count;
        self.lines.push((name.to_owned(), count, took));
        count.failed == 0
    }

    /// Prints the table and the last line.
    pub fn end(self) -> Result<(), String> {
        println!();
        for (name, count, took) in &self.lines {
            let mark = if count.failed == 0 { "ok    " } else { "FAILED" };
            println!(
                "{mark} {name:44} {:5} passed {:4} failed {:8.1} s",
                count.passed,
                count.failed,
                took.as_secs_f64()
            );
        }
        println!("{} passed, {} failed", self.count.passed, self.count.failed);
        // the line above must be the last one, so the exit code says the rest
        let failed = self.count.failed;
        drop(self);
        if failed == 0 { Ok(()) } else { std::process::exit(1) }
    }
}
