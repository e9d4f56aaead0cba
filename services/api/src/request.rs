//! One span, one id and one measure per request.

use std::time::Instant;

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use tracing::Instrument;
use uuid::Uuid;

tokio::task_local! {
    static REQUEST_ID: String;
}

/// The id of the request being worked on; empty outside of one.
pub fn id() -> String {
    REQUEST_ID.try_with(Clone::clone).unwrap_or_default()
}

/// Middleware: names the request and measures it. Paths are told by pattern: ids are not names, tokens never are in one.
#[expect(clippy::disallowed_methods, reason = "names a request in the log and nothing else")]
pub async fn trace<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let id = format!("req_{}", Uuid::new_v4().as_simple());
    let span = tracing::debug_span!("request", request.id = %id, method = %request.method());
    let began = Instant::now();
    let answer = REQUEST_ID.scope(id.clone(), next.call(request).instrument(span));
    let mut response = answer.await?;
    let pattern = response.request().match_pattern().unwrap_or_else(|| "other".to_owned());
    let status = response.status().as_u16().to_string();
    metrics::histogram!("http_request_seconds", "route" => pattern, "status" => status)
        .record(began.elapsed().as_secs_f64());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    Ok(response)
}
