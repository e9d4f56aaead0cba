//! `porchlight vault`: which keys seal what, and sealing everything anew with the first one.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use chat::{InUse, Rotated};
use store::Sealed;

use crate::parts::{self, plain};
use crate::{Config, backup};

fn columns() -> impl Iterator<Item = Sealed> {
    chat::SEALED.into_iter().chain(whatsapp::SEALED)
}

/// Seals everything anew, a few rows at a time, beside a server that runs.
pub async fn rotate(config: &Config) -> Result<String> {
    let ctx = parts::standalone(config).await?;
    let (mut text, mut unreadable) = (String::new(), 0);
    for column in columns() {
        let Rotated { seen, renewed, unreadable: lost } = chat::rotate(&ctx, &column).await.map_err(plain)?;
        unreadable += lost;
        if seen > 0 {
            text.push_str(&format!("{}.{}: {seen} sealed, {renewed} sealed anew\n", column.table, column.column));
        }
    }
    if unreadable > 0 {
        bail!(
            "{text}{unreadable} sealed texts are opened by no key: put the key they name back into auth.vault and run this again"
        );
    }
    let first = backup::vault(config)?.names().first().map(|name| (*name).to_owned()).unwrap_or_default();
    Ok(format!("{text}Everything is sealed with the key {first:?} now."))
}

/// Says which keys are in use, and which may be taken out.
pub async fn status(config: &Config) -> Result<String> {
    let ctx = parts::standalone(config).await?;
    let mut all = BTreeMap::<String, InUse>::new();
    for column in columns() {
        for (name, count) in chat::keys_in_use(&ctx, &column).await.map_err(plain)? {
            let sum = all.entry(name).or_default();
            sum.all += count.all;
            sum.current += count.current;
            sum.unreadable += count.unreadable;
        }
    }
    let names: Vec<String> = backup::vault(config)?.names().into_iter().map(str::to_owned).collect();
    let mut lines = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let InUse { all: count, current, .. } = all.remove(name).unwrap_or_default();
        let old = count - current;
        lines.push(match (place, count) {
            (0, _) if old > 0 => format!("{name}: seals; {count} texts, {old} of them by an older secret of the same name: run `porchlight vault rotate`"),
            (0, _) => format!("{name}: seals; {count} texts"),
            (_, 0) => format!("{name}: not in use; it may be taken out of auth.vault"),
            _ => format!("{name}: {count} texts still need it: run `porchlight vault rotate`"),
        });
    }
    for (name, count) in all {
        lines.push(format!("{name}: {} texts need it and it is NOT configured: put it back", count.all));
    }
    Ok(lines.join("\n"))
}
