//! What became of messages we sent.
//!
//! A state finds its row by our mark, which comes back also when the answer to the sending was lost, or by Meta's id.
//! It only ever moves a message forward. One for a message nobody here knows is nothing strange: it is kept for eight
//! days, in case the answer that names the message is still on its way.

use chat::{Ctx, inbox};
use kernel::wire::Delivery;
use kernel::{Result, Timestamp, WaSendId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Unit;

use crate::failure::judge;
use crate::payload::{self, Look, Problem, Reached, Status};
use crate::receive::Became;
use crate::send::{because, further, known_as, news_of, wants_none};
use crate::tables::outgoing::{self, Model};
use crate::tables::{message, number, orphan, word};
use crate::wamid;

/// What a state says, without anybody's name or number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct News {
    /// How far.
    pub reached: Delivery,
    /// When, by Meta's clock.
    pub at: Option<Timestamp>,
    /// Why it failed: Meta's code, and its second one.
    pub problem: Option<(i64, Option<i64>)>,
}

impl News {
    fn of(status: &Status) -> Self {
        let reached = match status.reached {
            Reached::Sent => Delivery::Sent,
            Reached::Delivered => Delivery::Delivered,
            Reached::Read | Reached::Played => Delivery::Read,
            Reached::Failed => Delivery::Failed,
        };
        let problem = status.problems.first().map(|problem| (problem.code, problem.subcode));
        Self { reached, at: status.at, problem }
    }

    /// Why it failed, as far as Meta says.
    pub fn problem(&self) -> Problem {
        let (code, subcode) = self.problem.unwrap_or((131_000, None));
        Problem { code, subcode, title: None, details: None, trace: None }
    }
}

/// Applies one state.
pub async fn apply(ctx: &Ctx, unit: &mut Unit, number: &number::Model, item: &Value) -> Result<Became> {
    let Some(status) = payload::status(item) else {
        let is_one = item.text("id").is_some() && item.text("status").is_some();
        return Ok(if is_one { Became::Ignored("unknown_status") } else { Became::Failed("no_status") });
    };
    let (news, now, hash) = (News::of(&status), ctx.clock().now(), wamid::hash(&status.id));
    if let Some(row) = found(unit, number, &status, &hash).await? {
        return ours(ctx, unit, number, row, (&status.id, &hash), &news).await;
    }
    if elsewhere(unit, number, &hash, &news, now).await? {
        return Ok(Became::Done);
    }
    let body = serde_json::to_string(&news).map_err(kernel::Error::internal)?;
    let (tenant_id, number_id, state) = (number.tenant_id, number.id, word(news.reached)?);
    orphan::park(unit.conn(), &orphan::Model { tenant_id, number_id, hash, state, body, at: now }).await?;
    Ok(Became::Done)
}

async fn found(unit: &Unit, number: &number::Model, status: &Status, hash: &str) -> Result<Option<Model>> {
    let channel = number.id.uuid();
    if let Some(mark) = status.ours.as_deref().and_then(|mark| mark.parse::<WaSendId>().ok())
        && let Some(row) = outgoing::by_mark(unit.conn(), channel, mark).await?
    {
        return Ok(Some(row));
    }
    outgoing::by_hash(unit.conn(), channel, hash).await
}

async fn ours(
    ctx: &Ctx,
    unit: &mut Unit,
    number: &number::Model,
    row: Model,
    (wamid, hash): (&str, &str),
    news: &News,
) -> Result<Became> {
    inbox::held(unit, row.tenant_id, row.conversation_id).await?;
    let Some(row) = outgoing::lock(unit.conn(), row.id).await? else { return Ok(Became::Ignored("gone")) };
    let is_another = row.wamid_hash.as_deref().is_some_and(|known| known != hash);
    if is_another && news.reached == Delivery::Failed {
        // an earlier call of this row, which Meta refused later than it said
        return Ok(Became::Ignored("earlier_call"));
    }
    if let Some((code, _)) = news.problem {
        wants_none(ctx, unit, &row, code).await?;
    }
    let row = known_as(ctx, unit, row, wamid, ctx.clock().now()).await?;
    news_of(unit, number, row, news, ctx.clock().now()).await?;
    Ok(Became::Done)
}

/// Applies what was said of a message of the phone's own app before the message itself came.
pub async fn catch_up(unit: &mut Unit, number: &number::Model, hash: &str, now: Timestamp) -> Result<()> {
    for early in orphan::take(unit.conn(), number.id, hash).await? {
        if let Ok(news) = serde_json::from_str(&early.body) {
            elsewhere(unit, number, hash, &news, now).await?;
        }
    }
    Ok(())
}

/// What the phone's own app sent is not in our queue, but stands in the inbox.
async fn elsewhere(unit: &mut Unit, number: &number::Model, hash: &str, news: &News, now: Timestamp) -> Result<bool> {
    let known = message::find(unit.conn(), number.id, hash).await?.filter(|row| row.way != "in");
    let Some((conversation, seq)) = known.and_then(|row| row.conversation_id.zip(row.seq)) else { return Ok(false) };
    inbox::amend(unit, number.tenant_id, conversation, seq, now, |message| {
        let extra = message.extra.get_or_insert_default();
        let before = extra.delivery.unwrap_or(Delivery::Queued);
        let after = further(before, news.reached);
        extra.delivery = Some(after);
        if after == Delivery::Failed && before != Delivery::Failed {
            let verdict = judge(&news.problem());
            extra.failure = Some(because(news.problem.map(|(code, _)| code), verdict.words, verdict.next));
        } else if after != Delivery::Failed {
            extra.failure = None;
        }
    })
    .await?;
    Ok(true)
}
