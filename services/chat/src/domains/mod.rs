//! Which sites may run a widget: claims to hosts, their proofs, and the gate.
//!
//! Promises:
//! - An origin is let in only while a claim of *this widget* to it is verified, or in its grace time. The gate reads
//!   the table; there is no second list that could be forgotten.
//! - A proof is "we gave this token to this tenant, then it stood there". It is asked for again every day. What is
//!   plainly gone darkens the widget after 72 hours; what merely could not be looked at does not before seven days.
//! - Claims are not exclusive and are never inherited: two tenants may prove the same host with two tokens, the others
//!   that hold it are told, and a claim made anew gets a new token.
//! - Reasons shown to people are a closed set. What we saw on the way is kept for us alone.
//! - No transaction is open while the outside world is asked: a job asks, then writes.

mod check;
mod claim;
mod evidence;
mod gate;
mod instructions;
mod jobs;
mod letters;
mod life;
mod list;
mod proof;
mod tables;

pub use check::check;
pub use claim::{NewClaim, claim, release};
pub use gate::{Pass, covers, forget, may_run, sources};
pub use list::{blocked, list, show};

use store::Handler;

use crate::Ctx;

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    vec![
        (jobs::CHECK, |ctx, task| Box::pin(jobs::check(ctx, task))),
        (jobs::SWEEP, |ctx, task| Box::pin(jobs::sweep(ctx, task))),
        (letters::GATHER, |ctx, task| Box::pin(letters::gather(ctx, task))),
        (letters::SEND, |ctx, task| Box::pin(letters::send(ctx, task))),
    ]
}

/// The kinds of jobs that send letters of this slice.
pub(crate) const LETTERS: [&str; 2] = [letters::GATHER, letters::SEND];
