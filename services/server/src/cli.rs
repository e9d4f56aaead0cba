//! The commands.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use kernel::Clock;
use tracing_subscriber::EnvFilter;

use crate::{Config, config, running};

/// Porchlight: a chat on your site, answered in one inbox.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    /// A configuration file; deploy/config.default.toml shows every key.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves: HTTP, sockets and jobs in one process.
    Serve,
    /// Brings the database's schema up to date.
    Migrate,
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints the schema of events.
    Events,
    /// Looks at the configuration.
    Config {
        #[command(subcommand)]
        what: Look,
    },
}

#[derive(Subcommand)]
enum Look {
    /// Prints every key with its default.
    Print,
    /// Says whether the configuration would be accepted.
    Check,
}

/// Runs the command of the command line.
pub async fn run() -> Result<()> {
    let cli = Cli::parse();
    let load = || Config::load(cli.config.as_deref(), &[]);
    match cli.command {
        Command::Serve => serve(load()?).await,
        Command::Migrate => crate::parts::database(&load()?, Clock::System).await.map(|_| ()),
        Command::Openapi => print(&api::openapi::document().to_pretty_json()?),
        Command::Events => print(&api::openapi::events()?),
        Command::Config { what: Look::Print } => print(config::DEFAULTS),
        Command::Config { what: Look::Check } => load().map(|_| ()),
    }
}

async fn serve(config: Config) -> Result<()> {
    log(&config);
    let running = running::start(config, Clock::System).await?;
    tracing::info!(public = %running.public, operator = %running.operator, "porchlight serves");
    leave().await?;
    running.stop().await;
    Ok(())
}

/// Waits until somebody asks the process to end.
pub async fn leave() -> Result<()> {
    let mut term = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = term.recv() => (),
        done = tokio::signal::ctrl_c() => done?,
    }
    Ok(())
}

/// Starts logging as configured.
pub fn log(config: &Config) {
    let filter = EnvFilter::try_new(&config.log.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // a second start in one process keeps the first one's logs
    let _ = if config.log.format == "json" { logs.json().try_init() } else { logs.try_init() };
}

fn print(text: &str) -> Result<()> {
    println!("{text}");
    Ok(())
}
