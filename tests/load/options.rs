//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Limits,
    Chat,
    Idle,
    Lists,
    Storm,
    Files,
    Whatsapp,
}

impl Work {
    pub fn title(self) -> &'static str {
        match self {
            Self::Limits => "Limits",
            Self::Chat => "W1 messages",
            Self::Idle => "W2 idle sockets",
            Self::Lists => "W4 inbox list",
            Self::Storm => "W6 everybody comes back",
            Self::Files => "Files",
            Self::Whatsapp => "W3 WhatsApp webhooks",
        }
    }
}

/// All of it.
pub struct Options {
    pub works: Vec<Work>,
    pub engines: Vec<Engine>,
    /// How long each measurement lasts.
    pub seconds: Duration,
    /// Exchanges in flight, one run each.
    pub flights: Vec<usize>,
    pub sockets: usize,
    /// Ten times the data for lists.
    pub full: bool,
    /// The server is killed while webhooks come.
    pub kills: bool,
    /// The roles are processes of their own, with NATS between them.
    pub cluster: bool,
    pub binary: PathBuf,
    pub data: PathBuf,
}

const USAGE: &str = "load w1|w2|w4|w6|files|whatsapp|limits|all [--engine sqlite|postgres|both] [--seconds N] [--flight N,N] [--sockets N] [--full] [--kills] [--cluster] [--release-binary PATH] [--data FOLDER]";

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self {
            works: Vec::new(),
            engines: vec![Engine::Sqlite, Engine::Postgres],
            seconds: Duration::from_secs(8),
            flights: vec![256, 1000],
            sockets: 10_000,
            full: false,
            kills: false,
            cluster: false,
            binary: std::env::current_exe()?.with_file_name("porchlight"),
            data: std::env::temp_dir(),
        };
        let mut rest = arguments.iter();
        while let Some(word) = rest.next() {
            let mut value = || rest.next().with_context(|| format!("{word} needs a value; {USAGE}"));
            match word.as_str() {
                "w1" => options.works.push(Work::Chat),
                "w2" => options.works.push(Work::Idle),
                "w4" => options.works.push(Work::Lists),
                "w6" => options.works.push(Work::Storm),
                "files" => options.works.push(Work::Files),
                "limits" => options.works.push(Work::Limits),
                "all" => options.works.extend([Work::Limits, Work::Chat, Work::Lists, Work::Files, Work::Idle]),
                "--engine" => options.engines = engines(value()?)?,
                "--seconds" => options.seconds = Duration::from_secs(value()?.parse::<u64>()?.clamp(1, 120)),
                "--flight" => options.flights = flights(value()?)?,
                "--sockets" => options.sockets = value()?.parse::<usize>()?.clamp(100, 10_000),
                "whatsapp" => options.works.push(Work::Whatsapp),
                "--kills" => options.kills = true,
                "--cluster" => options.cluster = true,
                "--full" => options.full = true,
                "--release-binary" => options.binary = value()?.into(),
                "--data" => options.data = value()?.into(),
                other => bail!("{other} is not known here; {USAGE}"),
            }
        }
        if options.works.is_empty() {
            bail!("{USAGE}");
        }
        if options.cluster && options.engines.contains(&Engine::Sqlite) {
            bail!("several processes need --engine postgres");
        }
        Ok(options)
    }
}

fn engines(text: &str) -> Result<Vec<Engine>> {
    match text {
        "sqlite" => Ok(vec![Engine::Sqlite]),
        "postgres" => Ok(vec![Engine::Postgres]),
        "both" => Ok(vec![Engine::Sqlite, Engine::Postgres]),
        _ => bail!("{USAGE}"),
    }
}

fn flights(text: &str) -> Result<Vec<usize>> {
    let parse = |part: &str| part.parse::<usize>().map(|n| n.clamp(20, 2000)).context(USAGE);
    text.split(',').map(parse).collect()
}
