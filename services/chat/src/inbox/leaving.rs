//! What leaves through a channel: left in its queue in the commit that holds the message.

use kernel::wire::{Content, Message, Visibility};
use kernel::{Actor, Clock, Error, Result, TenantId, Timestamp, WaSendId};
use serde_json::json;
use store::{NewJob, Unit};
use uuid::Uuid;

use super::message::{MOST_ON_CHANNEL, NewMessage};
use super::tables::{hot, outgoing};
use super::window;

/// Job of a channel, with `{"channel": uuid}`: something waits in its queue.
pub const SEND: &str = "channel.send";
/// Job of a channel, with `{"channel": uuid, "conversation": id, "seq": n}`: the team has read that far.
pub const READ: &str = "channel.read";

/// A message on its way out.
pub struct Leaving {
    /// Whose.
    pub tenant: TenantId,
    /// Through which channel.
    pub channel: Uuid,
    /// The conversation.
    pub conversation: kernel::ConversationId,
    /// The message.
    pub seq: i64,
    /// What the channel sends instead of the words.
    pub request: Option<String>,
}

impl Leaving {
    /// What an agent says to the person of a channel leaves through it; notes, and what the phone's own app sent, do not.
    pub fn of(head: &hot::Head, actor: &Actor, new: &NewMessage, message: &Message) -> Option<Self> {
        let channel = head.channel.filter(|_| leaves(actor, new))?;
        let (tenant, conversation, seq) = (head.tenant, head.id, message.seq);
        Some(Self { tenant, channel, conversation, seq, request: new.via.request.clone() })
    }
}

fn leaves(actor: &Actor, new: &NewMessage) -> bool {
    matches!(actor, Actor::Agent { .. }) && new.visibility == Visibility::Public
}

/// Refuses what the channel would refuse.
pub fn admit(head: &hot::Head, actor: &Actor, new: &NewMessage, now: Timestamp) -> Result<()> {
    let content = new.extra.as_ref().and_then(|extra| extra.content.as_ref());
    if !leaves(actor, new) {
        return Ok(());
    }
    if head.channel.is_none() {
        return match content {
            None => Ok(()),
            Some(_) => Err(Error::field("content", "content_refused", "This conversation takes words and files only.")),
        };
    }
    if new.body.as_str().chars().count() > MOST_ON_CHANNEL {
        return Err(Error::field("body", "too_long", "WhatsApp takes 4,096 characters."));
    }
    match content {
        Some(Content::Template { .. }) => Ok(()),
        _ if window::is_open(head.window.as_ref(), now) => Ok(()),
        _ => Err(Error::conflict(
            "window_closed",
            "More than 24 hours have passed since they wrote. Send a template; when they answer you can write freely.",
        )),
    }
}

/// Leaves messages in their channels' queues.
pub async fn leave(unit: &mut Unit, clock: &Clock, leaving: &[Leaving]) -> Result<()> {
    let now = clock.now();
    let mut channels: Vec<(TenantId, Uuid)> = Vec::new();
    for one in leaving {
        outgoing::insert(unit.conn(), WaSendId::new(clock), one, now).await?;
        if !channels.contains(&(one.tenant, one.channel)) {
            channels.push((one.tenant, one.channel));
        }
    }
    for (tenant, channel) in channels {
        let payload = json!({ "channel": channel });
        unit.enqueue(NewJob { kind: SEND, tenant: Some(tenant), payload, run_at: now, unique_key: None });
    }
    Ok(())
}

/// Tells the channel that the team has read.
pub fn read(unit: &mut Unit, head: &hot::Head, seq: i64, now: Timestamp) {
    let Some(channel) = head.channel else { return };
    let payload = json!({ "channel": channel, "conversation": head.id, "seq": seq });
    unit.enqueue(NewJob { kind: READ, tenant: Some(head.tenant), payload, run_at: now, unique_key: None });
}
