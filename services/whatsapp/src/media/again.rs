//! Asking once more for a file that did not come, while Meta still has it.

use chat::{Ctx, inbox};
use kernel::wire::{Content, MediaState, Message};
use kernel::{ConversationId, Error, Kind, Position, Result, Role, Scope};
use serde_json::json;
use store::NewJob;

use super::plan::{Asked, FETCH, Said};
use super::trouble::LIFE;
use crate::tables::media;

/// Asks again. Gives the message, which waits for its file from now on.
pub async fn fetch_again(
    ctx: &Ctx,
    scope: &Scope,
    conversation: ConversationId,
    seq: i64,
) -> Result<(Message, Position)> {
    scope.require(Role::Agent)?;
    let (tenant, now) = (scope.tenant(), ctx.clock().now());
    let mut unit = ctx.db.write(scope).await?;
    inbox::held(&unit, tenant, conversation).await?;
    let message = inbox::said(unit.conn(), tenant, conversation, seq).await?.ok_or_else(Error::not_found)?;
    match state(&message) {
        Some(MediaState::Missing) => {}
        Some(MediaState::Coming) => return Ok((message, ctx.db.head(tenant))),
        Some(MediaState::There) => return Err(Error::conflict("media_there", "The file is here already.")),
        None => return Err(Error::conflict("no_media", "This message came without a file.")),
    }
    let row = media::find(unit.conn(), tenant, conversation, seq).await.map_err(|error| match error.kind() {
        Kind::NotFound => over(),
        _ => error,
    })?;
    let said: Said = serde_json::from_str(&row.media).map_err(Error::internal)?;
    if said.id.is_none() || now.since(row.asked_at) >= LIFE {
        return Err(over());
    }
    let told = inbox::amend(&mut unit, tenant, conversation, seq, now, |message| {
        inbox::settle(message, MediaState::Coming, None);
    });
    let told = told.await?;
    media::tried(unit.conn(), &row, 0).await?;
    let asked = Asked { number: row.number_id, conversation, seq, at: row.asked_at, url: None, said };
    let unique_key = Some(format!("{FETCH}:{conversation}:{seq}"));
    unit.enqueue(NewJob { kind: FETCH, tenant: Some(tenant), payload: json!(asked), run_at: now, unique_key });
    let position = unit.commit().await?.last().unwrap_or_else(|| ctx.db.head(tenant));
    Ok((told.unwrap_or(message), position))
}

fn state(message: &Message) -> Option<MediaState> {
    match message.extra.as_deref()?.content.as_ref()? {
        Content::Media { state, .. } if message.extra.as_deref()?.revoked_at.is_none() => Some(*state),
        _ => None,
    }
}

fn over() -> Error {
    let words = "WhatsApp keeps a file for seven days, and that is over. Ask them to send it again.";
    Error::conflict("media_over", words)
}
