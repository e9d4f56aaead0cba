//! `/inbound/whatsapp/{app}`: Meta asks whether the address is ours, and delivers.
//!
//! The bytes are taken as they come, the signature is checked before anything is read of them, and 200 is said when they
//! are stored. What they say is found out later: nothing a body holds can make this answer a fault of ours.

use std::time::Duration;

use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use futures::StreamExt;
use kernel::{Error, Kind, Result};
use whatsapp::inbound::{MOST, count};
use whatsapp::signature::HEADER;

use crate::State;
use crate::problem::Answer;

/// Longest time a body may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(challenge).service(deliver);
}

/// Meta asks, when the callback is saved, whether it is ours. Parameters have dots in their names.
#[utoipa::path(tag = "whatsapp", params(("app" = String, Path)), responses((status = 200, content_type = "text/plain", body = String, description = "The challenge."), (status = 403, description = "challenge_refused, whatever was wrong.")), security(()))]
#[get("/inbound/whatsapp/{app}")]
async fn challenge(api: State, request: HttpRequest, app: web::Path<String>) -> Answer<HttpResponse> {
    let query = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let query = query.map(web::Query::into_inner).unwrap_or_default();
    match api.whatsapp.challenge(&app, &query).await? {
        Some(challenge) => Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(challenge)),
        None => {
            Err(Error::forbidden("challenge_refused", "This is not a callback of ours, or the token is wrong.").into())
        }
    }
}

/// One delivery, signed with the app's secret in `X-Hub-Signature-256`. 200 means stored.
#[utoipa::path(tag = "whatsapp", params(("app" = String, Path)), responses((status = 200, description = "Stored."), (status = 401, description = "signature_refused, whatever was wrong."), (status = 413, description = "delivery_too_large")), security(()))]
#[post("/inbound/whatsapp/{app}")]
async fn deliver(
    api: State,
    request: HttpRequest,
    app: web::Path<String>,
    payload: web::Payload,
) -> Answer<HttpResponse> {
    let header = request.headers().get(HEADER).map(|value| value.as_bytes().to_vec());
    // who has no signature to show is not listened to
    let caller = match &header {
        Some(_) => api.whatsapp.caller(&app).await?,
        None => None,
    };
    let Some(caller) = caller else { return Err(refused().into()) };
    let body = tokio::time::timeout(PATIENCE, read(&request, payload)).await.map_err(|_| broken())??;
    match api.whatsapp.accept(&caller, header.as_deref(), &body).await? {
        true => Ok(HttpResponse::Ok().finish()),
        false => Err(refused().into()),
    }
}

async fn read(request: &HttpRequest, mut payload: web::Payload) -> Result<web::BytesMut> {
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > MOST) {
        return Err(too_large());
    }
    let mut body = web::BytesMut::with_capacity(declared.unwrap_or_default());
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| broken())?;
        if body.len() + chunk.len() > MOST {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// One answer for a missing or wrong signature, an app that is not here, and one without a secret.
fn refused() -> Error {
    count("refused");
    Error::unauthenticated("signature_refused", "This delivery is not signed by an app that is known here.")
}

fn too_large() -> Error {
    count("too_large");
    Error::new(Kind::TooLarge, "delivery_too_large", "A delivery may have 4 MiB at most.")
}

fn broken() -> Error {
    Error::invalid("body_broken", "The body ended too early.")
}
