//! Messages that come through a channel, which vouches for who wrote them.

use kernel::wire::{AuthorKind, Contact, Conversation, Message, Receipts, Source, Status};
use kernel::{Actor, Audience, ContactId, ConversationId, Error, Event, MessageId, Result, Scope, TenantId};
use store::Unit;
use uuid::Uuid;

use super::hot::{self, Done, What, Write};
use super::message::NewMessage;
use super::tables::channel;
use super::tables::conversation::{self, Through};
use super::tables::message;
use crate::Ctx;

/// A way into the inbox beside web pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Whose.
    pub tenant: TenantId,
    /// Its bare id.
    pub id: Uuid,
    /// Of what kind.
    pub source: Source,
}

/// Writes down what a channel is called and where people write to.
pub async fn put_channel(ctx: &Ctx, unit: &Unit, of: Channel, name: &str, address: &str) -> Result<()> {
    channel::put(unit.conn(), &of, name, address, ctx.clock().now()).await
}

/// The conversation with this contact on this channel: the one being worked on, or else the latest that may be taken up
/// again, or a new one. `group` is the channel's id of several people whom the contact stands for.
pub async fn converse(
    ctx: &Ctx,
    unit: &mut Unit,
    of: Channel,
    contact: &Contact,
    group: Option<&str>,
) -> Result<ConversationId> {
    let known = || conversation::on_channel(unit.conn(), of.tenant, contact.id, of.id);
    if let Some(id) = known().await? {
        return Ok(id);
    }
    let now = ctx.clock().now();
    let new = Conversation {
        id: ConversationId::new(ctx.clock()),
        source: of.source,
        status: Status::Open,
        widget: None,
        channel: Some(channel::name(unit.conn(), &of).await?),
        window: None,
        group: group.map(str::to_owned),
        contact: contact.clone(),
        assignee: None,
        preview: String::new(),
        last_author: AuthorKind::Visitor,
        unread: 0,
        last_seq: 0,
        last_message_at: now,
        context: None,
        receipts: Receipts::default(),
        created_at: now,
        updated_at: now,
    };
    let id = new.id;
    if !conversation::insert(unit.conn(), of.tenant, Through::Channel(of.id), &new).await? {
        return known().await?.ok_or_else(conversation::another_is_open);
    }
    unit.emit(of.tenant, Audience::Agents, Event::ConversationOpened { conversation: Box::new(new) });
    Ok(id)
}

/// The conversation with this contact on this channel that [`converse`] would take up, if there is one.
pub async fn conversing(unit: &Unit, of: Channel, contact: ContactId) -> Result<Option<ConversationId>> {
    conversation::on_channel(unit.conn(), of.tenant, contact, of.id).await
}

/// Holds these people's conversations on a channel until the unit ends, in the order of their ids: whoever is about to
/// write in many of them takes no turn in a circle with somebody else who does.
pub async fn hold_of(unit: &Unit, of: Channel, contacts: &[ContactId]) -> Result<()> {
    conversation::lock_of(unit.conn(), of.tenant, of.id, contacts).await
}

/// The id of the message with this number, if it is there.
pub async fn message_at(
    unit: &Unit,
    tenant: TenantId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Option<MessageId>> {
    message::id_at(unit.conn(), tenant, conversation, seq).await
}

/// Posts, within a unit that does more, what a channel vouches for: as [`Actor::Contact`], [`Actor::Phone`] or
/// [`Actor::System`]; or what an agent says there, with the agent's own scope.
pub async fn post_within(
    ctx: &Ctx,
    unit: &mut Unit,
    scope: &Scope,
    conversation: ConversationId,
    new: NewMessage,
) -> Result<Message> {
    let write = Write { scope: scope.clone(), conversation, what: What::Post(new) };
    match hot::within(&ctx.db, unit, write).await?.0 {
        Done::Posted(message, _) => Ok(*message),
        Done::Marked => Err(Error::internal("a message was answered with a receipt")),
    }
}

/// Somebody a channel vouches for.
#[expect(clippy::disallowed_methods, reason = "the channel's signature is the credential")]
pub fn vouched(of: Channel, actor: Actor) -> Scope {
    Scope::vouch(of.tenant, actor)
}
