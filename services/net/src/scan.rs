//! The virus scanner: clamd, spoken to in its own protocol.
//!
//! Promises:
//! - Clean means that a scanner with fresh signatures has read every byte and found nothing. Everything else has a
//!   state of its own: a file that is too large to scan is not clean, and a scanner that hangs, resets, talks nonsense
//!   or has old signatures is away.
//! - The operator's own address is dialled, so the guard is not asked.

mod session;
mod version;

use std::path::{Path, PathBuf};
use std::time::Duration;

use kernel::Clock;
use serde::Deserialize;

use crate::told::{self, Ended};

/// Which scanner, and how far it is trusted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScanConfig {
    /// Empty (nothing is scanned), `clamd://host:port` or `clamd:///path/of/clamd.ctl`.
    pub scan: String,
    /// Milliseconds one file may take.
    pub scan_timeout_ms: u64,
    /// Hours after which signatures are too old to be believed; 0: their age is not asked.
    pub scan_signature_hours: u64,
}

impl Default for ScanConfig {
    fn default() -> Self {
        Self { scan: String::new(), scan_timeout_ms: 30_000, scan_signature_hours: 72 }
    }
}

impl ScanConfig {
    /// Says what is wrong with the address, so that a slip of the pen does not switch scanning off.
    pub fn check(&self) -> Result<(), String> {
        self.place().map(drop)
    }

    fn place(&self) -> Result<Option<Place>, String> {
        if self.scan.is_empty() {
            return Ok(None);
        }
        let wrong = || format!("{:?} is neither empty, `clamd://host:port` nor `clamd:///path`", self.scan);
        let rest = self.scan.strip_prefix("clamd://").ok_or_else(wrong)?;
        if rest.starts_with('/') {
            return Ok(Some(Place::Socket(PathBuf::from(rest))));
        }
        let (host, port) = rest.rsplit_once(':').ok_or_else(wrong)?;
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        if host.is_empty() || !is_port { Err(wrong()) } else { Ok(Some(Place::Address(rest.to_owned()))) }
    }
}

/// Where clamd listens.
#[derive(Clone, Debug)]
enum Place {
    Address(String),
    Socket(PathBuf),
    /// The configuration cannot be read.
    Nowhere(String),
}

/// A scanner that may be asked. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scanner {
    place: Place,
    patience: Duration,
    signatures: Option<Duration>,
    clock: Clock,
}

/// What the scanner said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanned {
    /// Every byte was looked at, nothing was found.
    Clean,
    /// The name of what was found.
    Infected(String),
    /// It did not look at all of it.
    TooLarge,
    /// It could not be asked, or its answer is worth nothing; for the log.
    Away(String),
}

impl Scanner {
    /// None when nothing shall be scanned. An address that cannot be read is a scanner that is always away.
    pub fn new(config: &ScanConfig) -> Option<Self> {
        let place = config.place().unwrap_or_else(|problem| Some(Place::Nowhere(problem)))?;
        let hours = (config.scan_signature_hours > 0).then_some(config.scan_signature_hours);
        Some(Self {
            place,
            patience: Duration::from_millis(config.scan_timeout_ms.max(1)),
            signatures: hours.map(|hours| Duration::from_secs(hours.saturating_mul(3_600))),
            clock: Clock::System,
        })
    }

    /// The same, by another clock.
    #[must_use]
    pub fn by(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Has a file scanned.
    pub async fn scan(&self, path: &Path) -> Scanned {
        let ended = |scanned: &Scanned| match scanned {
            Scanned::Clean => Ended::well(),
            Scanned::Infected(_) => Ended { outcome: "infected", status: None, is_fault: false },
            Scanned::TooLarge => Ended { outcome: "too_large", status: None, is_fault: false },
            Scanned::Away(_) => Ended::badly("away"),
        };
        told::call("scan", ended, self.look(path)).await
    }

    /// Asks which signatures it has, and whether they are young enough.
    pub async fn hello(&self) -> Result<String, String> {
        let ask = async {
            let answer = session::command(&self.place, b"zVERSION\0").await?;
            self.signatures.map_or(Ok(()), |most| version::is_fresh(&answer, most, self.clock.now()))?;
            Ok(answer)
        };
        tokio::time::timeout(self.patience, ask).await.unwrap_or_else(|_| Err("no answer in time".to_owned()))
    }

    async fn look(&self, path: &Path) -> Scanned {
        match tokio::time::timeout(self.patience, self.ask(path)).await {
            Ok(Ok(answer)) => said(&answer),
            Ok(Err(problem)) => Scanned::Away(problem),
            Err(_) => Scanned::Away(format!("no answer within {} ms", self.patience.as_millis())),
        }
    }

    async fn ask(&self, path: &Path) -> Result<String, String> {
        if let Some(most) = self.signatures {
            let answer = session::command(&self.place, b"zVERSION\0").await?;
            version::is_fresh(&answer, most, self.clock.now())?;
        }
        session::stream(&self.place, path).await
    }
}

/// Reads clamd's answer. `OK` alone is clean: whatever else it says, nobody has vouched for the file.
fn said(answer: &str) -> Scanned {
    if answer == "stream: OK" {
        return Scanned::Clean;
    }
    if answer.starts_with("INSTREAM size limit exceeded") {
        return Scanned::TooLarge;
    }
    let found = answer.strip_prefix("stream: ").and_then(|rest| rest.strip_suffix(" FOUND"));
    match found {
        Some(name) if name.starts_with("Heuristics.Limits.Exceeded") => Scanned::TooLarge,
        Some(name) => Scanned::Infected(name.to_owned()),
        None => Scanned::Away(format!("an answer that cannot be read: {answer:?}")),
    }
}
