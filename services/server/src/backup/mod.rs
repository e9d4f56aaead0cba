//! `porchlight backup`: the database and the files of one moment, beside a server that runs.

pub mod manifest;
pub mod objects;
pub mod shelf;

use std::path::Path;

use anyhow::{Context, Result};
use blobs::Blobs;
use chat::Vault;
use kernel::Clock;
use store::copies::{self, Programs};

use self::manifest::{BOUND, Canary, Manifest, Piece, WORD};
use self::shelf::{LIST, Shelf};
use crate::Config;
use crate::config::Backup;
use crate::parts::plain;

impl Backup {
    /// PostgreSQL's own programs.
    pub fn programs(&self) -> Programs {
        Programs { dump: self.pg_dump.clone(), restore: self.pg_restore.clone() }
    }
}

/// What the database is called in a backup.
pub fn piece_of(engine: &str) -> &'static str {
    if engine == "sqlite" { "database.sqlite" } else { "database.dump" }
}

/// Makes a backup in the folder and says what it did.
pub async fn run(config: &Config, dir: &Path, without_files: bool) -> Result<String> {
    let shelf = Shelf::make(dir)?;
    let _alone = shelf.lock()?;
    let started = Clock::System.now();
    let (name, folder) = shelf.begin(started)?;
    let mut said = Manifest::begin(started, canary(config)?);
    let piece = piece_of(copies::engine(&config.store));
    let copied = copies::copy(&config.store, &config.backup.programs(), &folder.join(piece)).await;
    let copied = copied.map_err(plain).context("the database cannot be copied")?;
    said.contents = copied.contents;
    said.pieces.push(Piece::of(&folder, piece)?);
    if !without_files {
        let blobs = Blobs::connect(&config.blobs).await.map_err(plain).context("blobs.url")?;
        let (list, objects) = objects::take(&blobs, &shelf, copied.objects).await?;
        shelf::write_list(&folder.join(LIST), &list)?;
        said.pieces.push(Piece::of(&folder, LIST)?);
        said.files = Some(objects);
    }
    said.finished = Clock::System.now();
    let text = told(&said, &name);
    said.write(&folder)?;
    let (pruned, swept) = shelf.prune(config.backup.keep)?;
    Ok(format!("{text}\n{pruned} older backups and {swept} objects of theirs were taken away."))
}

/// A word sealed with the key of today.
fn canary(config: &Config) -> Result<Canary> {
    let vault = vault(config)?;
    let keys = vault.names().into_iter().map(str::to_owned).collect();
    Ok(Canary { keys, sealed: vault.seal(BOUND, WORD).map_err(plain)? })
}

/// The keys as configured.
pub fn vault(config: &Config) -> Result<Vault> {
    let secrets = config.auth.secrets();
    Vault::with_old(&secrets.vault, &secrets.sign, &secrets.old_sign).map_err(plain)
}

fn told(said: &Manifest, name: &str) -> String {
    let rows: i64 = said.contents.rows.values().sum();
    let bytes: u64 = said.pieces.iter().map(|piece| piece.bytes).sum();
    let seconds = said.finished.since(said.started).as_secs_f64();
    let mut text = format!("Backup {name}: {rows} rows in {bytes} bytes");
    match &said.files {
        None => text.push_str(", without files"),
        Some(files) => {
            text.push_str(&format!(", {} objects of {} bytes, {} of them new", files.count, files.bytes, files.new));
            if !files.missing.is_empty() {
                let count = files.missing.len();
                text.push_str(&format!(
                    ".\n{count} objects that rows name are not in the store (erased meanwhile, or lost; the manifest has their names)"
                ));
            }
        }
    }
    format!("{text}; {seconds:.1} s.")
}
