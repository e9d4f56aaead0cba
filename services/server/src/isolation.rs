//! `porchlight verify-isolation`: the witness of `services/isolation` from the command line. It needs no configuration:
//! it meets the running system at its addresses, as anybody does.

use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use isolation::{GivenSide, Letters, LogIn, MetaAccount, Options, Report, Staff, Tenants};
use serde::Deserialize;

/// What the command may be told.
#[derive(clap::Args)]
pub struct VerifyIsolation {
    /// Address of the public listener, such as https://chat.example.com
    #[arg(long)]
    public: String,
    /// Address of the operators' listener.
    #[arg(long)]
    operator: Option<String>,
    /// Origin browsers know the public listener by, when it is not its address.
    #[arg(long, value_name = "ORIGIN")]
    public_origin: Option<String>,
    /// The same of the operators' listener.
    #[arg(long, value_name = "ORIGIN")]
    operator_origin: Option<String>,
    /// An operator who makes the two tenants and deletes them afterwards.
    #[arg(long, value_name = "EMAIL")]
    operator_email: Option<String>,
    /// Their password; better in the environment.
    #[arg(long, env = "PORCHLIGHT_OPERATOR_PASSWORD", hide_env_values = true)]
    operator_password: Option<String>,
    /// Makes two throw-away tenants.
    #[arg(long, conflicts_with_all = ["tenants", "a_email", "b_email"])]
    make_tenants: bool,
    /// The folder letters are written to (mail.url = folder://…). Without it links are asked for on standard input.
    #[arg(long, value_name = "DIR")]
    letters: Option<PathBuf>,
    /// An address that gets the letters to made tenants; name+word@host must reach it too.
    #[arg(long, value_name = "EMAIL")]
    mailbox: Option<String>,
    /// A file with log-ins of two tenants that were made for this (docs/operate/isolation.md).
    #[arg(long, value_name = "FILE")]
    tenants: Option<PathBuf>,
    /// Owner of the first tenant, when only owners are given.
    #[arg(long, value_name = "EMAIL", requires = "b_email")]
    a_email: Option<String>,
    /// Their password.
    #[arg(long, env = "PORCHLIGHT_A_PASSWORD", hide_env_values = true)]
    a_password: Option<String>,
    /// Owner of the second tenant.
    #[arg(long, value_name = "EMAIL", requires = "a_email")]
    b_email: Option<String>,
    /// Their password.
    #[arg(long, env = "PORCHLIGHT_B_PASSWORD", hide_env_values = true)]
    b_password: Option<String>,
    /// A file with a WhatsApp account to connect to the first tenant: meta_app_id, app_secret, waba_id, token.
    #[arg(long, value_name = "FILE")]
    whatsapp: Option<PathBuf>,
    /// Leaves out routes whose path begins so, and says so in the report.
    #[arg(long, value_name = "PATH")]
    without: Vec<String>,
    /// Randomised probes after the systematic ones.
    #[arg(long, default_value_t = 10_000)]
    probes: u64,
    /// What they are chosen by; a random one unless told.
    #[arg(long)]
    seed: Option<u64>,
    /// The first of them, to go on where a run stopped.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Most requests in a second; 0 is no limit.
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// Requests at once.
    #[arg(long, default_value_t = 8)]
    at_once: usize,
    /// PEM file of certificate authorities trusted beside the machine's own.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// A postgres:// URL whose row-level security is looked at.
    #[arg(long, value_name = "URL", env = "PORCHLIGHT_ISOLATION_STORE", hide_env_values = true)]
    store: Option<String>,
    /// Folder for the report.
    #[arg(long, value_name = "DIR", default_value = ".")]
    report: PathBuf,
    /// Prints the report as JSON.
    #[arg(long)]
    json: bool,
    /// Keeps the tenants it made.
    #[arg(long)]
    keep: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    a: GivenSide,
    b: GivenSide,
}

/// Runs it and ends the process: 0 nothing leaked, 1 something did, 2 not everything was covered.
pub async fn run(asked: VerifyIsolation) -> Result<()> {
    let (folder, as_json) = (asked.report.clone(), asked.json);
    let options = options(asked)?;
    let report = isolation::verify(options, &|line| eprintln!("{line}")).await?;
    let (html, json) = report.write(&folder)?;
    tell(&report, as_json)?;
    eprintln!("{}\n{}", html.display(), json.display());
    std::process::exit(i32::from(report.exit()))
}

fn tell(report: &Report, as_json: bool) -> Result<()> {
    let text = if as_json { report.json()? } else { report.summary() };
    println!("{text}");
    Ok(std::io::stdout().flush()?)
}

fn options(asked: VerifyIsolation) -> Result<Options> {
    let staff = match (&asked.operator_email, &asked.operator_password) {
        (Some(email), Some(password)) => Some(Staff { email: email.clone(), password: password.clone() }),
        (Some(_), None) => bail!("the operator's password is missing: set PORCHLIGHT_OPERATOR_PASSWORD"),
        _ => None,
    };
    let whatsapp: Option<MetaAccount> = asked.whatsapp.as_deref().map(read).transpose()?;
    let seed = match asked.seed {
        Some(seed) => seed,
        None => fresh()?,
    };
    Ok(Options {
        tenants: tenants(&asked)?,
        public: asked.public,
        operator: asked.operator,
        public_origin: asked.public_origin,
        operator_origin: asked.operator_origin,
        staff,
        whatsapp: (whatsapp, None),
        without: asked.without,
        probes: asked.probes,
        from: asked.from,
        seed,
        rate: asked.rate,
        at_once: asked.at_once,
        ca: asked.ca,
        store: asked.store,
        keep: asked.keep,
    })
}

fn tenants(asked: &VerifyIsolation) -> Result<Tenants> {
    if asked.make_tenants {
        let letters = asked.letters.clone().map_or(Letters::Asked(link_of), Letters::Folder);
        return Ok(Tenants::Made { letters, mailbox: asked.mailbox.clone() });
    }
    if let Some(file) = &asked.tenants {
        let Given { a, b } = read(file)?;
        return Ok(Tenants::Given(Box::new(a), Box::new(b)));
    }
    let owner = |email: &Option<String>, password: &Option<String>| {
        let log_in = LogIn {
            email: email.clone().context("say --make-tenants, --tenants, or --a-email and --b-email")?,
            password: password
                .clone()
                .context("a password is missing: PORCHLIGHT_A_PASSWORD, PORCHLIGHT_B_PASSWORD")?,
        };
        anyhow::Ok(Box::new(GivenSide { people: [("owner".to_owned(), log_in)].into(), origin: None, widget: None }))
    };
    Ok(Tenants::Given(owner(&asked.a_email, &asked.a_password)?, owner(&asked.b_email, &asked.b_password)?))
}

/// Asks whoever reads the mail.
fn link_of(email: &str) -> Result<String> {
    eprintln!("An invitation went to {email}. Paste its link:");
    let mut link = String::new();
    std::io::stdin().lock().read_line(&mut link)?;
    Ok(link.trim().to_owned())
}

fn read<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} does not fit", file.display()))
}

fn fresh() -> Result<u64> {
    let token = kernel::random_token("");
    Ok(token.bytes().fold(0, |seed: u64, byte| seed.wrapping_mul(257).wrapping_add(u64::from(byte))))
}
