//! The product, in ranked slices. A slice may use slices above it in this list, never below:
//!
//! 1. [`identity`] tenants, agents, roles, invitations, sessions, tokens
//! 2. [`widgets`] settings, snippet, where a widget was seen, tickets
//! 3. [`domains`] claims, proofs, re-checks, the gate
//! 4. [`contacts`] visitors and what they said of themselves
//! 5. [`files`] attachments: policy, checks, links, life
//! 6. [`inbox`] conversations, messages, receipts, assignment
//! 7. [`operator`] platform staff: tenants, suspension, audit
//!
//! Every operation takes the [`Ctx`] and a [`kernel::Scope`]; role rules are its first lines, because HTTP, jobs and
//! channels all call it. Nothing here knows HTTP.

pub mod contacts;
mod ctx;
pub mod domains;
pub mod files;
pub mod identity;
pub mod inbox;
pub mod operator;
mod rotate;
mod vault;
pub mod widgets;

pub use ctx::{Ctx, Secrets, Site};
pub use rotate::{InUse, Rotated, SEALED, keys_in_use, rotate};
pub use vault::Vault;

use std::time::Duration;

use futures::future::BoxFuture;
use store::{Handler, NewJob, Outcome, Task, Whose};

/// What a reader who was away gets; `realtime` knows the store through the product only.
pub use store::Replay;

/// Every kind of job the product knows, with its handler.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    let own: Vec<(&'static str, Handler<Ctx>)> = vec![(FORGET_EVENTS, forget_events)];
    [
        identity::jobs(),
        widgets::jobs(),
        domains::jobs(),
        contacts::jobs(),
        files::jobs(),
        inbox::jobs(),
        operator::jobs(),
        own,
    ]
    .concat()
}

/// Puts the jobs that come back by themselves in place; a job that is there already stays.
pub async fn schedule(ctx: &Ctx, events_days: u32) -> kernel::Result<()> {
    let mut unit = ctx.db.write(Whose::Platform).await?;
    for (kind, payload) in [
        (contacts::FORGET_TICKETS, serde_json::Value::Null),
        (files::SWEEP, serde_json::Value::Null),
        (files::EXPIRE, serde_json::Value::Null),
        (files::COMPARE, serde_json::Value::Null),
        (FORGET_EVENTS, serde_json::json!({ "days": events_days })),
    ] {
        let unique_key = Some(kind.to_owned());
        unit.enqueue(NewJob { kind, tenant: None, payload, run_at: ctx.clock().now(), unique_key });
    }
    unit.commit().await.map(|_| ())
}

/// Job that forgets old events, once an hour.
const FORGET_EVENTS: &str = "events.forget";

fn forget_events(ctx: Ctx, task: Task) -> BoxFuture<'static, kernel::Result<Outcome>> {
    Box::pin(async move {
        let days = task.payload["days"].as_u64().unwrap_or(31);
        let before = ctx.clock().now().minus(Duration::from_secs(days * 86_400));
        ctx.db.forget_events(before).await?;
        Ok(Outcome::Again(Duration::from_secs(3_600)))
    })
}
