//! What a backup says of itself. Written last and in one go: a folder without it is half a backup, whatever is in it.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::copies::Contents;

/// The file.
pub const NAME: &str = "manifest.json";
/// How manifests are written by this program.
const FORMAT: u32 = 1;

/// A backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// How it is written.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// When it was begun; the database is of a moment soon after.
    pub started: Timestamp,
    /// When everything was there.
    pub finished: Timestamp,
    /// What the database holds.
    pub contents: Contents,
    /// The files beside this one.
    pub pieces: Vec<Piece>,
    /// The objects of people's files; none when they were left out.
    pub files: Option<Objects>,
    /// Says without the key whether a key is the right one.
    pub vault: Canary,
    /// SHA-256 of all this with nothing here.
    pub sha256: String,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Its name in the folder.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// Its hash.
    pub sha256: String,
}

/// Objects of a backup; the piece `objects.list` has a line for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objects {
    /// How many.
    pub count: u64,
    /// Bytes of all.
    pub bytes: u64,
    /// How many were copied now; the others were there.
    pub new: u64,
    /// Rows named them and the store had them no more.
    pub missing: Vec<String>,
}

/// A known word, sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// Names of the keys there were.
    pub keys: Vec<String>,
    /// The word.
    pub sealed: String,
}

/// Whatever is sealed about a backup is bound to this.
pub const BOUND: &str = "a backup";
/// The word.
pub const WORD: &str = "porchlight";

impl Manifest {
    /// With what is the same in all of them.
    pub fn begin(started: Timestamp, vault: Canary) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let (contents, sha256) = (Contents::default(), String::new());
        Self {
            format: FORMAT,
            program,
            started,
            finished: started,
            contents,
            pieces: Vec::new(),
            files: None,
            vault,
            sha256,
        }
    }

    /// Writes it, which makes the folder a backup.
    pub fn write(mut self, folder: &Path) -> Result<()> {
        self.sha256 = self.hash()?;
        let draft = folder.join("manifest.draft");
        let mut file = File::create(&draft)?;
        file.write_all(&serde_json::to_vec_pretty(&self)?)?;
        file.sync_all()?;
        fs::rename(draft, folder.join(NAME))?;
        Ok(File::open(folder)?.sync_all()?)
    }

    /// Reads it and believes nothing of it that its own hash does not vouch for.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let shown = path.display();
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{shown} cannot be read: this backup was never finished, or is none"))?;
        let read: Self = serde_json::from_str(&text).with_context(|| format!("{shown} is damaged"))?;
        if read.format != FORMAT {
            bail!(
                "{shown} has format {}, this program knows format {FORMAT}: use the program it was made with",
                read.format
            );
        }
        if read.hash()? != read.sha256 {
            bail!("{shown} is damaged: its hash is another one");
        }
        Ok(read)
    }

    fn hash(&self) -> Result<String> {
        let bare = Self { sha256: String::new(), ..self.clone() };
        Ok(HEXLOWER.encode(&Sha256::digest(serde_json::to_vec(&bare)?)))
    }

    /// Looks at every piece.
    pub fn check_pieces(&self, folder: &Path) -> Result<()> {
        for piece in &self.pieces {
            let path = folder.join(&piece.name);
            check(&path, piece.bytes, &piece.sha256)?;
        }
        Ok(())
    }
}

impl Piece {
    /// A file as it is.
    pub fn of(folder: &Path, name: &str) -> Result<Self> {
        let (bytes, sha256) = hash(&folder.join(name))?;
        Ok(Self { name: name.to_owned(), bytes, sha256 })
    }
}

/// Refuses a file that is missing, longer, shorter or different.
pub fn check(path: &Path, bytes: u64, sha256: &str) -> Result<()> {
    let shown = path.display();
    let (length, found) = hash(path).with_context(|| format!("{shown} is missing or cannot be read"))?;
    if length != bytes || found != sha256 {
        bail!("{shown} is damaged: it has {length} bytes with the hash {found}, and should have {bytes} with {sha256}");
    }
    Ok(())
}

fn hash(path: &Path) -> Result<(u64, String)> {
    let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok((bytes, HEXLOWER.encode(&hash.finalize()))),
            read => {
                bytes += read as u64;
                hash.update(&piece[..read]);
            }
        }
    }
}
