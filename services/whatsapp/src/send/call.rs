//! One call, from a row that is committed as being called to what follows from the answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chat::Ctx;
use kernel::Kind;

use super::answer::{Answered, answered};
use super::compose::{Composed, compose};
use super::file::disowned;
use super::settle::{Known, settle};
use crate::graph::Graph;
use crate::tables::outgoing;

/// How often it is tried to write down what is known: a database may be busy for a moment.
const TRIES: u32 = 6;

/// Makes it, and writes down what became of it. If that cannot be written, the row stands as being called until its time
/// is over, and is unknown then: nothing is ever called twice for it.
pub async fn make(ctx: Ctx, row: outgoing::Model, is_over: Arc<AtomicBool>) {
    let known = known(&ctx, &row).await;
    for n in 1..=TRIES {
        match settle(&ctx, &row, &known, is_over.load(Ordering::SeqCst)).await {
            Ok(()) => return,
            Err(error) if error.kind() == Kind::Unavailable && n < TRIES => {
                tokio::time::sleep(Duration::from_millis(100) * n).await;
            }
            Err(error) => return tracing::error!(send.id = %row.id, error = ?error, "a sending could not be settled"),
        }
    }
}

async fn known(ctx: &Ctx, row: &outgoing::Model) -> Known {
    match compose(ctx, row).await {
        Ok(Composed::Call { number, token, outgoing, file }) => {
            let path = [number.phone_number_id.as_str(), "messages"];
            let said = answered(Graph::of(ctx, token).say(&path, &outgoing.body()).await);
            Known::Answered(match file {
                Some(file) => disowned(ctx, &number, file, said).await,
                None => said,
            })
        }
        Ok(Composed::Not(known)) => known,
        Err(error) => not_called(row, error),
    }
}

/// It was not called at all: a fault of ours is no reason to give it up, but not to try it for ever either.
fn not_called(row: &outgoing::Model, error: kernel::Error) -> Known {
    tracing::warn!(send.id = %row.id, error = ?error, "a sending could not be put together");
    match error.kind() {
        Kind::Unavailable => Known::Answered(Answered::NotSent),
        _ => Known::Answered(Answered::Strange(0)),
    }
}
