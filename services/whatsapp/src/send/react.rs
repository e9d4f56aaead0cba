//! A sign under a message, from the team.

use chat::{Ctx, inbox};
use kernel::wire::{Conversation, Delivery, Message, Reaction, Side, Source, Visibility};
use kernel::{ConversationId, Error, Position, Result, Role, Scope, TenantId, WaNumberId, WaSendId};
use store::Unit;

use super::compose::wamid_of;
use super::plan::Part;
use super::show::REACTION;
use super::wake;
use crate::tables::outgoing::{self, Model, State};
use crate::tables::word;

/// Most characters of a sign: families and flags are several.
const LONGEST: usize = 16;

/// Puts a sign under a message, in place of one that was there, or takes it away. What is there already is left alone.
pub async fn react(
    ctx: &Ctx,
    scope: &Scope,
    id: ConversationId,
    seq: i64,
    emoji: Option<&str>,
) -> Result<(Message, Position)> {
    scope.require(Role::Agent)?;
    let emoji = emoji.map(sign).transpose()?;
    let (tenant, now) = (scope.tenant(), ctx.clock().now());
    let mut unit = ctx.db.write(scope).await?;
    let (talk, number) = through(&unit, tenant, id).await?;
    let message = inbox::said(unit.conn(), tenant, id, seq).await?.ok_or_else(Error::not_found)?;
    let mine = message.extra.iter().flat_map(|extra| &extra.reactions).find(|one| one.side == Side::Agent);
    if mine.map(|one| one.emoji.as_str()) == emoji {
        return Ok((message, ctx.db.head(tenant)));
    }
    if message.visibility == Visibility::Note || wamid_of(unit.conn(), ctx, id, seq).await?.is_none() {
        return Err(Error::conflict(
            "not_on_whatsapp",
            "This message is not on WhatsApp, so nothing can be put under it.",
        ));
    }
    if !inbox::is_open(talk.window.as_ref(), now) {
        return Err(closed());
    }
    let put = emoji.map(|emoji| Reaction { side: Side::Agent, emoji: emoji.to_owned() });
    let after = inbox::amend(&mut unit, tenant, id, seq, now, |message| {
        let extra = message.extra.get_or_insert_default();
        extra.reactions.retain(|one| one.side != Side::Agent);
        extra.reactions.extend(put);
    })
    .await?;
    queue(ctx, &unit, (tenant, number), (id, seq), emoji.unwrap_or_default()).await?;
    wake(&mut unit, tenant, number, now);
    let position = unit.commit().await?.last().unwrap_or_else(|| ctx.db.head(tenant));
    Ok((after.unwrap_or(message), position))
}

async fn queue(
    ctx: &Ctx,
    unit: &Unit,
    (tenant, number): (TenantId, WaNumberId),
    (conversation, seq): (ConversationId, i64),
    emoji: &str,
) -> Result<()> {
    let now = ctx.clock().now();
    let before = outgoing::lock_all(unit.conn(), conversation, seq, REACTION).await?;
    let part = Part::Reaction { emoji: emoji.to_owned() };
    let row = Model {
        tenant_id: tenant,
        id: WaSendId::new(ctx.clock()),
        channel_id: number.uuid(),
        conversation_id: conversation,
        seq,
        part: 0,
        again: before.last().map_or(0, |last| last.again + 1),
        kind: REACTION.to_owned(),
        state: word(State::Ready)?,
        request: Some(serde_json::to_string(&part).map_err(Error::internal)?),
        wamid: None,
        wamid_hash: None,
        delivery: word(Delivery::Queued)?,
        failure: None,
        attempts: 0,
        next_at: now,
        leased_until: None,
        called_at: None,
        created_at: now,
        updated_at: now,
    };
    outgoing::insert(unit.conn(), &row).await
}

/// The conversation, held, and the number it leaves through.
pub async fn through(unit: &Unit, tenant: TenantId, id: ConversationId) -> Result<(Conversation, WaNumberId)> {
    let talk = inbox::held(unit, tenant, id).await?;
    let number = talk.channel.as_ref().filter(|_| talk.source == Source::Whatsapp).map(|channel| channel.id.parse());
    match number {
        Some(number) => Ok((talk, number?)),
        None => Err(Error::conflict("not_on_whatsapp", "This is possible in WhatsApp conversations only.")),
    }
}

/// The refusal when only a template may be sent.
pub fn closed() -> Error {
    Error::conflict(
        "window_closed",
        "More than 24 hours have passed since they wrote. Send a template; when they answer you can write freely.",
    )
}

/// A sign is no word: it has something beyond letters, and is short.
fn sign(text: &str) -> Result<&str> {
    let text = text.trim();
    let is_sign = text.chars().any(|c| !c.is_alphanumeric() && !c.is_ascii());
    match is_sign && text.chars().count() <= LONGEST {
        true => Ok(text),
        false => Err(Error::field("emoji", "not_an_emoji", "Give one emoji.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_signs_and_words_are_not() {
        for fine in ["👍", "❤️", "👨‍👩‍👧‍👦", "1️⃣", "🇬🇧"] {
            assert_eq!(sign(fine).ok(), Some(fine));
        }
        for bad in ["", "ok", "é", "👍 thank you for your message", "<b>"] {
            assert!(sign(bad).is_err(), "{bad}");
        }
    }
}
