//! What is told of a job's run: one span, one measure. Ids and kinds, never the payload.

use std::time::Duration;

use kernel::trace;
use metrics::histogram;
use tracing::{Span, debug_span, field};

use crate::jobs::{Outcome, Task};

/// A span below the request that left the job, or at the root of a trace of its own.
pub(super) fn span(task: &Task) -> Span {
    let span = debug_span!(
        parent: None,
        "job",
        otel.name = task.kind,
        otel.kind = "consumer",
        otel.status_code = field::Empty,
        job.kind = task.kind,
        job.id = %task.id,
        job.attempts = task.attempts,
        job.outcome = field::Empty,
        tenant.id = task.tenant.map(|tenant| tenant.to_string()),
    );
    if let Some(from) = &task.trace {
        trace::follow(&span, from);
    }
    span
}

/// Notes how it ended.
pub(super) fn ended(span: &Span, task: &Task, outcome: &kernel::Result<Outcome>, took: Duration) {
    let word = match outcome {
        Ok(Outcome::Done) => "done",
        Ok(Outcome::Again(_)) => "again",
        Ok(Outcome::GiveUp(_)) => "gave_up",
        Err(_) => "failed",
    };
    span.record("job.outcome", word);
    if outcome.is_err() {
        span.record("otel.status_code", "ERROR");
    }
    histogram!("porchlight_job_seconds", "kind" => task.kind.clone(), "outcome" => word).record(took.as_secs_f64());
}
