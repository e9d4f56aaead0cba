//! Pushes: what is sent to whom, in which bytes, signed how, and again until somebody answers 200.

mod batch;
mod deliver;
mod envelope;
mod outbox;
mod report;
mod retry;
mod route;
mod sign;
mod update;
mod verify;
mod wire;

pub use batch::{deliver_bytes, emit, flush};
pub use deliver::start;
pub use envelope::envelope;
pub use outbox::{Delivery, Outbox};
pub use retry::{delays, horizon};
pub use route::{Target, targets};
pub use sign::{sha1_hex, sha256_hex};
pub use update::{Part, Update};
pub use verify::verify;
pub use wire::{escaped, write};
