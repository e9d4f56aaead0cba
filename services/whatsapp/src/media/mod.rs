//! Media, both ways.
//!
//! Promises:
//! - a message never waits for its file: it stands in the inbox first, with its words, and the file comes to it;
//! - a file that does not come is asked for again, ever more seldom, and in the end the message says why it is missing;
//! - only bytes whose hash is the one Meta named are kept, and nobody has them before our own inspector looked at them;
//! - an account's token goes to Meta's hosts and to nobody else, and no browser ever sees an address of Meta's;
//! - a file is handed to Meta once per number and month, however often its message is tried.

mod again;
mod fetch;
mod hand_over;
mod hash;
mod plan;
mod trouble;
mod upload;

pub use again::fetch_again;
pub use fetch::run as fetch;
pub use hand_over::hand_over;
pub use plan::{FETCH, fetch_later};
pub use upload::{Handed, Unsent, forget_upload, upload};

use std::time::Duration;

use chat::Ctx;
use kernel::{Result, Timestamp};
use store::{Handler, Whose};

use crate::tables;

/// Longer than Meta answers for a file somebody sent.
const BROUGHT: Duration = Duration::from_secs(8 * 24 * 3_600);
/// As long as Meta keeps what it was given.
const GIVEN: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Rows in one write.
const AT_ONCE: u64 = 200;

/// Jobs of this folder.
pub fn jobs() -> Vec<(&'static str, Handler<Ctx>)> {
    vec![(plan::FETCH, |ctx, task| Box::pin(fetch::run(ctx, task)))]
}

/// Forgets what Meta has forgotten.
pub async fn forget(ctx: &Ctx, now: Timestamp) -> Result<()> {
    loop {
        let unit = ctx.db.write(Whose::Platform).await?;
        let gone = tables::media::forget(unit.conn(), now.minus(BROUGHT), AT_ONCE).await?
            + tables::upload::forget(unit.conn(), now.minus(GIVEN), AT_ONCE).await?;
        unit.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}
