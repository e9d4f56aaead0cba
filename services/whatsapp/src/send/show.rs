//! What people see of it: a message is as far as its parts are.

use chat::inbox;
use kernel::wire::{Failure, Side};
use kernel::{Result, Timestamp};
use store::Unit;

use super::progress::{Leg, of_parts};
use crate::tables::outgoing::{self, Model, State};

/// What a reaction is called in the queue.
pub const REACTION: &str = "reaction";

/// Says of a message or reaction what its rows say.
pub async fn show(unit: &mut Unit, row: &Model, now: Timestamp) -> Result<()> {
    match row.kind.as_str() {
        REACTION => reaction(unit, row, now).await,
        _ => message(unit, row, now).await,
    }
}

async fn message(unit: &mut Unit, row: &Model, now: Timestamp) -> Result<()> {
    let rows = outgoing::lock_all(unit.conn(), row.conversation_id, row.seq, &row.kind).await?;
    let leg =
        |row: &Model| Ok(Leg { part: row.part, again: row.again, reached: row.reached()?, failure: row.reason()? });
    let (delivery, failure) = of_parts(&rows.iter().map(leg).collect::<Result<Vec<_>>>()?);
    inbox::amend(unit, row.tenant_id, row.conversation_id, row.seq, now, |message| {
        let extra = message.extra.get_or_insert_default();
        (extra.delivery, extra.failure) = (Some(delivery), failure);
    })
    .await
    .map(|_| ())
}

/// One that was refused is taken off again, unless another one stands there by now.
async fn reaction(unit: &mut Unit, row: &Model, now: Timestamp) -> Result<()> {
    let rows = outgoing::lock_all(unit.conn(), row.conversation_id, row.seq, REACTION).await?;
    let Some(last) = rows.last().filter(|last| last.state == "failed") else { return Ok(()) };
    let was_put = last.request.as_deref().is_some_and(|request| !request.contains(r#""emoji":"""#));
    if last.id != row.id || !was_put {
        return Ok(());
    }
    inbox::amend(unit, row.tenant_id, row.conversation_id, row.seq, now, |message| {
        let extra = message.extra.get_or_insert_default();
        extra.reactions.retain(|reaction| reaction.side != Side::Agent);
    })
    .await
    .map(|_| ())
}

/// The row of a call that Meta took.
pub fn arrived(row: Model, now: Timestamp) -> Result<Model> {
    Model { leased_until: None, failure: None, ..row }.moved(State::Accepted, now)
}

/// Why a part failed, from what is known.
pub fn because(code: Option<i64>, text: &str, next: &str) -> Failure {
    Failure { code, text: text.to_owned(), next: next.to_owned(), unknown: false }
}
