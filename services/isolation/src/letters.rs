//! Invitations come by letter and in no other way, not even to this tool: it reads the folder a server without a mail
//! relay writes to, or asks somebody who got the letter.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use data_encoding::BASE64_MIME_PERMISSIVE;

/// Where letters arrive.
#[derive(Clone)]
pub enum Letters {
    /// In a folder, one file each.
    Folder(PathBuf),
    /// With a person, who gives the link in the letter to an address.
    Asked(fn(&str) -> Result<String>),
    /// Nowhere: nobody can be invited.
    Nowhere,
}

impl Letters {
    /// The token in the newest letter to somebody. Waits for it.
    pub async fn token(&self, email: &str) -> Result<String> {
        let link = match self {
            Self::Nowhere => bail!("{email} was invited, and nothing says where letters arrive"),
            Self::Asked(ask) => ask(email)?,
            Self::Folder(folder) => waited(folder, email).await?,
        };
        let rest = link.split("/accept/").nth(1).unwrap_or(&link);
        let token = rest.split(|c: char| c.is_whitespace() || "\"'<>)".contains(c)).next().unwrap_or_default();
        Ok(token.to_owned())
    }
}

async fn waited(folder: &Path, email: &str) -> Result<String> {
    for _ in 0..240 {
        if let Some(found) = found(folder, email) {
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    bail!("no letter to {email} came into {} within a minute", folder.display())
}

fn found(folder: &Path, email: &str) -> Option<String> {
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.sort();
    files.iter().rev().find_map(|file| accept(&std::fs::read_to_string(file).ok()?, email).ok())
}

/// What follows in a letter to this address, decoded.
fn accept(letter: &str, email: &str) -> Result<String> {
    let (head, body) = letter.split_once("\r\n\r\n").context("no head")?;
    let is_theirs = head.lines().any(|line| line.to_lowercase().starts_with("to:") && line.contains(email));
    let part = body.split("\r\n--").find(|part| part.contains("text/plain")).unwrap_or(body);
    let (head, text) = part.split_once("\r\n\r\n").unwrap_or(("", part));
    let text = match head.to_lowercase() {
        head if head.contains("base64") => String::from_utf8(BASE64_MIME_PERMISSIVE.decode(text.trim().as_bytes())?)?,
        head if head.contains("quoted-printable") => text.replace("=\r\n", "").replace("=3D", "="),
        _ => text.to_owned(),
    };
    if is_theirs && text.contains("/accept/") { Ok(text) } else { bail!("another letter") }
}
