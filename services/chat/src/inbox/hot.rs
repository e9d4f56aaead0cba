//! The hot path: messages and receipts of many callers in one commit.

use std::collections::{BTreeSet, HashMap};

use kernel::wire::{Author, AuthorKind, Content, Delivery, Extra, File, Message, Reach, Side, Status, Visibility};
use kernel::{
    Actor, AgentId, Audience, Clock, ConversationId, Error, Event, MessageId, Position, Result, Scope, TenantId,
    Timestamp,
};
use store::{Committer, Db, Gather, Unit};
use uuid::Uuid;

use super::leaving::{self, Leaving};
use super::message::NewMessage;
use super::tables::{hot, message};
use super::window;
use crate::files::{self, Place};

/// Lanes that gather messages and receipts.
pub struct HotPath(Committer<Inbox>);

impl HotPath {
    /// Starts the lanes: two, so that one fills while the other's commit is flushed. SQLite's one writer serves both.
    pub fn start(db: &Db) -> Self {
        Self(Committer::start(db, Inbox { db: db.clone() }, 2))
    }

    pub(super) async fn submit(&self, write: Write) -> Result<(Done, Option<Position>)> {
        let (_, key) = write.conversation.uuid().as_u64_pair();
        self.0.submit(key, write).await
    }
}

/// One write.
pub struct Write {
    /// Who writes, and in which tenant.
    pub scope: Scope,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    pub what: What,
}

/// Kinds of write.
pub enum What {
    /// Say something.
    Post(NewMessage),
    /// Say how far one has come.
    Mark(i64, Reach),
}

/// What the caller gets.
pub enum Done {
    /// The message, and whether it was there already.
    Posted(Box<Message>, bool),
    /// The receipt is at least that far.
    Marked,
}

struct Inbox {
    db: Db,
}

/// Does one write within a unit that does more: a conversation and its first message are one commit.
pub(super) async fn within(db: &Db, unit: &mut Unit, write: Write) -> Result<(Done, Option<usize>)> {
    let inbox = Inbox { db: db.clone() };
    let mut answers = inbox.run(unit, std::slice::from_ref(&write)).await?;
    answers.pop().unwrap_or_else(|| Err(Error::internal("a write without an answer")))
}

impl Gather for Inbox {
    type Item = Write;
    type Done = Done;

    fn tenant(write: &Write) -> Option<TenantId> {
        Some(write.scope.tenant())
    }

    async fn run(&self, unit: &mut Unit, items: &[Write]) -> Result<Vec<Result<(Done, Option<usize>)>>> {
        let mut batch = Batch::load(unit, items, self.db.clock().now()).await?;
        let mut answers = Vec::with_capacity(items.len());
        for item in items {
            answers.push(batch.apply(unit, item, &self.db).await);
        }
        batch.save(unit, self.db.clock()).await?;
        Ok(answers)
    }
}

/// The state a batch works on: read once, written once.
struct Batch {
    now: Timestamp,
    heads: HashMap<ConversationId, hot::Head>,
    said: HashMap<hot::Same, Message>,
    names: HashMap<AgentId, String>,
    new: Vec<(TenantId, Uuid, Message)>,
    leaving: Vec<Leaving>,
    touched: BTreeSet<ConversationId>,
}

impl Batch {
    async fn load(unit: &Unit, items: &[Write], now: Timestamp) -> Result<Self> {
        let ids: Vec<_> = items.iter().map(|item| item.conversation).collect();
        let heads = hot::lock(unit.conn(), &ids).await?;
        let said = hot::repeats(unit.conn(), &items.iter().filter_map(same).collect::<Vec<_>>()).await?;
        let agents: BTreeSet<_> = items.iter().filter_map(posting_agent).collect();
        let names = hot::agent_names(unit.conn(), &agents.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self { now, heads, said, names, new: Vec::new(), leaving: Vec::new(), touched: BTreeSet::new() })
    }

    async fn apply(&mut self, unit: &mut Unit, item: &Write, db: &Db) -> Result<(Done, Option<usize>)> {
        let head = self
            .heads
            .get(&item.conversation)
            .filter(|head| may_write(&item.scope, head))
            .ok_or_else(Error::not_found)?;
        match &item.what {
            What::Post(new) => {
                let id = MessageId::new(db.clock());
                self.post(unit, item, new, id).await
            }
            What::Mark(seq, reach) => {
                let head = head.clone();
                self.mark(unit, head, &item.scope, *seq, *reach).await
            }
        }
    }

    async fn post(
        &mut self,
        unit: &mut Unit,
        item: &Write,
        new: &NewMessage,
        id: MessageId,
    ) -> Result<(Done, Option<usize>)> {
        let author = author_of(&item.scope)
            .ok_or_else(|| Error::forbidden("author_needed", "Only people may write messages."))?;
        let key = (item.conversation, author.1, new.client_id.as_str().to_owned());
        if let Some(first) = self.said.get(&key) {
            return repeat(first, new);
        }
        let head = self.heads.get_mut(&item.conversation).ok_or_else(Error::not_found)?;
        if head.status == Status::Archived {
            return Err(archived());
        }
        leaving::admit(head, item.scope.actor(), new, self.now)?;
        let name = match &item.scope.actor() {
            Actor::Agent { id, .. } => self.names.get(id).cloned().unwrap_or_default(),
            Actor::System | Actor::Phone => String::new(),
            _ => new.via.author_name.clone().or_else(|| head.contact_name.clone()).unwrap_or_default(),
        };
        let author_shown = Author { kind: author.0, id: message::author_id(author.0, author.1), name };
        if author.0 == AuthorKind::Visitor && !matches!(head.status, Status::Open | Status::Pending) {
            head.status = Status::Open;
            let event = Event::ConversationStatusChanged {
                conversation_id: head.id,
                status: Status::Open,
                by: author_shown.clone(),
            };
            unit.emit(head.tenant, head.audience(), event);
        }
        let files = match new.files.is_empty() {
            true => Vec::new(),
            false => take_files(unit, head, author.1, new, self.now).await?,
        };
        let mut message = said(head, author_shown, new, (id, files), self.now);
        if let Some(leaving) = Leaving::of(head, item.scope.actor(), new, &message) {
            message.extra.get_or_insert_default().delivery = Some(Delivery::Queued);
            self.leaving.push(leaving);
        }
        message::delivered(&mut message, &kernel::wire::Receipts::default());
        let audience = match message.visibility {
            Visibility::Public => head.audience(),
            Visibility::Note => Audience::Agents,
        };
        let event = Event::MessagePosted { conversation_id: head.id, seq: message.seq, message: message.clone() };
        let place = unit.emit(head.tenant, audience, event);
        if let Some(event) = new.via.opens_at.and_then(|at| window::open(head, at)) {
            unit.emit(head.tenant, Audience::Agents, event);
        }
        self.touched.insert(head.id);
        self.said.insert(key, message.clone());
        self.new.push((head.tenant, author.1, message.clone()));
        Ok((Done::Posted(Box::new(message), false), Some(place)))
    }

    async fn mark(
        &mut self,
        unit: &mut Unit,
        mut head: hot::Head,
        scope: &Scope,
        seq: i64,
        reach: Reach,
    ) -> Result<(Done, Option<usize>)> {
        let seq = seq.min(head.last_seq);
        let side = side_of(scope)?;
        if !advance(&mut head, side, seq, reach) {
            return Ok((Done::Marked, None));
        }
        if reach == Reach::Read {
            let left = self.left_to_read(unit, &head, side, seq).await?;
            *unread_of(&mut head, side) = left;
        }
        if side == Side::Agent && reach == Reach::Read {
            leaving::read(unit, &head, seq, self.now);
        }
        let unread = *unread_of(&mut head, side);
        let event = Event::ReceiptMoved { conversation_id: head.id, side, state: reach, seq, unread };
        let place = unit.emit(head.tenant, head.audience(), event);
        self.touched.insert(head.id);
        self.heads.insert(head.id, head);
        Ok((Done::Marked, Some(place)))
    }

    /// What `side` has not read beyond `seq`: stored messages and those of this very batch.
    async fn left_to_read(&self, unit: &Unit, head: &hot::Head, side: Side, seq: i64) -> Result<i64> {
        if seq >= head.last_seq {
            return Ok(0);
        }
        let other = if side == Side::Agent { AuthorKind::Visitor } else { AuthorKind::Agent };
        let stored = message::count_after(unit.conn(), head.id, seq, other).await?;
        let mine = |m: &&(TenantId, Uuid, Message)| {
            m.2.conversation_id == head.id
                && m.2.seq > seq
                && m.2.author.kind == other
                && m.2.visibility == Visibility::Public
        };
        Ok(stored + i64::try_from(self.new.iter().filter(mine).count()).unwrap_or(0))
    }

    async fn save(&self, unit: &mut Unit, clock: &Clock) -> Result<()> {
        hot::insert(unit.conn(), &self.new).await?;
        leaving::leave(unit, clock, &self.leaving).await?;
        let heads: Vec<_> = self.touched.iter().filter_map(|id| self.heads.get(id)).collect();
        hot::save(unit.conn(), &heads).await
    }
}

/// The refusal of an archived conversation.
pub(super) fn archived() -> Error {
    Error::conflict("conversation_archived", "This conversation is archived; nothing more can be said in it.")
}

fn same(item: &Write) -> Option<hot::Same> {
    let What::Post(new) = &item.what else { return None };
    let (_, author) = author_of(&item.scope)?;
    Some((item.conversation, author, new.client_id.as_str().to_owned()))
}

fn posting_agent(item: &Write) -> Option<AgentId> {
    match (item.scope.actor(), &item.what) {
        (Actor::Agent { id, .. }, What::Post(_)) => Some(*id),
        _ => None,
    }
}

pub(super) fn author_of(scope: &Scope) -> Option<(AuthorKind, Uuid)> {
    match scope.actor() {
        Actor::Agent { id, .. } => Some((AuthorKind::Agent, id.uuid())),
        Actor::Visitor { id, .. } | Actor::Contact { id } => Some((AuthorKind::Visitor, id.uuid())),
        Actor::Phone => Some((AuthorKind::Agent, Uuid::nil())),
        Actor::System => Some((AuthorKind::System, Uuid::nil())),
        Actor::Operator { .. } => None,
    }
}

fn side_of(scope: &Scope) -> Result<Side> {
    match scope.actor() {
        Actor::Visitor { .. } | Actor::Contact { .. } => Ok(Side::Visitor),
        Actor::Agent { .. } | Actor::Phone => Ok(Side::Agent),
        _ => Err(Error::forbidden("reader_needed", "Only people read.")),
    }
}

fn may_write(scope: &Scope, head: &hot::Head) -> bool {
    let own = match scope.actor() {
        Actor::Visitor { id, .. } => head.channel.is_none() && head.contact == *id,
        Actor::Contact { id } => head.contact == *id,
        _ => true,
    };
    own && head.tenant == scope.tenant()
}

/// Gives the message that comes next its files.
async fn take_files(unit: &Unit, head: &hot::Head, owner: Uuid, new: &NewMessage, now: Timestamp) -> Result<Vec<File>> {
    let place = Place {
        conversation: head.id,
        visitor: head.channel.is_none().then_some(head.contact),
        seq: head.last_seq + 1,
        note: new.visibility == Visibility::Note,
    };
    files::attach(unit.conn(), (head.tenant, owner), &new.files, place, now).await
}

/// The first message again, or a refusal when the words differ.
fn repeat(first: &Message, new: &NewMessage) -> Result<(Done, Option<usize>)> {
    let alike = first.body == new.body.as_str()
        && first.visibility == new.visibility
        && first.reply_to == new.reply_to
        && content_of(first.extra.as_deref()) == content_of(new.extra.as_deref())
        && first.files.iter().map(|file| file.id).eq(new.files.iter().copied());
    match alike {
        true => Ok((Done::Posted(Box::new(first.clone()), true), None)),
        false => Err(Error::conflict("client_id_reused", "This client_id belongs to another message.")),
    }
}

fn content_of(extra: Option<&Extra>) -> Option<&Content> {
    extra.and_then(|extra| extra.content.as_ref())
}

/// Makes the message and moves the conversation on, exactly as every reader's reducer does from the event.
fn said(
    head: &mut hot::Head,
    author: Author,
    new: &NewMessage,
    (id, files): (MessageId, Vec<File>),
    now: Timestamp,
) -> Message {
    head.last_seq += 1;
    head.updated_at = now;
    let message = Message {
        id,
        conversation_id: head.id,
        seq: head.last_seq,
        client_id: new.client_id.as_str().to_owned(),
        author,
        body: new.body.as_str().to_owned(),
        files,
        visibility: new.visibility,
        delivery: Delivery::Sent,
        reply_to: new.reply_to,
        extra: new.extra.clone(),
        created_at: now,
    };
    if message.visibility == Visibility::Public {
        head.last_message_at = now;
        head.preview = message.preview();
        head.last_author = message.author.kind;
        count(head, message.author.kind);
    }
    message
}

/// Whoever writes has read what was there. The product and automata read for nobody.
fn count(head: &mut hot::Head, author: AuthorKind) {
    let (seq, receipts) = (head.last_seq, &mut head.receipts);
    match author {
        AuthorKind::Visitor => {
            head.unread += 1;
            head.visitor_unread = 0;
            (receipts.visitor_delivered_seq, receipts.visitor_read_seq) = (seq, seq);
        }
        AuthorKind::Agent => {
            head.unread = 0;
            head.visitor_unread += 1;
            (receipts.agent_delivered_seq, receipts.agent_read_seq) = (seq, seq);
        }
        AuthorKind::Bot | AuthorKind::System => head.visitor_unread += 1,
    }
}

/// Moves a receipt forward; `false` when it was there already. Read implies delivered.
fn advance(head: &mut hot::Head, side: Side, seq: i64, reach: Reach) -> bool {
    let receipts = &mut head.receipts;
    let (delivered, read) = match side {
        Side::Visitor => (&mut receipts.visitor_delivered_seq, &mut receipts.visitor_read_seq),
        Side::Agent => (&mut receipts.agent_delivered_seq, &mut receipts.agent_read_seq),
    };
    let moved = match reach {
        Reach::Delivered => seq > *delivered,
        Reach::Read => seq > *read,
    };
    if moved {
        *delivered = seq.max(*delivered);
        *read = if reach == Reach::Read { seq } else { *read };
    }
    moved
}

fn unread_of(head: &mut hot::Head, side: Side) -> &mut i64 {
    match side {
        Side::Agent => &mut head.unread,
        Side::Visitor => &mut head.visitor_unread,
    }
}
