//! Reading a piece: what it holds is kept message by message, sealed, under a name of whom it was written with.

use std::collections::BTreeSet;

use chat::Ctx;
use chat::inbox;
use kernel::wire::{Content as Shown, MediaState, WhatsAppItemState};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::alias::Alias;
use crate::payload::{self, Content, Inbound, Look, changes, thread_names};
use crate::tables::{delivery, import, item, message, number, past, word};
use crate::{address_book, inbound, ingest, media, receive, wamid};

/// Messages of one unit.
const AT_ONCE: usize = 250;

/// A message as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct Old {
    /// Names of whom it was written with.
    pub with: Vec<String>,
    /// Whether the business wrote it.
    pub own: bool,
    /// As it came.
    pub item: Value,
}

/// Which pieces came.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seen(BTreeSet<(i64, i64)>);

impl Seen {
    pub fn of(row: &import::Model) -> Result<Self> {
        serde_json::from_str(&row.seen).map_err(Error::internal)
    }

    /// Whether none is missing between the first and the last, as far as their numbers tell.
    pub fn has_all(&self) -> bool {
        let highest = self.0.iter().map(|(_, order)| *order).max().unwrap_or(0);
        i64::try_from(self.0.len()).unwrap_or(i64::MAX) >= highest
    }
}

/// Reads the piece of this line; it is done then.
pub async fn read(ctx: &Ctx, number: &number::Model, line: item::Model) -> Result<()> {
    let value = match delivery::find(ctx.db.platform(), line.delivery_id).await? {
        Some(row) => {
            let body = inbound::unseal(ctx, &row)?;
            let all = changes(&body).map_err(|_| Error::internal("a delivery that was JSON before"))?;
            ingest::whole(&all, line.nth)
        }
        None => None,
    };
    let Some(value) = value else { return done(ctx, number, line, None).await };
    if line.kind == "contacts" {
        address_book::write(ctx, number, &value).await?;
        return done(ctx, number, line, None).await;
    }
    let (early, late) = (threads(ctx, number, &value)?, late(&value));
    let whose = past::Whose { tenant: number.tenant_id, number: number.id };
    for some in early.chunks(AT_ONCE) {
        let (unit, now) = (ctx.db.write(number.tenant_id).await?, ctx.clock().now());
        let mut row = import::lock(unit.conn(), number.tenant_id, number.id, now).await?;
        let added = past::add(unit.conn(), whose, some, now).await?;
        row.messages += i64::try_from(added).unwrap_or(0);
        import::save(unit.conn(), &row).await?;
        unit.commit().await?;
    }
    for item in late {
        announced(ctx, number, &item).await?;
    }
    done(ctx, number, line, Some(&value)).await
}

/// The line is done, and the phone has come this far.
async fn done(ctx: &Ctx, number: &number::Model, line: item::Model, value: Option<&Value>) -> Result<()> {
    let (unit, now) = (ctx.db.write(number.tenant_id).await?, ctx.clock().now());
    if let Some(value) = value {
        let mut row = import::lock(unit.conn(), number.tenant_id, number.id, now).await?;
        let mut seen = Seen::of(&row)?;
        for piece in value.list("history") {
            let told = piece.at("metadata");
            let progress = told.number("progress").unwrap_or(0).clamp(0, 100);
            row.progress = row.progress.max(i32::try_from(progress).unwrap_or(0));
            if let Some(order) = told.number("chunk_order") {
                seen.0.insert((told.number("phase").unwrap_or(0), order));
            }
        }
        row.seen = serde_json::to_string(&seen).map_err(Error::internal)?;
        row.updated_at = now;
        import::save(unit.conn(), &row).await?;
    }
    let line = item::Model { state: word(WhatsAppItemState::Done)?, error: None, ..line };
    item::put(unit.conn(), &[line]).await?;
    unit.commit().await.map(|_| ())
}

/// Every message of every thread, as it is kept.
fn threads(ctx: &Ctx, number: &number::Model, value: &Value) -> Result<Vec<past::Row>> {
    let mut rows = Vec::new();
    for thread in value.list("history").iter().flat_map(|piece| piece.list("threads")) {
        let with = thread_names(thread);
        for item in thread.list("messages") {
            rows.extend(row(ctx, number, &with, item)?);
        }
    }
    Ok(rows)
}

/// Files that were announced in an earlier piece.
fn late(value: &Value) -> Vec<Value> {
    [value.list("messages"), value.list("message_echoes")].concat()
}

fn row(ctx: &Ctx, number: &number::Model, with: &[Alias], item: &Value) -> Result<Option<past::Row>> {
    let Some(read) = payload::message(item) else { return Ok(None) };
    let own = is_own(number, with, &read);
    let mut names = if with.is_empty() { other(&read, own).to_vec() } else { with.to_vec() };
    names.sort();
    let (Some(first), Some(at)) = (names.first(), read.at) else { return Ok(None) };
    let hash = wamid::hash(&read.id);
    let person = format!("{}:{}", first.kind(), first.value());
    let with = names.iter().map(|name| name.value().to_owned()).collect();
    let old = serde_json::to_string(&Old { with, own, item: item.clone() }).map_err(Error::internal)?;
    let body = ctx.vault.seal(&sealed_for(&hash), &old)?;
    Ok(Some(past::Row { hash, person, body, at }))
}

/// What a message of the past is sealed for.
pub fn sealed_for(hash: &str) -> String {
    format!("{hash} past")
}

/// Whether the business wrote it: its own number says so, or else that it is not from the other one.
fn is_own(number: &number::Model, with: &[Alias], read: &Inbound) -> bool {
    let ours = Alias::of(&number.display);
    let is_ours = |names: &[Alias]| ours.as_ref().is_some_and(|ours| names.contains(ours));
    match (is_ours(&read.from), is_ours(&read.to)) {
        (true, _) => true,
        (false, true) => false,
        (false, false) => !read.from.is_empty() && !read.from.iter().any(|name| with.contains(name)),
    }
}

/// The other side of a message.
fn other(read: &Inbound, own: bool) -> &[Alias] {
    if own { &read.to } else { &read.from }
}

/// A file that was announced: its message is in the inbox already, or still waits.
async fn announced(ctx: &Ctx, number: &number::Model, item: &Value) -> Result<()> {
    let Some(read) = payload::message(item) else { return Ok(()) };
    let Content::Media(file) = &read.content else { return Ok(()) };
    let mut unit = ctx.db.write(number.tenant_id).await?;
    let known = message::find(unit.conn(), number.id, &wamid::hash(&read.id)).await?;
    match known.and_then(|row| row.conversation_id.zip(row.seq)) {
        Some((conversation, seq)) => {
            let shown = receive::shown(&read.content, item, &read.problems)?;
            let is_coming = matches!(&shown.content, Some(Shown::Media { state: MediaState::Coming, .. }));
            let before = inbox::amend(&mut unit, number.tenant_id, conversation, seq, ctx.clock().now(), |message| {
                let extra = message.extra.get_or_insert_default();
                if is_missing(extra.content.as_ref()) {
                    extra.content = shown.content;
                    message.body = shown.body.as_str().to_owned();
                }
            });
            if before.await?.is_some() && is_coming {
                media::fetch_later(&mut unit, number, conversation, seq, file);
            }
        }
        None => {
            let whose = past::Whose { tenant: number.tenant_id, number: number.id };
            let rows: Vec<_> = row(ctx, number, &[], item)?.into_iter().collect();
            past::replace(unit.conn(), whose, &rows, ctx.clock().now()).await?;
        }
    }
    unit.commit().await.map(|_| ())
}

fn is_missing(content: Option<&Shown>) -> bool {
    matches!(content, Some(Shown::Media { state: MediaState::Missing, .. }))
}
