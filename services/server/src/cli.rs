//! The commands.

use std::path::PathBuf;

use anyhow::Result;
use chat::operator::{self, By};
use clap::{Parser, Subcommand};
use kernel::Clock;
use tracing_subscriber::EnvFilter;

use crate::{Config, Role, config, demo, isolation, parts, running, stop};

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
    Migrate,
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
        Command::Migrate => parts::database(&load()?, Clock::System).await.map(|_| ()),
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
    log(&config);
    let running = running::start(config, Clock::System).await?;
    let public = running.public.map(|address| address.to_string()).unwrap_or_default();
    tracing::info!(roles = %running.roles, public, operator = %running.operator, "porchlight serves");
    stop::until_asked(running).await
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
