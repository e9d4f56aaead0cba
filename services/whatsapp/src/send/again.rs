//! Sending once more what failed: somebody's own decision, under a new mark.

use chat::{Ctx, inbox};
use kernel::wire::{Content, Delivery, Message};
use kernel::{ConversationId, Error, Position, Result, Role, Scope, WaSendId};

use super::plan::Part;
use super::react::{closed, through};
use super::{show, wake};
use crate::tables::outgoing::{self, Model, State};
use crate::tables::word;

/// Sends the parts of a message that failed once more. Asked again while that is on its way, it answers the same.
pub async fn send_again(ctx: &Ctx, scope: &Scope, id: ConversationId, seq: i64) -> Result<(Message, Position)> {
    scope.require(Role::Agent)?;
    let (tenant, now) = (scope.tenant(), ctx.clock().now());
    let mut unit = ctx.db.write(scope).await?;
    let (talk, number) = through(&unit, tenant, id).await?;
    let message = inbox::said(unit.conn(), tenant, id, seq).await?.ok_or_else(Error::not_found)?;
    let rows = outgoing::lock_all(unit.conn(), id, seq, "message").await?;
    let extra = message.extra.as_deref();
    if extra.and_then(|extra| extra.delivery) != Some(Delivery::Failed) {
        return match rows.iter().any(|row| row.again > 0) {
            true => Ok((message, ctx.db.head(tenant))),
            false => Err(Error::conflict("not_failed", "Only a message that was not sent can be sent again.")),
        };
    }
    let is_template = matches!(extra.and_then(|extra| extra.content.as_ref()), Some(Content::Template { .. }));
    if !is_template && !inbox::is_open(talk.window.as_ref(), now) {
        return Err(closed());
    }
    for row in failed(&rows) {
        let is_apart = row.request.as_deref().is_some_and(|text| serde_json::from_str::<Part>(text).is_ok());
        let state = if is_apart { State::Ready } else { State::New };
        let fresh = Model {
            id: WaSendId::new(ctx.clock()),
            again: row.again + 1,
            wamid: None,
            wamid_hash: None,
            delivery: word(Delivery::Queued)?,
            failure: None,
            attempts: 0,
            next_at: now,
            leased_until: None,
            called_at: None,
            created_at: now,
            ..row.clone()
        };
        outgoing::insert(unit.conn(), &fresh.moved(state, now)?).await?;
    }
    let Some(first) = rows.first() else {
        return Err(Error::conflict("not_failed", "Only a message that was not sent can be sent again."));
    };
    show::show(&mut unit, first, now).await?;
    wake(&mut unit, tenant, number, now);
    let message = inbox::said(unit.conn(), tenant, id, seq).await?.ok_or_else(Error::not_found)?;
    let position = unit.commit().await?.last().unwrap_or_else(|| ctx.db.head(tenant));
    Ok((message, position))
}

/// The last try of each part, where that failed.
fn failed(rows: &[Model]) -> impl Iterator<Item = &Model> {
    let is_last = |row: &&Model| !rows.iter().any(|other| other.part == row.part && other.again > row.again);
    rows.iter().filter(is_last).filter(|row| row.state == "failed")
}
