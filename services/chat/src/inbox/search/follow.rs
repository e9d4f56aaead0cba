//! Keeps the search up to date: a follower of the stream, a moment behind it.
//!
//! What was said is found at most two seconds later; what was deleted, taken back or changed is out of the search in the
//! commit that says so ([`forget`]), and comes back from the stream with its new words. Entries are written with the
//! follower's place in one commit, so a crash neither loses nor doubles one.

use std::collections::HashMap;
use std::time::Duration;

use kernel::wire::{Contact, Extra, Message};
use kernel::{ConversationId, Result, TenantId, Timestamp};
use serde::Deserialize;
use store::{Followed, Unit, Whose};

use super::super::tables::search::{self, Entry, Key};
use super::entry;
use crate::Ctx;

/// The follower's name.
const NAME: &str = "search";
/// Events of a shard in one commit.
const MOST: i64 = 1_000;
/// How long words gather: one commit for many messages.
const GATHER: Duration = Duration::from_millis(500);
/// How long to wait after a fault, and how often to look without being told.
const LOOK: Duration = Duration::from_secs(5);

/// Follows the stream until dropped. Any number of processes may.
pub async fn follow(ctx: Ctx) {
    let ctx = Ctx { db: ctx.db.in_background(), ..ctx };
    let mut tail = ctx.db.tail();
    loop {
        if let Err(error) = catch_up(&ctx).await {
            tracing::warn!(%error, "the search is behind");
            tokio::time::sleep(LOOK).await;
            continue;
        }
        match tokio::time::timeout(LOOK, tail.recv()).await {
            Ok(None) => return,
            Ok(Some(_)) => tokio::time::sleep(GATHER).await,
            // another process may have left something behind
            Err(_) => (),
        }
        while tail.try_recv().is_ok() {}
    }
}

/// Takes in all that was said up to now.
pub async fn catch_up(ctx: &Ctx) -> Result<()> {
    while ctx.db.awaits_follower(NAME).await? {
        let unit = ctx.db.write(Whose::Platform).await?;
        let following = unit.follow(NAME, MOST).await?;
        take_in(&unit, &following.events).await?;
        unit.commit().await?;
        if following.events.is_empty() {
            // another process is busy with it
            return Ok(());
        }
    }
    Ok(())
}

/// Takes a message that changed out of the search, in the unit that changes it.
pub async fn forget(unit: &Unit, id: ConversationId, seq: i64) -> Result<()> {
    search::forget(unit.conn(), &[(id.uuid(), seq)]).await
}

/// Takes messages in that no event tells of, in the unit that writes them.
pub async fn take(unit: &Unit, tenant: TenantId, said: impl Iterator<Item = &Message>) -> Result<()> {
    let entry = |message: &Message| {
        let (id, at, words) = (message.conversation_id, message.created_at, message.body.as_str());
        entry::of_message(tenant, id, message.seq, at, [words])
    };
    search::put(unit.conn(), &mut said.filter_map(entry).collect::<Vec<_>>()).await
}

/// What an event says to the search; other events and members are passed over.
#[derive(Deserialize)]
struct Heard {
    #[serde(rename = "type")]
    kind: String,
    conversation_id: Option<ConversationId>,
    seq: Option<i64>,
    message: Option<Said>,
    contact: Option<Contact>,
    conversation: Option<Opened>,
}

#[derive(Deserialize)]
struct Said {
    body: String,
    #[serde(default)]
    files: Vec<Named>,
    extra: Option<Extra>,
    created_at: Timestamp,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Opened {
    contact: Contact,
}

/// Kinds of events that are read; all others are not even parsed.
const READ: [&str; 6] = [
    "message_posted",
    "message_changed",
    "contact_changed",
    "conversation_opened",
    "conversation_contact_changed",
    "conversation_deleted",
];

async fn take_in(unit: &Unit, events: &[Followed]) -> Result<()> {
    // the last word about each counts
    let mut news: HashMap<Key, Option<Entry>> = HashMap::new();
    for event in events.iter().filter(|event| is_read(&event.body)) {
        let Ok(heard) = serde_json::from_str::<Heard>(&event.body) else { continue };
        match (heard.kind.as_str(), heard.conversation_id) {
            ("conversation_deleted", Some(id)) => {
                news.retain(|(about, _), _| *about != id.uuid());
                search::forget_conversation(unit.conn(), event.tenant, id).await?;
            }
            _ => news.extend(of(event.tenant, &heard)),
        }
    }
    let gone: Vec<Key> = news.iter().filter(|(_, entry)| entry.is_none()).map(|(key, _)| *key).collect();
    search::forget(unit.conn(), &gone).await?;
    let mut entries: Vec<Entry> = news.into_values().flatten().collect();
    // two processes that write the same rows do so in the same order
    entries.sort_unstable_by_key(|entry| (entry.about, entry.seq));
    search::put(unit.conn(), &mut entries).await
}

fn is_read(body: &str) -> bool {
    let kind = body.strip_prefix(r#"{"type":""#).and_then(|rest| rest.split('"').next());
    kind.is_some_and(|kind| READ.contains(&kind))
}

fn of(tenant: TenantId, heard: &Heard) -> Option<(Key, Option<Entry>)> {
    let contact = heard.contact.as_ref().or(heard.conversation.as_ref().map(|opened| &opened.contact));
    if let Some(contact) = contact {
        return Some(((contact.id.uuid(), 0), entry::of_contact(tenant, contact)));
    }
    let (id, seq, said) = (heard.conversation_id?, heard.seq?, heard.message.as_ref()?);
    let is_gone = said.extra.as_ref().is_some_and(|extra| extra.revoked_at.is_some());
    let texts = std::iter::once(said.body.as_str()).chain(said.files.iter().map(|file| file.name.as_str()));
    let entry = entry::of_message(tenant, id, seq, said.created_at, texts).filter(|_| !is_gone);
    Some(((id.uuid(), seq), entry))
}
