//! A message that becomes one of the inbox's.

use std::time::Duration;

use chat::Ctx;
use chat::contacts::{self, Told};
use chat::inbox::{self, NewMessage, Via};
use kernel::wire::{Contact, Extra, Forwarded, Message, Referral, Visibility};
use kernel::{Actor, ConversationId, MessageId, Result, Timestamp};
use store::Unit;

use super::{Arriving, change, content};
use crate::alias::Alias;
use crate::payload;
use crate::tables::{entry, message};
use crate::{media, nudge, person, wamid};

/// Older than this, a message says when it was sent.
const LATE: Duration = Duration::from_secs(60);
/// Longest address that is kept of an advertisement.
const ADDRESS: usize = 2_000;
/// Characters of a group's id that its name shows.
const SHORT: usize = 6;

/// Posts what a person, or somebody in a group, wrote.
pub async fn message(ctx: &Ctx, unit: &mut Unit, arriving: &Arriving<'_>) -> Result<Message> {
    edited(ctx, unit, arriving, None).await
}

/// The same for a message of which only the edit came: `edited_at` is when.
pub async fn edited(
    ctx: &Ctx,
    unit: &mut Unit,
    arriving: &Arriving<'_>,
    edited_at: Option<Timestamp>,
) -> Result<Message> {
    let (channel, read) = (arriving.number.channel(), arriving.read);
    let contact = who(ctx, unit, arriving).await?;
    let conversation = inbox::converse(ctx, unit, channel, &contact, read.group.as_deref()).await?;
    let shown = content::shown(&read.content, arriving.item, &read.problems)?;
    let (reply_to, quotes_unknown) = quoted(unit, arriving, conversation).await?;
    let extra = Extra {
        content: shown.content,
        edited_at,
        forwarded: read.context.as_ref().and_then(forwarded),
        referral: referral(read),
        quotes_unknown,
        sent_at: (arriving.at.plus(LATE) < ctx.clock().now()).then_some(arriving.at),
        ..Extra::default()
    };
    let new = NewMessage {
        client_id: wamid::client_id(&read.id)?,
        body: shown.body,
        files: Vec::new(),
        visibility: Visibility::Public,
        reply_to,
        extra: (!extra.is_empty()).then(|| Box::new(extra)),
        via: Via { author_name: author(arriving), opens_at: opens(arriving), request: None },
    };
    let scope = inbox::vouched(channel, Actor::Contact { id: contact.id });
    let posted = inbox::post_within(ctx, unit, &scope, conversation, new).await?;
    let place = (conversation, posted.seq);
    message::place(unit.conn(), (arriving.number.id, &arriving.hash), place).await?;
    if let Some(media) = &shown.media {
        media::fetch_later(unit, arriving.number, conversation, posted.seq, media);
    }
    if opens(arriving).is_some() {
        nudge::plan(unit, arriving.number, conversation, arriving.at);
    }
    if read.referral.is_some() {
        let row = entry::Model { tenant_id: channel.tenant, conversation_id: conversation, at: arriving.at };
        entry::put(unit.conn(), row).await?;
    }
    change::catch_up(ctx, unit, arriving.number, &arriving.hash, place).await?;
    Ok(posted)
}

/// The contact: the person, or the one who stands for the group.
async fn who(ctx: &Ctx, unit: &mut Unit, arriving: &Arriving<'_>) -> Result<Contact> {
    let tenant = arriving.number.tenant_id;
    let (names, name) = match &arriving.read.group {
        Some(group) => {
            let short: String = group.chars().filter(char::is_ascii_alphanumeric).take(SHORT).collect();
            (vec![Alias::Group(group.clone())], Some(format!("Group {short}")))
        }
        None => (arriving.from.clone(), arriving.name.clone()),
    };
    let met = person::meet(ctx, unit, tenant, &names).await?;
    contacts::told(ctx, unit, tenant, met.contact, &Told { name, phone: met.phone }).await
}

/// In a group, whoever wrote; elsewhere it is the contact anyway.
fn author(arriving: &Arriving<'_>) -> Option<String> {
    arriving.read.group.as_ref()?;
    let number = arriving.from.iter().find(|name| matches!(name, Alias::Wa(_)));
    arriving.name.clone().or_else(|| number.map(|number| format!("+{}", number.value())))
}

/// From when the business may write freely, by Meta's clock.
fn opens(arriving: &Arriving<'_>) -> Option<Timestamp> {
    arriving.read.content.opens_window().then_some(arriving.at)
}

/// The message it answers, and whether it answers one that nobody here has in this conversation.
async fn quoted(unit: &Unit, arriving: &Arriving<'_>, here: ConversationId) -> Result<(Option<MessageId>, bool)> {
    let Some(id) = arriving.read.context.as_ref().and_then(|context| context.id.as_deref()) else {
        return Ok((None, false));
    };
    let known = message::find(unit.conn(), arriving.number.id, &wamid::hash(id)).await?;
    let seq = known.filter(|row| row.conversation_id == Some(here)).and_then(|row| row.seq);
    let found = match seq {
        Some(seq) => inbox::message_at(unit, arriving.number.tenant_id, here, seq).await?,
        None => None,
    };
    Ok((found, found.is_none()))
}

fn forwarded(context: &payload::Quote) -> Option<Forwarded> {
    match (context.often, context.forwarded) {
        (true, _) => Some(Forwarded::Often),
        (false, true) => Some(Forwarded::Once),
        (false, false) => None,
    }
}

/// What led here: an advertisement, or the product they ask about.
fn referral(read: &payload::Inbound) -> Option<Referral> {
    let line = |text: &Option<String>| text.as_deref().and_then(content::line);
    if let Some(led) = &read.referral {
        let url = led.url.as_deref().and_then(address);
        return Some(Referral { url, kind: line(&led.kind), headline: line(&led.headline), body: line(&led.body) });
    }
    let (catalogue, product) = read.context.as_ref()?.product.as_ref()?;
    let (headline, body) =
        (content::line(&format!("Product {product}")), content::line(&format!("Catalogue {catalogue}")));
    Some(Referral { url: None, kind: Some("product".to_owned()), headline, body })
}

/// An address of the web; anything else is no place to send people to.
fn address(text: &str) -> Option<String> {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    let fine = matches!(scheme.as_deref(), Some("https" | "http"))
        && text.len() <= ADDRESS
        && !text.chars().any(|c| c.is_control() || c.is_whitespace());
    fine.then(|| text.to_owned())
}
