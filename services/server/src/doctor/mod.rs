//! `porchlight doctor`: looks at everything an installation stands on and says, in a sentence each, what is well, what
//! may become trouble and what is broken, and what to do.
//!
//! Promises: it changes nothing but one object that it writes, reads and deletes again; it works whether a server runs or
//! not; it prints no secret.

mod doors;
mod keys;
mod machine;
mod outside;
mod store;

use anyhow::Result;
use kernel::Clock;
use serde::Serialize;

use crate::Config;

/// How a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and may not for long, or not as promised.
    Warn,
    /// It does not work.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What was looked at: a word that stays the same.
    pub what: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// That in a sentence.
    pub says: String,
    /// What to do about it; empty when nothing.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub todo: String,
}

impl Line {
    pub(crate) fn ok(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Ok, says: says.into(), todo: String::new() }
    }

    pub(crate) fn warn(what: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Warn, says: says.into(), todo: todo.into() }
    }

    pub(crate) fn fail(what: &'static str, says: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Fail, says: says.into(), todo: todo.into() }
    }
}

/// Looks at everything. A configuration that cannot be read is all there is to say.
pub async fn examine(config: Result<Config>) -> Vec<Line> {
    let config = match config {
        Ok(config) => config,
        Err(error) => {
            let todo = "Mend the configuration; `porchlight config print` shows every key.";
            return vec![Line::fail("configuration", format!("The configuration is not accepted: {error:#}."), todo)];
        }
    };
    // a second start in one process finds it installed
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let mut lines = vec![match config.check() {
        Ok(()) => Line::ok("configuration", format!("The configuration is accepted; roles: {}.", config.roles())),
        Err(error) => Line::fail("configuration", format!("The server would not start: {error:#}."), "Mend it."),
    }];
    let clock = Clock::System;
    let (store, outside, doors) =
        tokio::join!(store::look(&config, &clock), outside::look(&config), doors::look(&config));
    lines.extend(keys::look(&config, &clock));
    lines.extend(store);
    lines.extend(outside);
    lines.extend(doors);
    lines.extend(machine::look(&config));
    lines
}

/// The command: prints what was found; `Err` when something is broken.
pub async fn run(config: Result<Config>, json: bool) -> Result<()> {
    let lines = examine(config).await;
    let text = if json { serde_json::to_string_pretty(&lines)? } else { shown(&lines) };
    println!("{text}");
    let broken = lines.iter().filter(|line| line.verdict == Verdict::Fail).count();
    if broken > 0 {
        anyhow::bail!("{broken} of {} things are broken", lines.len());
    }
    Ok(())
}

fn shown(lines: &[Line]) -> String {
    let word = |verdict| match verdict {
        Verdict::Ok => "ok  ",
        Verdict::Warn => "warn",
        Verdict::Fail => "FAIL",
    };
    let line = |line: &Line| match line.todo.as_str() {
        "" => format!("{} {:<14} {}", word(line.verdict), line.what, line.says),
        todo => format!("{} {:<14} {}\n{:20}→ {todo}", word(line.verdict), line.what, line.says, ""),
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}
