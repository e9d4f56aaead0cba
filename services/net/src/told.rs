//! What is told of a call to the outside: one span, one measure. Whom it went to and how it ended, never what was said:
//! no address, no path, no header. Nothing of a trace is sent along; strangers learn nothing of our numbers.

use std::future::Future;
use std::time::Instant;

use metrics::histogram;
use tracing::{Instrument, debug_span, field};

/// How a call ended.
pub(crate) struct Ended {
    /// One of few words.
    pub outcome: &'static str,
    /// What the other end answered.
    pub status: Option<u16>,
    /// Whether it is a fault that somebody may have to look at.
    pub is_fault: bool,
}

impl Ended {
    pub const fn well() -> Self {
        Self { outcome: "ok", status: None, is_fault: false }
    }

    pub const fn badly(outcome: &'static str) -> Self {
        Self { outcome, status: None, is_fault: true }
    }

    /// By what was answered.
    pub const fn with(status: u16) -> Self {
        let is_fault = status >= 500 || status == 429;
        let outcome = if is_fault { "fault" } else { "answered" };
        Self { outcome, status: Some(status), is_fault }
    }
}

/// Does the work and tells of it.
pub(crate) async fn call<T>(to: &'static str, judge: impl FnOnce(&T) -> Ended, work: impl Future<Output = T>) -> T {
    let span = debug_span!(
        "call",
        otel.name = to,
        otel.kind = "client",
        otel.status_code = field::Empty,
        peer.service = to,
        http.response.status_code = field::Empty,
        call.outcome = field::Empty,
    );
    let began = Instant::now();
    let done = work.instrument(span.clone()).await;
    let ended = judge(&done);
    span.record("call.outcome", ended.outcome);
    if let Some(status) = ended.status {
        span.record("http.response.status_code", status);
    }
    if ended.is_fault {
        span.record("otel.status_code", "ERROR");
    }
    histogram!("porchlight_outbound_seconds", "to" => to, "outcome" => ended.outcome)
        .record(began.elapsed().as_secs_f64());
    done
}
