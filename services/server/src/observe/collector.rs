//! The bridge between the spans all crates make and the places they are carried to.

use kernel::trace::{Collector, Place};
use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// Reads and writes places of `tracing`'s spans.
pub struct Spans {
    believes_proxies: bool,
}

impl Spans {
    pub fn new(believes_proxies: bool) -> Self {
        Self { believes_proxies }
    }
}

impl Collector for Spans {
    fn place(&self, span: &Span) -> Option<Place> {
        let context = span.context();
        let at = context.span().span_context().clone();
        if !at.is_valid() || !at.is_sampled() {
            return None;
        }
        Place::parse(&format!("00-{}-{}-{:02x}", at.trace_id(), at.span_id(), at.trace_flags().to_u8()))
    }

    fn follow(&self, span: &Span, from: &Place) {
        let Some(from) = spelled(from) else { return };
        // a span nobody collects has no parent to be given
        let _ = span.set_parent(Context::new().with_remote_span_context(from));
    }

    fn link(&self, span: &Span, to: &Place) {
        if let Some(to) = spelled(to) {
            span.add_link(to);
        }
    }

    fn believes_proxies(&self) -> bool {
        self.believes_proxies
    }
}

fn spelled(place: &Place) -> Option<SpanContext> {
    let mut parts = place.as_str().split('-').skip(1);
    let trace = TraceId::from_hex(parts.next()?).ok()?;
    let span = SpanId::from_hex(parts.next()?).ok()?;
    let flags = u8::from_str_radix(parts.next()?, 16).ok()?;
    Some(SpanContext::new(trace, span, TraceFlags::new(flags & 1), true, TraceState::default()))
}
