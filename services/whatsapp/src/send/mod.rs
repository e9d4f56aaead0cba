//! What agents write leaves through its number: once, in order, within Meta's limits.
//!
//! Promises:
//! - a call is made only after the commit that says it is being made; what was called and never answered is *unknown*,
//!   waits two minutes for a state that carries our mark, and is never made again by itself;
//! - in one conversation a call is made when the one before it was answered; conversations do not wait for each other;
//! - one process at a time plans the calls of a number, and hands the pace on with its turn;
//! - a turn is short: a job works for two seconds and leaves the rest to another one, so that a long queue of one number
//!   keeps no other number waiting;
//! - while a number is halted everything stays queued, and goes on by itself when the halt is lifted.

mod again;
mod answer;
mod call;
mod compose;
mod file;
mod halt;
mod pick;
mod plan;
mod progress;
mod react;
mod retry;
mod settle;
mod show;
mod template;
mod turn;
mod unheard;

pub use again::send_again;
pub(crate) use progress::further;
pub use react::react;
pub(crate) use settle::{known_as, news_of, wants_none};
pub(crate) use show::because;
pub(crate) use unheard::PATIENCE;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chat::{Ctx, inbox};
use kernel::{Result, TenantId, Timestamp, WaNumberId};
use serde_json::json;
use store::{NewJob, Outcome, Task, Unit};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use turn::Turn;

/// How long a job begins calls.
const SLICE: Duration = Duration::from_secs(2);
/// How long it then waits for those it began; the others end by themselves.
const GRACE: Duration = Duration::from_millis(500);

/// Leaves the work for a number.
pub(crate) fn wake(unit: &mut Unit, tenant: TenantId, number: WaNumberId, run_at: Timestamp) {
    let payload = json!({ "channel": number.uuid() });
    unit.enqueue(NewJob { kind: inbox::SEND, tenant: Some(tenant), payload, run_at, unique_key: None });
}

/// Runs [`inbox::SEND`]. Who finds that somebody is at it stops: whoever has the turn looks once more after it.
pub async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let channel = serde_json::from_value::<Uuid>(task.payload["channel"].clone());
    let (Some(tenant), Ok(channel)) = (task.tenant, channel) else {
        return Ok(Outcome::GiveUp("a sending names its tenant and channel".to_owned()));
    };
    let Some(turn) = Turn::take(&ctx, tenant, WaNumberId::from_uuid(channel)).await? else {
        return Ok(Outcome::Done);
    };
    let worked = slice(&ctx, &turn).await;
    turn.end(worked.as_ref().ok().copied().flatten()).await?;
    worked.map(|_| Outcome::Done)
}

/// Works for a while; gives the moment before which the number may not go on, if there is one.
async fn slice(ctx: &Ctx, turn: &Turn) -> Result<Option<Timestamp>> {
    let until = Instant::now() + SLICE;
    let is_over = Arc::new(AtomicBool::new(false));
    let mut calls = JoinSet::new();
    unheard::settle(ctx, turn).await?;
    let mut not_before = None;
    loop {
        if Instant::now() < until {
            let picked = pick::pick(ctx, turn).await?;
            not_before = picked.not_before;
            for row in picked.rows {
                calls.spawn(call::make(ctx.clone(), row, is_over.clone()));
            }
        }
        if calls.is_empty() {
            return Ok(not_before);
        }
        if timeout_at(until + GRACE, calls.join_next()).await.is_err() {
            break;
        }
        while calls.try_join_next().is_some() {}
    }
    // they settle what they called, and leave a job for what comes after it
    is_over.store(true, Ordering::SeqCst);
    calls.detach_all();
    Ok(not_before)
}
