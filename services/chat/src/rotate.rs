//! Sealing everything anew with the first key of the vault, while everything runs; and telling which keys are in use.
//!
//! Promises: safe to stop and to run again at any moment, since what is sealed with the first key already is passed by; a
//! row that somebody changes meanwhile keeps what they wrote; no unit is open while anything is opened or sealed.

use std::collections::BTreeMap;

use kernel::{AccountId, IdentityKeyId, OperatorId, Result};
use store::{Sealed, Walk};

use crate::Ctx;

const fn of(table: &'static str, column: &'static str, bound: fn(uuid::Uuid, &str) -> String) -> Sealed {
    Sealed { table, key: ("id", None), about: None, column, only: "", bound }
}

/// The sealed columns of these slices.
pub const SEALED: [Sealed; 5] = [
    of("account", "totp_secret", |id, _| AccountId::from_uuid(id).to_string()),
    of("account", "totp_pending", |id, _| AccountId::from_uuid(id).to_string()),
    of("operator", "totp_secret", |id, _| OperatorId::from_uuid(id).to_string()),
    of("operator", "totp_pending", |id, _| OperatorId::from_uuid(id).to_string()),
    // others are public keys
    Sealed {
        only: "algorithm = 'HS256'",
        ..of("identity_key", "key_text", |id, _| IdentityKeyId::from_uuid(id).to_string())
    },
];

/// What became of one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    /// Texts looked at.
    pub seen: u64,
    /// Sealed anew.
    pub renewed: u64,
    /// No key opens them; they stay as they are.
    pub unreadable: u64,
}

/// Seals a column anew.
pub async fn rotate(ctx: &Ctx, column: &Sealed) -> Result<Rotated> {
    let (mut walk, mut all) = (Walk::default(), Rotated::default());
    loop {
        let rows = column.next(ctx.db.platform(), &mut walk).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        all.seen += rows.len() as u64;
        let mut renewed = Vec::new();
        for row in rows {
            match ctx.vault.renew(&row.bound, &row.sealed) {
                Ok(Some(new)) => renewed.push((row, new)),
                Ok(None) => (),
                Err(_) => all.unreadable += 1,
            }
        }
        all.renewed += column.put(&ctx.db, &renewed).await?;
    }
}

/// How much a key is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// Texts that name it.
    pub all: u64,
    /// Of them, sealed with the key that seals now.
    pub current: u64,
    /// Of them, opened by no key.
    pub unreadable: u64,
}

/// How many texts of a column each key seals, by the key's name.
pub async fn keys_in_use(ctx: &Ctx, column: &Sealed) -> Result<BTreeMap<String, InUse>> {
    let (mut walk, mut all) = (Walk::default(), BTreeMap::<String, InUse>::new());
    loop {
        let rows = column.next(ctx.db.platform(), &mut walk).await?;
        if rows.is_empty() {
            return Ok(all);
        }
        for row in rows {
            let name = row.sealed.split_once('.').map_or("?", |(name, _)| name);
            let count = all.entry(name.to_owned()).or_default();
            count.all += 1;
            match ctx.vault.renew(&row.bound, &row.sealed) {
                Ok(None) => count.current += 1,
                Ok(Some(_)) => (),
                Err(_) => count.unreadable += 1,
            }
        }
    }
}
