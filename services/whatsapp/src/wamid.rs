//! Meta's ids of messages. They hold a phone number: rows are found by a hash, the id rests sealed and stands in no log.

use chat::Ctx;
use chat::inbox::ClientId;
use data_encoding::HEXLOWER;
use kernel::{Result, Secret};
use sha2::{Digest, Sha256};

/// What rows are found by: 64 hexadecimal digits.
pub fn hash(wamid: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(wamid.as_bytes()))
}

/// The id as it rests.
pub fn seal(ctx: &Ctx, wamid: &str) -> Result<String> {
    ctx.vault.seal(&hash(wamid), wamid)
}

/// The id, for Meta.
pub fn open(ctx: &Ctx, hash: &str, sealed: &str) -> Result<Secret<String>> {
    ctx.vault.open(hash, sealed)
}

/// What its message is called in the inbox.
pub fn client_id(wamid: &str) -> Result<ClientId> {
    ClientId::parse(&hash(wamid))
}
