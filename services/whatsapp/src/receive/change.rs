//! What is said about an earlier message: a sign under it, other words, taking it back. What is said before its
//! message came is kept for it.

use chat::Ctx;
use chat::{files, inbox};
use kernel::wire::{Extra, Message, Reaction, Side};
use kernel::{ConversationId, Result, Timestamp};
use store::Unit;

use super::{Arriving, Became, content, post};
use crate::payload::Content;
use crate::tables::{early, message, number};
use crate::wamid;

const REACTION: &str = "reaction";
const REVOKE: &str = "revoke";
/// Longest sign: some are families of several people.
const SIGN: usize = 32;

/// Where a message stands.
type Spot = (ConversationId, i64);

/// Puts a sign under a message, or takes it away.
pub async fn react(
    ctx: &Ctx,
    unit: &mut Unit,
    arriving: &Arriving<'_>,
    target: &str,
    emoji: Option<&str>,
) -> Result<Became> {
    let emoji = sign(emoji);
    match standing(unit, arriving.number, target).await? {
        Some((_, spot)) => {
            signed(ctx, unit, arriving.number, spot, &emoji).await?;
            Ok(Became::Done)
        }
        None => wait(ctx, unit, arriving, (target, REACTION), emoji).await,
    }
}

/// Puts other words in place. Of a message nobody here has, this is all there is, and it counts as that message.
pub async fn edit(
    ctx: &Ctx,
    unit: &mut Unit,
    arriving: &Arriving<'_>,
    original: &str,
    new: &Content,
) -> Result<Became> {
    let (now, at) = (ctx.clock().now(), arriving.at);
    let Some((way, (conversation, seq))) = standing(unit, arriving.number, original).await? else {
        return alone(ctx, unit, arriving, original).await;
    };
    if way != "in" {
        return Ok(Became::Ignored("not_their_message"));
    }
    let Some(words) = content::words(new) else { return Ok(Became::Ignored("no_words")) };
    let body = content::body(words)?.as_str().to_owned();
    inbox::amend(unit, arriving.number.tenant_id, conversation, seq, now, |message| {
        let extra = extra(message);
        // edits come in any order, and what was taken back stays so
        if extra.revoked_at.is_none() && extra.edited_at.is_none_or(|before| before <= at) {
            extra.edited_at = Some(at);
            message.body = body;
        }
    })
    .await?;
    Ok(Became::Done)
}

/// An edit without its original: a message of its own. Should the original still come, it is this one.
async fn alone(ctx: &Ctx, unit: &mut Unit, arriving: &Arriving<'_>, original: &str) -> Result<Became> {
    let posted = post::edited(ctx, unit, arriving, Some(arriving.at)).await?;
    let spot = (posted.conversation_id, posted.seq);
    let row = message::Model { conversation_id: Some(spot.0), seq: Some(spot.1), ..arriving.row(ctx, original)? };
    message::note(unit.conn(), &row).await?;
    catch_up(ctx, unit, arriving.number, &row.hash, spot).await?;
    Ok(Became::Done)
}

/// Takes a message back: its words and files go, unless the conversation must be kept.
pub async fn revoke(ctx: &Ctx, unit: &mut Unit, arriving: &Arriving<'_>, original: &str) -> Result<Became> {
    match standing(unit, arriving.number, original).await? {
        Some((way, _)) if way != "in" => Ok(Became::Ignored("not_their_message")),
        Some((_, spot)) => {
            taken_back(ctx, unit, arriving.number, spot, arriving.at).await?;
            Ok(Became::Done)
        }
        None => wait(ctx, unit, arriving, (original, REVOKE), String::new()).await,
    }
}

/// Does what was said about a message before it came. Whoever notes a message with its place calls this.
pub async fn catch_up(ctx: &Ctx, unit: &mut Unit, number: &number::Model, hash: &str, spot: Spot) -> Result<()> {
    for said in early::take(unit.conn(), number.id, hash).await? {
        match said.kind.as_str() {
            REACTION => signed(ctx, unit, number, spot, &said.body).await?,
            _ => taken_back(ctx, unit, number, spot, said.at).await?,
        }
    }
    Ok(())
}

async fn signed(ctx: &Ctx, unit: &mut Unit, number: &number::Model, spot: Spot, emoji: &str) -> Result<()> {
    let (now, emoji) = (ctx.clock().now(), emoji.to_owned());
    inbox::amend(unit, number.tenant_id, spot.0, spot.1, now, |message| {
        let extra = extra(message);
        extra.reactions.retain(|sign| sign.side != Side::Visitor);
        if !emoji.is_empty() && extra.revoked_at.is_none() {
            extra.reactions.push(Reaction { side: Side::Visitor, emoji });
        }
    })
    .await
    .map(|_| ())
}

/// Takes a message's words and files out, unless the conversation must be kept.
pub async fn taken_back(ctx: &Ctx, unit: &mut Unit, number: &number::Model, spot: Spot, at: Timestamp) -> Result<()> {
    let tenant = number.tenant_id;
    let may_go = files::erase_message(ctx, unit, tenant, spot).await?;
    inbox::amend(unit, tenant, spot.0, spot.1, ctx.clock().now(), |message| {
        if may_go {
            message.body.clear();
            message.files.clear();
            message.extra = None;
        }
        extra(message).revoked_at.get_or_insert(at);
    })
    .await
    .map(|_| ())
}

/// A sign as it is kept; an empty one takes it away.
pub fn sign(emoji: Option<&str>) -> String {
    emoji.unwrap_or_default().chars().filter(|c| !c.is_control()).take(SIGN).collect()
}

/// Keeps what was said for a message that is not here; it may never come.
async fn wait(
    ctx: &Ctx,
    unit: &Unit,
    arriving: &Arriving<'_>,
    (target, kind): (&str, &str),
    body: String,
) -> Result<Became> {
    let row = early::Model {
        tenant_id: arriving.number.tenant_id,
        number_id: arriving.number.id,
        hash: wamid::hash(target),
        kind: kind.to_owned(),
        body,
        at: arriving.at,
        kept_at: ctx.clock().now(),
    };
    early::put(unit.conn(), row).await?;
    Ok(Became::Ignored("unknown_target"))
}

/// Which way a message went, and where it stands, if it is here: its conversation may have been deleted.
async fn standing(unit: &Unit, number: &number::Model, wamid: &str) -> Result<Option<(String, Spot)>> {
    let known = message::find(unit.conn(), number.id, &wamid::hash(wamid)).await?;
    let Some((way, spot)) = known.and_then(|row| Some((row.way, row.conversation_id.zip(row.seq)?))) else {
        return Ok(None);
    };
    let there = inbox::message_at(unit, number.tenant_id, spot.0, spot.1).await?;
    Ok(there.map(|_| (way, spot)))
}

fn extra(message: &mut Message) -> &mut Extra {
    message.extra.get_or_insert_default()
}
