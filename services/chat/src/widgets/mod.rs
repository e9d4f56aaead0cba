//! Being built.

use store::Handler;

use crate::Ctx;

/// Jobs of this slice.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    Vec::new()
}
