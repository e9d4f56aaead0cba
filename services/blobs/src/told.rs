//! What is told of a call to an S3 store: one span, one measure. Never a key or a name.

use std::future::Future;
use std::time::Instant;

use kernel::{Kind, Result};
use metrics::histogram;
use tracing::{Instrument, debug_span, field};

/// Does the work and tells of it.
pub(crate) async fn call<T>(what: &'static str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let span = debug_span!(
        "blobs",
        otel.name = what,
        otel.kind = "client",
        otel.status_code = field::Empty,
        peer.service = "blobs",
        call.outcome = field::Empty,
    );
    let began = Instant::now();
    let done = work.instrument(span.clone()).await;
    let outcome = match &done {
        Ok(_) => "ok",
        Err(error) if error.kind() == Kind::Unavailable => "away",
        Err(_) => "refused",
    };
    span.record("call.outcome", outcome);
    if outcome == "away" {
        span.record("otel.status_code", "ERROR");
    }
    histogram!("porchlight_blobs_seconds", "what" => what, "outcome" => outcome).record(began.elapsed().as_secs_f64());
    done
}
