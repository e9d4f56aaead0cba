//! WhatsApp: the Business Platform's way of speaking, and what follows from it for the inbox.
//!
//! Promises:
//! - nothing of a delivery is read before the secret of the app it was sent to has vouched for its bytes;
//! - what was answered with 200 is committed, sealed, and kept for as long as Meta could repeat it;
//! - each item of a delivery stands alone: one that cannot be worked on is written down and harms no other;
//! - an app speaks for the accounts that were connected through it and for no others, whatever a body says;
//! - secrets are written and never shown; taking them out takes no history away.
//!
//! The pure rules ([`signature`], [`payload`], [`alias`], [`window`], [`failure`], [`outgoing`], [`pace`], [`template`])
//! know no clock, no network and no table.

pub mod account;
mod address_book;
pub mod alias;
pub mod app;
pub mod doctor;
pub mod doctor_loop;
mod echo;
pub mod failure;
mod graph;
mod hint;
pub mod history;
pub mod inbound;
mod ingest;
mod keep;
mod letters;
pub mod media;
pub mod merge;
mod nudge;
pub mod number;
pub mod outgoing;
pub mod pace;
pub mod payload;
mod person;
mod preference;
pub mod profile;
mod queues;
mod receive;
pub mod recorder;
pub mod restored;
mod sealed;
pub mod seen;
pub mod send;
pub mod signature;
pub mod signup;
mod standing;
mod status;
mod tables;
pub mod template;
mod wamid;
pub mod window;

pub use queues::{Queues, queues};
pub use sealed::SEALED;

use std::time::Duration;

use chat::Ctx;
use kernel::Result;
use store::{Handler, NewJob, Outcome, Whose};

/// Job that removes deliveries that are over, once an hour.
const FORGET: &str = "whatsapp.forget";
/// How long what was said about a message waits for the message: Meta takes no reactions to older ones.
const EARLY: Duration = Duration::from_secs(31 * 86_400);
/// How long a state waits for its message: longer than Meta repeats itself.
const ORPHAN: Duration = Duration::from_secs(8 * 86_400);
/// How many at once.
const FORGOTTEN: i64 = 500;

/// Every kind of job this crate knows, with its handler.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    vec![
        (ingest::INGEST, |ctx, task| Box::pin(ingest::run(ctx, task))),
        (chat::inbox::READ, |ctx, task| Box::pin(seen::read(ctx, task))),
        (nudge::NUDGE, |ctx, task| Box::pin(nudge::run(ctx, task))),
        (chat::inbox::SEND, |ctx, task| Box::pin(send::run(ctx, task))),
        (echo::PARKED, |ctx, task| Box::pin(echo::run(ctx, task))),
        (history::PAST, |ctx, task| Box::pin(history::run(ctx, task))),
        (FORGET, |ctx, _| Box::pin(forget(ctx))),
        (template::sync::SYNC, |ctx, task| Box::pin(template::sync::run(ctx, task))),
        (template::sync::DAILY, |ctx, _| Box::pin(template::sync::daily(ctx))),
        (letters::GATHER, |ctx, task| Box::pin(letters::gather(ctx, task))),
        (letters::SEND, |ctx, task| Box::pin(letters::send(ctx, task))),
        (media::FETCH, |ctx, task| Box::pin(media::fetch(ctx, task))),
    ]
}

/// Puts the jobs that come back by themselves in place; a job that is there already stays.
pub async fn schedule(ctx: &Ctx) -> Result<()> {
    let mut unit = ctx.db.write(Whose::Platform).await?;
    for kind in [FORGET, template::sync::DAILY] {
        let (payload, unique_key) = (serde_json::Value::Null, Some(kind.to_owned()));
        unit.enqueue(NewJob { kind, tenant: None, payload, run_at: ctx.clock().now(), unique_key });
    }
    unit.commit().await.map(|_| ())
}

async fn forget(ctx: Ctx) -> Result<Outcome> {
    let now = ctx.clock().now();
    ingest::revive(&ctx).await?;
    media::forget(&ctx, now).await?;
    history::revive(&ctx).await?;
    let unit = ctx.db.write(Whose::Platform).await?;
    tables::early::forget(unit.conn(), now.minus(EARLY)).await?;
    tables::orphan::forget(unit.conn(), now.minus(ORPHAN), FORGOTTEN).await?;
    unit.commit().await?;
    loop {
        let unit = ctx.db.write(Whose::Platform).await?;
        let gone = tables::delivery::forget(unit.conn(), now, FORGOTTEN).await?;
        unit.commit().await?;
        if gone == 0 {
            return Ok(Outcome::Again(Duration::from_secs(3_600)));
        }
    }
}
