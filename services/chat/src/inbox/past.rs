//! What was said before a channel was connected, written down without anybody being told of each message.
//!
//! It becomes a conversation of its own, resolved, with nothing unread, nobody responsible and no window: whoever is
//! being talked to meanwhile is not interrupted, and a person who writes next is answered where the past ends. While it
//! is written it is archived, so that no new words get in between; then one event shows all of it. Times are those of
//! the writing.

use kernel::wire::{Author, AuthorKind, Contact, Conversation, Delivery, Extra, Message, Receipts, Status, Visibility};
use kernel::{Audience, ConversationId, Error, Event, MessageId, Result, TenantId, Timestamp};
use store::Unit;
use uuid::Uuid;

use super::message::{Body, ClientId};
use super::receive::Channel;
use super::search;
use super::tables::conversation::{self, Through};
use super::tables::{channel, hot, message};
use crate::Ctx;

/// One message of the past.
#[derive(Clone, Debug)]
pub struct Past {
    /// Its id, made by whoever reads the past, so that later ones can name it.
    pub id: MessageId,
    /// The channel's own id of it.
    pub client_id: ClientId,
    /// Whether the business wrote it.
    pub own: bool,
    /// What was said.
    pub body: Body,
    /// What it answers.
    pub reply_to: Option<MessageId>,
    /// What it has beyond that.
    pub extra: Extra,
    /// When.
    pub at: Timestamp,
}

/// Begins to write down the past with a contact, which began at `since`.
pub async fn begin_past(
    ctx: &Ctx,
    unit: &Unit,
    of: Channel,
    contact: &Contact,
    since: Timestamp,
) -> Result<ConversationId> {
    let new = Conversation {
        id: ConversationId::new(ctx.clock()),
        source: of.source,
        status: Status::Archived,
        widget: None,
        channel: Some(channel::name(unit.conn(), &of).await?),
        window: None,
        group: None,
        contact: contact.clone(),
        assignee: None,
        preview: String::new(),
        last_author: AuthorKind::Visitor,
        unread: 0,
        last_seq: 0,
        last_message_at: since,
        context: None,
        receipts: Receipts::default(),
        created_at: since,
        updated_at: ctx.clock().now(),
    };
    conversation::insert(unit.conn(), of.tenant, Through::Channel(of.id), &new).await?;
    Ok(new.id)
}

/// Writes down what comes next; gives the number of the first one.
pub async fn add_past(ctx: &Ctx, unit: &Unit, tenant: TenantId, id: ConversationId, past: Vec<Past>) -> Result<i64> {
    let mut heads = hot::lock(unit.conn(), &[id]).await?;
    let mut head = heads.remove(&id).filter(|head| head.tenant == tenant).ok_or_else(Error::not_found)?;
    let first = head.last_seq + 1;
    let messages: Vec<_> = past.into_iter().map(|past| said(&mut head, past)).collect();
    head.updated_at = ctx.clock().now();
    hot::insert(unit.conn(), &messages).await?;
    // no event tells of these one by one, so the search hears of them here
    search::take(unit, tenant, messages.iter().map(|(_, _, message)| message)).await?;
    hot::save(unit.conn(), &[&head]).await?;
    Ok(first)
}

/// All of it is there: it is shown, resolved.
pub async fn end_past(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, id: ConversationId) -> Result<()> {
    let now = ctx.clock().now();
    conversation::set(unit.conn(), id, "status", Status::Resolved.word().into(), now).await?;
    let conversation = conversation::find(unit.conn(), tenant, id).await?.conversation;
    unit.emit(tenant, Audience::Agents, Event::ConversationOpened { conversation: Box::new(conversation) });
    Ok(())
}

/// Makes the message. Both sides have read what lies in the past.
fn said(head: &mut hot::Head, past: Past) -> (TenantId, Uuid, Message) {
    let (kind, author, name) = match past.own {
        true => (AuthorKind::Agent, Uuid::nil(), String::new()),
        false => (AuthorKind::Visitor, head.contact.uuid(), head.contact_name.clone().unwrap_or_default()),
    };
    head.last_seq += 1;
    let seq = head.last_seq;
    head.receipts =
        Receipts { visitor_delivered_seq: seq, visitor_read_seq: seq, agent_delivered_seq: seq, agent_read_seq: seq };
    let message = Message {
        id: past.id,
        conversation_id: head.id,
        seq,
        client_id: past.client_id.as_str().to_owned(),
        author: Author { kind, id: message::author_id(kind, author), name },
        body: past.body.as_str().to_owned(),
        files: Vec::new(),
        visibility: Visibility::Public,
        delivery: Delivery::Sent,
        reply_to: past.reply_to,
        extra: Some(Box::new(past.extra)),
        created_at: past.at,
    };
    (head.last_message_at, head.last_author) = (past.at, kind);
    head.preview = message.preview();
    (head.tenant, author, message)
}
