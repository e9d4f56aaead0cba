//! Calls nobody heard of again: the process that made them is gone, or Meta's answer never came.

use std::time::Duration;

use chat::{Ctx, inbox};
use kernel::wire::Failure;
use kernel::{Result, Timestamp};

use super::show;
use super::turn::Turn;
use crate::tables::outgoing::{self, State};

/// How long a state that carries our mark is waited for, from the call on.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// How long it is waited for at least, from when somebody noticed.
const AT_LEAST: Duration = Duration::from_secs(60);
/// How many are looked at in one turn.
const MOST: i64 = 100;

/// Looks after them. Safe to run twice.
pub async fn settle(ctx: &Ctx, turn: &Turn) -> Result<()> {
    let now = ctx.clock().now();
    for row in outgoing::late(ctx.db.platform(), turn.number.uuid(), now, MOST).await? {
        one(ctx, &row, now).await?;
    }
    Ok(())
}

async fn one(ctx: &Ctx, row: &outgoing::Model, now: Timestamp) -> Result<()> {
    let mut unit = ctx.db.write(row.tenant_id).await?;
    inbox::held(&unit, row.tenant_id, row.conversation_id).await?;
    let Some(row) = outgoing::lock(unit.conn(), row.id).await?.filter(|row| row.next_at <= now) else { return Ok(()) };
    match row.stands()? {
        State::Leased => outgoing::save(unit.conn(), &unknown(row, now)?).await?,
        State::Unknown => {
            outgoing::save(unit.conn(), &row.clone().failed(&never_answered(), now)?).await?;
            show::show(&mut unit, &row, now).await?;
        }
        _ => return Ok(()),
    }
    unit.commit().await.map(|_| ())
}

/// The row of a call whose answer was lost.
pub fn unknown(row: outgoing::Model, now: Timestamp) -> Result<outgoing::Model> {
    let called = row.called_at.unwrap_or(now);
    let next_at = if row.leased_until.is_some_and(|until| until <= now) {
        called.plus(PATIENCE).max(now.plus(AT_LEAST))
    } else {
        called.plus(PATIENCE)
    };
    outgoing::Model { next_at, leased_until: None, ..row }.moved(State::Unknown, now)
}

fn never_answered() -> Failure {
    Failure {
        code: None,
        text: "WhatsApp did not answer, so nobody knows whether it arrived.".to_owned(),
        next: "Look for a sign that they have it before you send it again.".to_owned(),
        unknown: true,
    }
}
