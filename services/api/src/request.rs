//! One span, one id and the measures of a request.
//!
//! A trace that somebody else began goes on here only when its word can be believed: operators' own, and, if the
//! configuration says so, one of our proxies'. A stranger could otherwise have everything of theirs kept.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use kernel::TenantId;
use kernel::trace::{self, Place};
use metrics::{Gauge, counter, gauge, histogram};
use tracing::{Instrument, Span, debug_span, field};
use uuid::Uuid;

use crate::State;

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request being worked on; empty outside of one.
pub fn id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Notes whose request it is, for whoever looks at its trace.
pub(crate) fn whose(tenant: TenantId) {
    if trace::is_on() {
        Span::current().record("tenant.id", field::display(tenant));
    }
}

/// Middleware of listeners strangers reach: names the request and measures it.
pub async fn trace<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let from = if is_of_a_proxy(&request) { believed(&request) } else { None };
    told(from, request, next).await
}

/// The same for the listener that only operators reach.
pub async fn trace_inside<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let from = if trace::is_on() { believed(&request) } else { None };
    told(from, request, next).await
}

fn is_of_a_proxy(request: &ServiceRequest) -> bool {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    let ours = |state: &State| peer.is_some_and(|peer| state.proxies.iter().any(|net| net.contains(&peer)));
    trace::believes_proxies() && request.app_data::<State>().is_some_and(ours)
}

fn believed(request: &ServiceRequest) -> Option<Place> {
    let mut headers = request.headers().get_all("traceparent");
    let (header, None) = (headers.next()?, headers.next()) else { return None };
    Place::parse(header.to_str().ok()?)
}

/// Paths are told by pattern: ids are not names, tokens never are in one.
#[expect(clippy::disallowed_methods, reason = "names a request in the log and nothing else")]
async fn told<B: MessageBody>(
    from: Option<Place>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let id = format!("req_{}", Uuid::new_v4().as_simple());
    let (method, began, _here) = (method(&request), Instant::now(), Here::begin());
    let span = begin(&id, method, from.as_ref());
    name(&span, method, &request);
    let answer = REQUEST_ID.scope(id.clone(), next.call(request).instrument(span.clone()));
    let mut response = answer.await?;
    let pattern = response.request().match_pattern().unwrap_or_else(|| "other".to_owned());
    end(&span, &pattern, response.status().as_u16());
    let status = response.status().as_u16().to_string();
    histogram!("porchlight_http_request_seconds", "method" => method, "route" => pattern, "status" => status)
        .record(began.elapsed().as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}

fn begin(id: &str, method: &'static str, from: Option<&Place>) -> Span {
    let span = debug_span!(
        parent: None,
        "request",
        request.id = %id,
        otel.kind = "server",
        otel.name = field::Empty,
        otel.status_code = field::Empty,
        http.request.method = method,
        http.route = field::Empty,
        http.response.status_code = field::Empty,
        tenant.id = field::Empty,
    );
    if let Some(from) = from {
        trace::follow(&span, from);
    }
    span
}

/// At once: as soon as something stands below a span, its name can no longer be changed.
fn name(span: &Span, method: &str, request: &ServiceRequest) {
    if !span.is_disabled() {
        let pattern = request.match_pattern().unwrap_or_else(|| "other".to_owned());
        span.record("otel.name", format!("{method} {pattern}"));
    }
}

fn end(span: &Span, pattern: &str, status: u16) {
    if span.is_disabled() {
        return;
    }
    span.record("http.route", pattern);
    span.record("http.response.status_code", status);
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// A stranger's own word for a method is nobody's measure.
fn method(request: &ServiceRequest) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// One request being worked on; also when its caller leaves in between.
struct Here(Gauge);

impl Here {
    fn begin() -> Self {
        let here = gauge!("porchlight_http_requests_in_flight");
        here.increment(1.0);
        Self(here)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// The limits by their numbers.
const LIMITS: [&str; 11] = [
    "arrive",
    "widget",
    "open",
    "open_by_address",
    "open_by_widget",
    "say",
    "attach",
    "fetch",
    "profile",
    "tenant",
    "knock",
];

/// Counts what a limit refused.
pub(crate) fn refused(limit: u8) {
    let name = LIMITS.get(usize::from(limit).wrapping_sub(1)).copied().unwrap_or("other");
    counter!("porchlight_limits_refused_total", "limit" => name).increment(1);
}
