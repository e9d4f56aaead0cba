//! Builds the parts from the configuration.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use blobs::Blobs;
use chat::files::Files;
use chat::{Ctx, Site};
use inspect::Inspector;
use kernel::Clock;
use net::Net;
use net::scan::Scanner;
use store::Db;

use crate::Config;

/// Migrates and opens the database, and puts the product's handle together.
pub async fn context(config: &Config, site: Site, clock: Clock) -> Result<Ctx> {
    let net = Net::new(&config.net)?;
    let db = database(config, clock).await?;
    if config.auth.secret.reveal().is_empty() {
        bail!("auth.secret is not set: give it the output of `openssl rand -hex 32`");
    }
    let files = files(config, db.clock().clone()).await?;
    Ctx::new(db, net, files, site, &config.auth.secrets()).map_err(plain)
}

/// Opens the place where bytes are kept. A folder must be there; an S3 store that is away keeps nobody from writing text.
pub async fn files(config: &Config, clock: Clock) -> Result<Files> {
    let host = config.files.origin().context("files.url")?;
    let blobs = Blobs::connect(&config.blobs).await.map_err(plain).context("blobs.url: files cannot be kept there")?;
    look(&blobs, config).await?;
    let program = match config.files.inspector.as_str() {
        "" => std::env::current_exe().context("the program's own file cannot be found")?,
        path => PathBuf::from(path),
    };
    let scan = config.files.scanner();
    scan.check().map_err(anyhow::Error::msg).context("files.scan")?;
    let ceilings = config.files.ceilings();
    let inspector = Inspector::new(program, ceilings.checks_at_once);
    let scanner = Scanner::new(&scan).map(|scanner| scanner.by(clock));
    Ok(Files::new(blobs, inspector, scanner, host, ceilings))
}

/// Writes to the place where bytes are kept. A folder that refuses is said at once; an S3 store is asked beside the
/// start, which it may not hold up.
async fn look(blobs: &Blobs, config: &Config) -> Result<()> {
    if config.blobs.url.reveal().starts_with("folder://") {
        return blobs.check().await.map_err(plain).context("blobs.url: the folder cannot be written to");
    }
    let blobs = blobs.clone();
    tokio::spawn(async move {
        if let Err(error) = blobs.check().await {
            tracing::warn!(?error, "files cannot be stored or read just now; text is not held up");
        }
    });
    Ok(())
}

/// The product's handle for a command that serves nobody.
pub async fn standalone(config: &Config) -> Result<Ctx> {
    let address =
        |text: &str| text.parse().with_context(|| format!("{text:?} is not an address such as 127.0.0.1:8080"));
    let public = config.public.origin(address(&config.public.listen)?)?;
    let operator = config.operator.origin(address(&config.operator.listen)?)?;
    context(config, Site { public, operator }, Clock::System).await
}

/// Migrates and opens the database.
pub async fn database(config: &Config, clock: Clock) -> Result<Db> {
    prepare_folder(&config.store.url)?;
    let conn = Db::connect(&config.store).await.map_err(plain).context("the database cannot be opened")?;
    if config.store.migrate_on_start {
        migration::migrate(&conn).await.context("the database cannot be migrated")?;
    }
    let missing = migration::pending(&conn).await.context("the database's schema cannot be used")?;
    if !missing.is_empty() {
        bail!(
            "the schema lacks {} changes: run `porchlight migrate`, or set store.migrate_on_start = true",
            missing.len()
        );
    }
    Db::open(&config.store, clock).await.map_err(plain)
}

/// A refusal as one line for the terminal, with its cause.
pub fn plain(error: kernel::Error) -> anyhow::Error {
    match error.cause() {
        Some(cause) => anyhow::anyhow!("{} ({cause})", error.detail()),
        None => anyhow::anyhow!("{}", error.detail()),
    }
}

/// Makes the folder of a SQLite file; one that cannot be written is one clear line.
pub(crate) fn prepare_folder(url: &str) -> Result<()> {
    let Some(path) = url.strip_prefix("sqlite://") else { return Ok(()) };
    let path = Path::new(path.split('?').next().unwrap_or(path));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let probe = folder.join(".porchlight-probe");
    std::fs::write(&probe, b"").with_context(|| format!("the folder {} cannot be written to", folder.display()))?;
    std::fs::remove_file(&probe).with_context(|| format!("the folder {} cannot be written to", folder.display()))
}
