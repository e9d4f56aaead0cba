//! The product, in ranked slices. A slice may use slices above it in this list, never below:
//!
//! 1. [`identity`] tenants, agents, roles, invitations, sessions, tokens
//! 2. [`widgets`] settings, snippet, where a widget was seen, tickets
//! 3. [`domains`] claims, proofs, re-checks, the gate
//! 4. [`contacts`] visitors and what they said of themselves
//! 5. [`inbox`] conversations, messages, receipts, assignment
//! 6. [`operator`] platform staff: tenants, suspension, audit
//!
//! Every operation takes the [`Ctx`] and a [`kernel::Scope`]; role rules are its first lines, because HTTP, jobs and
//! channels all call it. Nothing here knows HTTP.

pub mod contacts;
mod ctx;
pub mod domains;
pub mod identity;
pub mod inbox;
pub mod operator;
pub mod widgets;

pub use ctx::{Ctx, Site};

use store::Handler;

/// Every kind of job the product knows, with its handler.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    [identity::jobs(), widgets::jobs(), domains::jobs()].concat()
}
