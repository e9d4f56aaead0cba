//! Writing what was kept into the inbox: person by person, in the order in which it was written.

use std::collections::HashMap;

use chat::Ctx;
use chat::contacts::{self, Told};
use chat::inbox::{self, Past};
use kernel::wire::{Contact, Content as Shown, Delivery, Extra, Failure, MediaKind, MediaState, Reaction, Side};
use kernel::{ContactId, ConversationId, Error, MessageId, Result, Timestamp};
use store::Unit;

use super::piece::{Old, sealed_for};
use crate::alias::Alias;
use crate::payload::{self, Content, Inbound, Look};
use crate::tables::{import, message, number, past};
use crate::{media, person, receive, wamid};

/// Messages of one unit.
const AT_ONCE: usize = 200;

/// Does some of it; `false` when nothing is left.
pub async fn some(ctx: &Ctx, number: &number::Model) -> Result<bool> {
    if let Some(stranger) = past::stranger(ctx.db.platform(), number.id).await? {
        meet(ctx, number, &stranger).await?;
        return Ok(true);
    }
    let Some(person) = past::somebody(ctx.db.platform(), number.id).await? else { return Ok(false) };
    part(ctx, number, &person).await.map(|()| true)
}

/// Finds the contact behind a name.
async fn meet(ctx: &Ctx, number: &number::Model, stranger: &str) -> Result<()> {
    let mut unit = ctx.db.write(number.tenant_id).await?;
    import::lock(unit.conn(), number.tenant_id, number.id, ctx.clock().now()).await?;
    let Some(row) = past::part(unit.conn(), number.id, stranger, 1).await?.pop() else { return Ok(()) };
    let old = open(ctx, &row)?;
    let with: Vec<Alias> = old.with.iter().filter_map(|name| Alias::of(name)).collect();
    let met = person::meet(ctx, &mut unit, number.tenant_id, &with).await?;
    let told = Told { name: None, phone: met.phone };
    let contact = contacts::noted(ctx, &mut unit, number.tenant_id, met.contact, &told).await?;
    past::found(unit.conn(), number.id, stranger, contact.id).await?;
    unit.commit().await.map(|_| ())
}

/// Writes the next messages with somebody. They are read and opened before anything is held.
async fn part(ctx: &Ctx, number: &number::Model, person: &str) -> Result<()> {
    let contact: ContactId = person.parse().map_err(|_| Error::internal("a person who is no contact"))?;
    let most = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
    let mut rows = past::part(ctx.db.platform(), number.id, person, most).await?;
    let is_last = rows.len() <= AT_ONCE;
    rows.truncate(AT_ONCE);
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
    let said = Said::read(ctx, &rows)?;
    let mut unit = ctx.db.write(number.tenant_id).await?;
    let now = ctx.clock().now();
    let mut row = import::lock(unit.conn(), number.tenant_id, number.id, now).await?;
    let still = past::part(unit.conn(), number.id, person, 1).await?;
    if still.first().is_none_or(|still| still.hash != first.hash) {
        // another worker was faster
        return Ok(());
    }
    let who = contacts::noted(ctx, &mut unit, number.tenant_id, contact, &Told::default()).await?;
    let conversation = thread(ctx, &unit, number, (contact, &who), first.at).await?;
    said.write(ctx, &mut unit, number, conversation).await?;
    past::remove(unit.conn(), number.id, last).await?;
    if is_last {
        inbox::end_past(ctx, &mut unit, number.tenant_id, conversation).await?;
        past::end(unit.conn(), number.id, contact).await?;
        row.people += 1;
    }
    row.updated_at = now;
    import::save(unit.conn(), &row).await?;
    unit.commit().await.map(|_| ())
}

/// The conversation somebody's past is written into.
async fn thread(
    ctx: &Ctx,
    unit: &Unit,
    number: &number::Model,
    (contact, who): (ContactId, &Contact),
    since: Timestamp,
) -> Result<ConversationId> {
    if let Some(begun) = past::thread(unit.conn(), number.id, contact).await? {
        return Ok(begun);
    }
    let begun = inbox::begin_past(ctx, unit, number.channel(), who, since).await?;
    let whose = past::Whose { tenant: number.tenant_id, number: number.id };
    past::begin(unit.conn(), whose, contact, begun).await?;
    Ok(begun)
}

fn open(ctx: &Ctx, row: &past::Row) -> Result<Old> {
    let words = ctx.vault.open(&sealed_for(&row.hash), &row.body)?;
    serde_json::from_str(words.reveal()).map_err(Error::internal)
}

/// One message, ready to be written.
struct Line {
    hash: String,
    wamid: String,
    past: Past,
    /// What it answers.
    quotes: Option<String>,
    file: Option<payload::Media>,
}

/// Some messages with one person.
#[derive(Default)]
struct Said {
    lines: Vec<Line>,
    /// Where each is among the lines.
    places: HashMap<String, usize>,
}

impl Said {
    fn read(ctx: &Ctx, rows: &[past::Row]) -> Result<Self> {
        let mut said = Self::default();
        for row in rows {
            let old = open(ctx, row)?;
            let Some(read) = payload::message(&old.item) else { continue };
            said.add(ctx, &row.hash, &old, &read, row.at)?;
        }
        Ok(said)
    }

    /// Adds a message, or does to an earlier one what it says of it.
    fn add(&mut self, ctx: &Ctx, hash: &str, old: &Old, read: &Inbound, at: Timestamp) -> Result<()> {
        match &read.content {
            Content::Reaction { target, emoji } => {
                let side = if old.own { Side::Agent } else { Side::Visitor };
                let sign = receive::sign(emoji.as_deref());
                self.change(target, |past| {
                    past.extra.reactions.retain(|other| other.side != side);
                    if !sign.is_empty() {
                        past.extra.reactions.push(Reaction { side, emoji: sign });
                    }
                });
            }
            Content::Edit { original, content } => {
                let body = receive::body(receive::words(content).unwrap_or_default())?;
                self.change(original, |past| (past.body, past.extra.edited_at) = (body, Some(at)));
            }
            Content::Revoke { original } => {
                let nothing = receive::body("")?;
                self.change(original, |past| {
                    past.body = nothing;
                    past.extra = Extra {
                        history: true,
                        revoked_at: Some(at),
                        delivery: past.extra.delivery,
                        ..Extra::default()
                    };
                });
            }
            _ => {
                let line = line(ctx, hash, old, read, at)?;
                self.places.insert(hash.to_owned(), self.lines.len());
                self.lines.push(line);
            }
        }
        Ok(())
    }

    fn change(&mut self, target: &str, change: impl FnOnce(&mut Past)) {
        let line = self.places.get(&wamid::hash(target)).and_then(|place| self.lines.get_mut(*place));
        if let Some(line) = line {
            change(&mut line.past);
        }
    }

    async fn write(
        mut self,
        ctx: &Ctx,
        unit: &mut Unit,
        number: &number::Model,
        conversation: ConversationId,
    ) -> Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        self.quote(unit, number, conversation).await?;
        let past = self.lines.iter().map(|line| line.past.clone()).collect();
        let first = inbox::add_past(ctx, unit, number.tenant_id, conversation, past).await?;
        let mut rows = Vec::with_capacity(self.lines.len());
        for (line, seq) in self.lines.into_iter().zip(first..) {
            if let Some(file) = line.file.filter(|_| line.past.extra.revoked_at.is_none()) {
                media::fetch_later(unit, number, conversation, seq, &file);
            }
            rows.push(message::Model {
                tenant_id: number.tenant_id,
                number_id: number.id,
                wamid: line.wamid,
                hash: line.hash,
                conversation_id: Some(conversation),
                seq: Some(seq),
                // what they wrote then is nothing a read receipt could name now
                way: if line.past.own { "echo" } else { "past" }.to_owned(),
                at: line.past.at,
            });
        }
        message::note_all(unit.conn(), &rows).await
    }

    /// Finds what messages answer: among these, or in what was written before.
    async fn quote(&mut self, unit: &Unit, number: &number::Model, here: ConversationId) -> Result<()> {
        for place in 0..self.lines.len() {
            let Some(quoted) = self.lines[place].quotes.take() else { continue };
            let hash = wamid::hash(&quoted);
            let found: Option<MessageId> = match self.places.get(&hash) {
                Some(other) => Some(self.lines[*other].past.id),
                None => {
                    let row = message::find(unit.conn(), number.id, &hash).await?;
                    match row.filter(|row| row.conversation_id == Some(here)).and_then(|row| row.seq) {
                        Some(seq) => inbox::message_at(unit, number.tenant_id, here, seq).await?,
                        None => None,
                    }
                }
            };
            let past = &mut self.lines[place].past;
            (past.reply_to, past.extra.quotes_unknown) = (found, found.is_none());
        }
        Ok(())
    }
}

fn line(ctx: &Ctx, hash: &str, old: &Old, read: &Inbound, at: Timestamp) -> Result<Line> {
    let shown = receive::shown(&read.content, &old.item, &read.problems)?;
    let reached = old.item.at("history_context").text("status");
    let (delivery, failure) = reach(reached);
    let extra = Extra {
        content: announced(&read.content).or(shown.content),
        delivery: old.own.then_some(delivery),
        failure: failure.filter(|_| old.own),
        phone_app: old.own,
        history: true,
        ..Extra::default()
    };
    let client_id = wamid::client_id(&read.id)?;
    let id = MessageId::new(ctx.clock());
    let past = Past { id, client_id, own: old.own, body: shown.body, reply_to: None, extra, at };
    let quotes = read.context.as_ref().and_then(|context| context.id.clone());
    Ok(Line { hash: hash.to_owned(), wamid: wamid::seal(ctx, &read.id)?, past, quotes, file: shown.media })
}

/// A file that is only announced: its message says so until, perhaps, it comes.
fn announced(content: &Content) -> Option<Shown> {
    let is_announced = matches!(content, Content::Other(kind) if kind == "media_placeholder");
    is_announced.then(|| Shown::Media {
        kind: MediaKind::Document,
        state: MediaState::Missing,
        name: None,
        reason: Some("no_id".to_owned()),
    })
}

/// How far a message of the business had come, in the phone's words.
fn reach(word: Option<&str>) -> (Delivery, Option<Failure>) {
    match word.map(str::to_ascii_uppercase).as_deref() {
        Some("READ" | "PLAYED") => (Delivery::Read, None),
        Some("DELIVERED") => (Delivery::Delivered, None),
        Some("ERROR") => {
            let text = "The phone could not send this message.".to_owned();
            (Delivery::Failed, Some(Failure { code: None, text, next: String::new(), unknown: false }))
        }
        _ => (Delivery::Sent, None),
    }
}
