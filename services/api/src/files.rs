//! `/f/{token}`: the bytes of a file, for whoever holds a link. No cookie, no token of a person, and headers that leave a
//! browser nothing to run.

use actix_web::body::SizedStream;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    HeaderName, HeaderValue, IF_RANGE, RANGE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse, ResponseError, get, head, web};
use chat::files::{self, Served};
use futures::stream;
use kernel::{Error, Result};

use crate::State;
use crate::problem::Problem;
use crate::range::{Wanted, wanted};

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(give).service(describe);
}

/// The bytes behind a link that lives for minutes: all, or one range of up to 10 MB.
#[utoipa::path(tag = "files", params(("token" = String, Path)), responses((status = 200, content_type = "*/*", description = "The bytes."), (status = 206, content_type = "*/*", description = "A part of them."), (status = 404, description = "No link of ours."), (status = 410, description = "link_expired, file_gone"), (status = 416, description = "No such part.")), security(()))]
#[get("/f/{token}")]
async fn give(api: State, request: HttpRequest, token: web::Path<String>) -> HttpResponse {
    answer(&api, &request, &token, true).await
}

/// The same without the bytes.
#[utoipa::path(tag = "files", params(("token" = String, Path)), responses((status = 200, description = "As GET, without a body.")), security(()))]
#[head("/f/{token}")]
async fn describe(api: State, request: HttpRequest, token: web::Path<String>) -> HttpResponse {
    answer(&api, &request, &token, false).await
}

async fn answer(api: &State, request: &HttpRequest, token: &str, with_body: bool) -> HttpResponse {
    match found(api, request, token, with_body).await {
        Ok(response) => response,
        Err(error) => dressed(Problem(error).error_response(), false),
    }
}

async fn found(api: &State, request: &HttpRequest, token: &str, with_body: bool) -> Result<HttpResponse> {
    let served = files::follow(&api.ctx, token).await?;
    // we give nothing that a condition could name
    let range = request.headers().get(RANGE).filter(|_| !request.headers().contains_key(IF_RANGE));
    let (part, mut answer) = match wanted(range.and_then(|value| value.to_str().ok()), served.bytes) {
        Wanted::All => (None, HttpResponse::Ok()),
        Wanted::Part(part) => {
            let mut answer = HttpResponse::PartialContent();
            let shown = format!("bytes {}-{}/{}", part.start, part.end - 1, served.bytes);
            answer.insert_header((CONTENT_RANGE, shown));
            (Some(part), answer)
        }
        Wanted::Nothing => return Ok(not_there(&served)),
    };
    let length = part.as_ref().map_or(served.bytes, |part| part.end - part.start);
    answer
        .insert_header((CONTENT_TYPE, served.media_type.as_str()))
        .insert_header((CONTENT_DISPOSITION, served.disposition.as_str()))
        .insert_header((CACHE_CONTROL, "private, max-age=300, immutable"))
        .insert_header((ACCEPT_RANGES, "bytes"));
    let response = match with_body {
        true => answer.body(SizedStream::new(length, files::bytes(&api.ctx, &served, part).await?.body)),
        false => answer.body(SizedStream::new(length, stream::empty::<Result<web::Bytes>>())),
    };
    Ok(dressed(response, served.shown))
}

fn not_there(served: &Served) -> HttpResponse {
    let error = Error::invalid("range_refused", "This part is not there.");
    let mut response = HttpResponse::RangeNotSatisfiable();
    response.insert_header((CONTENT_RANGE, format!("bytes */{}", served.bytes)));
    response.insert_header((CONTENT_TYPE, "application/problem+json"));
    let document = crate::problem::document(&error, actix_web::http::StatusCode::RANGE_NOT_SATISFIABLE);
    dressed(response.body(document.to_string()), false)
}

/// What every answer here carries, refusals too (security.md 5.4). `shown`: pages of our other hosts may show it.
fn dressed(mut response: HttpResponse, shown: bool) -> HttpResponse {
    let policy = if shown { "cross-origin" } else { "same-site" };
    let all = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), policy),
        (REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in all {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
