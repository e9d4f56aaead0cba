//! JSON bodies: at most 64 KiB, declared as JSON, no unknown members.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{FromRequest, HttpRequest, web};
use futures::StreamExt;
use kernel::Error;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// Longest body a route takes.
const MOST: usize = 64 * 1024;

/// Longest time a body may take: whoever sends one byte at a time holds no worker for long.
const PATIENCE: Duration = Duration::from_secs(10);

/// A checked body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let declared = check_headers(request);
        let payload = payload.take();
        Box::pin(async move {
            declared?;
            let body = tokio::time::timeout(PATIENCE, read(payload)).await.map_err(|_| too_slow())??;
            serde_json::from_slice(&body).map(Json).map_err(|error| Problem(refusal(&error)))
        })
    }
}

fn check_headers(request: &HttpRequest) -> Result<(), Error> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Error::invalid("json_needed", "Send the body as application/json."));
    }
    // a compressed body could be a bomb; nobody needs one here
    if request.headers().contains_key(CONTENT_ENCODING) {
        return Err(Error::invalid("encoding_refused", "Send the body without Content-Encoding."));
    }
    Ok(())
}

async fn read(mut payload: Payload) -> Result<web::BytesMut, Error> {
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Error::invalid("body_broken", "The body ended too early."))?;
        if body.len() + chunk.len() > MOST {
            return Err(Error::invalid("body_too_large", "The body may have 64 KiB at most."));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn too_slow() -> Error {
    Error::invalid("body_too_slow", "The body took more than ten seconds to arrive.")
}

fn refusal(error: &serde_json::Error) -> Error {
    // serde's sentence names members and positions of the caller's own text, nothing of ours
    Error::invalid("invalid_json", format!("The body does not fit: {error}."))
}
