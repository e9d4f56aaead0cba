//! The commands.

use std::path::PathBuf;

use anyhow::Result;
use chat::operator::{self, By};
use clap::{Parser, Subcommand};
use kernel::Clock;

use crate::restore::Wanted;
use crate::schema::Go;
use crate::{
    Config, Role, backup, config, demo, doctor, healthcheck, isolation, observe, parts, restore, running, schema, stop,
    vault,
};

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
    /// Starts the demo: SQLite and files in one folder, a seeded tenant, a shop on another origin.
    Demo(demo::Demo),
    /// Serves: HTTP, sockets and jobs, in one process or in several.
    Serve {
        /// What this process does, instead of what the configuration says; several by commas or repeated.
        #[arg(long = "role", value_delimiter = ',')]
        roles: Vec<Role>,
    },
    /// Brings the database's schema up to date.
    Migrate {
        /// Only says what would be run, and who waits while it runs.
        #[arg(long)]
        dry_run: bool,
        /// Runs it and takes it back: says how long each change takes.
        #[arg(long = "try", conflicts_with = "dry_run")]
        rehearse: bool,
    },
    /// Copies the database and the files of one moment into a folder, beside a server that runs.
    Backup {
        /// Where backups are kept.
        dir: PathBuf,
        /// The database alone.
        #[arg(long)]
        without_files: bool,
    },
    /// Brings a backup back; the server is stopped.
    Restore {
        /// Where backups are kept.
        #[arg(required_unless_present = "recovered")]
        dir: Option<PathBuf>,
        /// The newest backup that was begun by then, such as 2026-11-21T10:00; without it, the newest.
        #[arg(long)]
        at: Option<String>,
        /// Moves aside what is there.
        #[arg(long)]
        force: bool,
        /// The database was brought back by other means: only does what must follow that.
        #[arg(long, conflicts_with_all = ["dir", "at", "force"])]
        recovered: bool,
    },
    /// The keys that seal what rests in the database.
    Vault {
        #[command(subcommand)]
        what: Keys,
    },
    /// Looks at everything this installation stands on; ends with 1 when something is broken.
    Doctor {
        /// One JSON array instead of lines for people.
        #[arg(long)]
        json: bool,
    },
    /// Asks the process that runs with this configuration whether it is there: for containers.
    Healthcheck {
        /// Whether it could acknowledge a message, too.
        #[arg(long)]
        ready: bool,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Prints the schema of events.
    Events,
    /// Platform staff.
    Operator {
        #[command(subcommand)]
        what: Staff,
    },
    /// Businesses.
    Tenant {
        #[command(subcommand)]
        what: Business,
    },
    /// Probes a running system with two tenants: whether either can see anything of the other.
    VerifyIsolation(Box<isolation::VerifyIsolation>),
    /// Looks at the configuration.
    Config {
        #[command(subcommand)]
        what: Look,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Seals everything anew with the first key of auth.vault, beside a server that runs.
    Rotate,
    /// Says which keys are in use and which may be taken out.
    Status,
}

#[derive(Subcommand)]
enum Staff {
    /// Makes an operator; asks for the password on standard input.
    Create {
        /// Address to log in with.
        email: String,
        /// Name shown in the audit trail.
        #[arg(long, default_value = "Operator")]
        name: String,
    },
}

#[derive(Subcommand)]
enum Business {
    /// Makes a tenant and mails its owner an invitation.
    Create {
        /// Name of the business.
        name: String,
        /// Address of its owner.
        #[arg(long)]
        owner: String,
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
        Command::Demo(demo) => demo::run(demo, cli.config.as_deref()).await,
        Command::Serve { roles } => serve(load()?.with_roles(roles)).await,
        Command::Migrate { dry_run, rehearse } => {
            let go = if dry_run {
                Go::Say
            } else if rehearse {
                Go::Try
            } else {
                Go::Do
            };
            print(&schema::migrate(&load()?, go).await?)
        }
        Command::Backup { dir, without_files } => print(&backup::run(&load()?, &dir, without_files).await?),
        Command::Restore { dir: Some(dir), at, force, .. } => {
            print(&restore::run(&load()?, &dir, &Wanted { at: at.as_deref(), force }).await?)
        }
        Command::Restore { dir: None, .. } => print(&restore::recovered(&load()?).await?),
        Command::Vault { what: Keys::Rotate } => print(&vault::rotate(&load()?).await?),
        Command::Vault { what: Keys::Status } => print(&vault::status(&load()?).await?),
        Command::Doctor { json } => doctor::run(load(), json).await,
        Command::Healthcheck { ready } => healthcheck::run(&load()?, ready).await,
        Command::Openapi => print(&api::openapi::document().to_pretty_json()?),
        Command::Events => print(&api::openapi::events()?),
        Command::Operator { what: Staff::Create { email, name } } => create_operator(&load()?, &email, &name).await,
        Command::Tenant { what: Business::Create { name, owner } } => create_tenant(&load()?, &name, &owner).await,
        Command::VerifyIsolation(asked) => isolation::run(*asked).await,
        Command::Config { what: Look::Print } => print(config::DEFAULTS),
        Command::Config { what: Look::Check } => load()?.check(),
    }
}

async fn create_operator(config: &Config, email: &str, name: &str) -> Result<()> {
    eprintln!("Password for {email}, at least 12 characters:");
    let mut password = String::new();
    std::io::stdin().read_line(&mut password)?;
    let ctx = parts::standalone(config).await?;
    operator::create(&ctx, email, name, password.trim_end_matches(['\r', '\n'])).await.map_err(parts::plain)?;
    print(&format!("Operator {email} can log in at the operator console."))
}

async fn create_tenant(config: &Config, name: &str, owner: &str) -> Result<()> {
    let ctx = parts::standalone(config).await?;
    let tenant = operator::create_tenant(&ctx, By::CommandLine, name, owner).await.map_err(parts::plain)?;
    print(&format!("Tenant {} is made; an invitation goes to {owner} as soon as a server runs.", tenant.id))
}

async fn serve(config: Config) -> Result<()> {
    let observing = observe::start(&config, &config.roles().to_string())?;
    let running = running::start(config, Clock::System).await?;
    let public = running.public.map(|address| address.to_string()).unwrap_or_default();
    tracing::info!(roles = %running.roles, public, operator = %running.operator, "porchlight serves");
    let ended = stop::until_asked(running).await;
    observing.flush().await;
    ended
}

fn print(text: &str) -> Result<()> {
    println!("{text}");
    Ok(())
}
