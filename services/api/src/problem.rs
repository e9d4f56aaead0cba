//! Refusals as RFC 9457 documents: one table from kinds to statuses.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use kernel::{Error, Kind};
use serde_json::{Value, json};

use crate::request;

/// A refusal on its way out.
#[derive(Debug)]
pub struct Problem(pub Error);

/// What handlers return.
pub type Answer<T> = Result<T, Problem>;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(&self.0)
    }

    fn error_response(&self) -> HttpResponse {
        let error = &self.0;
        let status = status(error);
        // whoever asks for too much must not fill the log as well
        if status.is_server_error() && error.code() != "tenant_busy" {
            tracing::error!(code = error.code(), cause = ?error, "request failed");
        }
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = come_again(error) {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
            // nothing remains of it until then
            response.insert_header(("RateLimit", format!("\"{}\";r=0;t={seconds}", error.code())));
        }
        response.body(document(error, status).to_string())
    }
}

/// Seconds after which trying again makes sense: said with every 429 and 503.
fn come_again(error: &Error) -> Option<u32> {
    match error.kind() {
        Kind::Limited | Kind::Unavailable => Some(error.retry_after().unwrap_or(1)),
        _ => error.retry_after(),
    }
}

/// The document of a refusal.
pub fn document(error: &Error, status: StatusCode) -> Value {
    let fields: Vec<_> =
        error.fields().iter().map(|f| json!({ "field": f.field, "code": f.code, "detail": f.detail })).collect();
    let mut body = json!({
        "type": format!("https://porchlight.invalid/errors/{}", error.code()),
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": error.detail(),
        "code": error.code(),
        "request_id": request::id(),
    });
    if !fields.is_empty() {
        body["fields"] = fields.into();
    }
    if let (Some(Value::Object(extra)), Value::Object(body)) = (error.extra(), &mut body) {
        body.extend(extra.clone());
    }
    body
}

fn status(error: &Error) -> StatusCode {
    match error.kind() {
        Kind::Invalid if error.fields().is_empty() => StatusCode::BAD_REQUEST,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Gone => StatusCode::GONE,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::LengthRequired => StatusCode::LENGTH_REQUIRED,
        Kind::Limited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
