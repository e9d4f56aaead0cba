//! `porchlight restore`: looks at everything before it touches anything, then brings the database and the files back.

use std::path::Path;

use anyhow::{Context, Result, bail};
use blobs::Blobs;
use kernel::{Clock, Timestamp};
use migration::{RELEASE, Release};
use store::copies::{self, Restoring, Settled};
use store::{Conn, Db};

use crate::Config;
use crate::backup::manifest::{BOUND, Manifest, WORD};
use crate::backup::shelf::{LIST, List, Shelf, read_list};
use crate::backup::{objects, piece_of, vault};
use crate::parts::{self, plain};

/// Which backup, and whether what is there may be moved aside.
pub struct Wanted<'a> {
    /// Of which moment.
    pub at: Option<&'a str>,
    /// Whether there may be something.
    pub force: bool,
}

/// Restores and says what it did.
pub async fn run(config: &Config, dir: &Path, wanted: &Wanted<'_>) -> Result<String> {
    let shelf = Shelf::open(dir)?;
    let _alone = shelf.lock()?;
    let name = shelf.choose(wanted.at)?;
    let folder = shelf.folder(&name);
    let said = Manifest::read(&folder)?;
    let list = checked(config, &shelf, &folder, &said)?;
    let is_empty = copies::is_empty(&config.store).await.map_err(plain).context("the database cannot be opened")?;
    if !is_empty && !wanted.force {
        bail!("store.url names a database that is not empty; with --force it is moved aside, not deleted");
    }
    let mut text = format!("Backup {name}: every piece is as it was written.\n");
    if said.files.is_some() {
        let blobs = Blobs::connect(&config.blobs).await.map_err(plain).context("blobs.url")?;
        let (put, there) = objects::give(&blobs, &shelf, &list).await?;
        text.push_str(&format!("{put} objects were put back, {there} were there already.\n"));
    }
    text.push_str(&database(config, &said, &folder, &name).await?);
    Ok(text)
}

/// Refuses what is damaged, belongs to another engine or program, or to keys we do not have.
fn checked(config: &Config, shelf: &Shelf, folder: &Path, said: &Manifest) -> Result<List> {
    let engine = copies::engine(&config.store);
    if said.contents.engine != engine {
        bail!("this backup is of {}, and store.url names {engine}", said.contents.engine);
    }
    let theirs = Release { number: said.contents.release, oldest: said.contents.oldest };
    migration::judge(Some(theirs), RELEASE).map_err(anyhow::Error::msg)?;
    let opened = vault(config)?.open(BOUND, &said.vault.sealed);
    if !opened.is_ok_and(|word| word.reveal() == WORD) {
        bail!(
            "no key of auth.vault and no secret of auth opens what this backup sealed (its keys were called {}): \
             give the keys of that time first, or second factors and access tokens are lost",
            said.vault.keys.join(", ")
        );
    }
    said.check_pieces(folder)?;
    let list = read_list(&folder.join(LIST))?;
    objects::check_all(shelf, &list)?;
    Ok(list)
}

async fn database(config: &Config, said: &Manifest, folder: &Path, name: &str) -> Result<String> {
    parts::prepare_folder(&config.store.url)?;
    if copies::engine(&config.store) == "postgres" {
        let conn = Db::connect(&config.store).await.map_err(plain)?;
        migration::roles(&conn).await?;
        conn.close().await?;
    }
    let piece = folder.join(piece_of(&said.contents.engine));
    let restoring = copies::restore(&config.store, &config.backup.programs(), &piece, name).await;
    let restoring = restoring.map_err(plain).context("the database cannot be restored")?;
    match settled(config, said, &restoring).await {
        Ok(text) => {
            let aside = restoring.aside.clone();
            restoring.finish().await.map_err(plain)?;
            let moved = aside.map_or_else(String::new, |aside| format!("What was there before is now {aside}.\n"));
            Ok(format!("{moved}{text}"))
        }
        Err(error) => {
            restoring.undo().await.map_err(plain)?;
            Err(error)
        }
    }
}

async fn settled(config: &Config, said: &Manifest, restoring: &Restoring) -> Result<String> {
    let conn = restoring.connect(&config.store).await.map_err(plain)?;
    let done = async {
        copies::as_platform(&conn).await.map_err(plain)?;
        let found = copies::look(&conn).await.map_err(plain)?;
        if found != said.contents {
            bail!("the restored database does not hold what the backup says: {found:?} instead of {:?}", said.contents);
        }
        settle(&conn, Clock::System.now()).await
    }
    .await;
    conn.close().await?;
    done
}

/// For a database that came back by other means: an archive of its log, a snapshot of its disk.
pub async fn recovered(config: &Config) -> Result<String> {
    let conn = Db::connect(&config.store).await.map_err(plain).context("the database cannot be opened")?;
    let done = async {
        copies::as_platform(&conn).await.map_err(plain)?;
        settle(&conn, Clock::System.now()).await
    }
    .await;
    conn.close().await?;
    done
}

/// Begins another life, in which nothing is done twice.
async fn settle(conn: &impl Conn, now: Timestamp) -> Result<String> {
    let Settled { before, after, leases } = copies::settle(conn).await.map_err(plain)?;
    let product = chat::operator::settle_restored(conn, now).await.map_err(plain)?;
    let channel = whatsapp::restored::settle_restored(conn, now).await.map_err(plain)?;
    let epochs = |places: &[copies::Place]| places.first().map_or(0, |place| place.epoch);
    Ok(format!(
        "Epochs of {} shards changed (the first from {} to {}): every client loads anew.\n\
         {} sessions of people and operators ended: they log in again. Visitors stay who they are.\n\
         {} WhatsApp messages that waited may have been sent: they are shown as unknown and not sent by themselves.\n\
         {} letters that waited are dead letters now; {leases} jobs begin anew.\n\
         Everything up to the moment of the backup is here. What was erased after it is here again: erase it again.",
        after.len(),
        epochs(&before),
        epochs(&after),
        product.sessions,
        channel.unknown,
        product.letters + channel.letters,
    ))
}
