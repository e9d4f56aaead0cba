//! A file for Meta's reviewers: the body is its bytes, as they are.

use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, post, web};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use kernel::{Error, Kind, Result, WaAccountId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use whatsapp::template::{self, sample::MOST};

use crate::State;
use crate::extract::{AgentScope, PathId, Query};
use crate::problem::Answer;

/// Longest time a body may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(give);
}

/// How the file is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Called {
    /// Its name, for Meta's reviewers.
    #[serde(default)]
    name: String,
}

/// What Meta calls the sample.
#[derive(Serialize, ToSchema)]
struct WhatsAppSample {
    /// For `example.header_handle` of a template's heading; it is good for hours.
    handle: String,
}

/// Hands a sample to Meta's reviewers, for the heading of a template; nothing of it is kept here.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path), Called), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes; Content-Type says what they are."), responses((status = 201, body = WhatsAppSample), (status = 413, description = "sample_too_large"), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/accounts/{id}/sample")]
async fn give(
    api: State,
    who: AgentScope,
    id: PathId<WaAccountId>,
    called: Query<Called>,
    request: HttpRequest,
    payload: web::Payload,
) -> Answer<HttpResponse> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let bytes = tokio::time::timeout(PATIENCE, whole(payload)).await.map_err(|_| broken())??;
    let handle = template::sample::give(&api.ctx, &who.0, id.0, &called.0.name, &kind, &bytes).await?;
    Ok(HttpResponse::Created().json(WhatsAppSample { handle }))
}

async fn whole(mut payload: web::Payload) -> Result<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|_| broken())?;
        if bytes.len() + part.len() > MOST {
            return Err(Error::new(Kind::TooLarge, "sample_too_large", "A sample may have 5 MiB at most."));
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes.freeze())
}

fn broken() -> Error {
    Error::invalid("body_broken", "The body ended too early.")
}
