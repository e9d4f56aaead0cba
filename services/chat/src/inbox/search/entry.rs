//! What is kept of a message and of a person to find them by.

use std::collections::BTreeSet;

use kernel::wire::Contact;
use kernel::{ConversationId, TenantId, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::tables::search::Entry;
use super::words::tokens;

/// Most different words of one message.
const MOST: usize = 600;
/// Low bits of a place in time; the rest are milliseconds.
const CHANCE: u32 = 20;

/// A message's entry; `None` when there is nothing to find it by.
pub fn of_message<'a>(
    tenant: TenantId,
    id: ConversationId,
    seq: i64,
    at: Timestamp,
    texts: impl IntoIterator<Item = &'a str>,
) -> Option<Entry> {
    let words = spelled(tenant, texts)?;
    Some(Entry { tenant, about: id.uuid(), seq, n: place(at, id.uuid(), seq), words })
}

/// A person's entry; `None` of somebody nobody knows anything of.
pub fn of_contact(tenant: TenantId, contact: &Contact) -> Option<Entry> {
    let phone = contact.phone.as_deref().map(|phone| phone.chars().filter(char::is_ascii_digit).collect::<String>());
    let texts = [&contact.name, &contact.email, &contact.phone, &phone].into_iter().filter_map(Option::as_deref);
    let words = spelled(tenant, texts)?;
    let about = contact.id.uuid();
    Some(Entry { tenant, about, seq: 0, n: place(contact.created_at, about, 0), words })
}

/// A word as it is kept: after the last five digits of its tenant's id. Two tenants may share them; whose an entry is
/// stands in it.
pub fn marked(tenant: TenantId, word: &str) -> String {
    let (_, low) = tenant.uuid().as_u64_pair();
    format!("{:05x}{word}", low & 0xf_ffff)
}

/// The first place at or after a time.
pub fn first_at(at: Timestamp) -> i64 {
    at.millis().saturating_mul(1 << CHANCE)
}

fn spelled<'a>(tenant: TenantId, texts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let words: BTreeSet<String> = texts.into_iter().flat_map(tokens).take(MOST * 4).collect();
    let words: Vec<_> = words.iter().take(MOST).map(|word| marked(tenant, word)).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Newest first is one number: the time, and a little that differs between what came in the same moment.
fn place(at: Timestamp, about: Uuid, seq: i64) -> i64 {
    let digest = Sha256::new().chain_update(about).chain_update(seq.to_be_bytes()).finalize();
    let chance = u32::from_be_bytes([0, digest[0], digest[1], digest[2]]) >> (24 - CHANCE);
    first_at(at).saturating_add(i64::from(chance))
}
