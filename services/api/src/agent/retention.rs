//! How long things are kept.

use actix_web::{HttpResponse, get, put};
use chat::files;
use kernel::wire::FileRetention;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{AgentScope, Json};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(show).service(set);
}

/// How long things are kept.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Retention {
    /// Days until files expire, by channel.
    files: FileRetention,
}

/// How long things are kept.
#[utoipa::path(tag = "files", responses((status = 200, body = Retention)), security(("agent" = [])))]
#[get("/v1/retention")]
async fn show(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let files = files::show_retention(&api.ctx, &who.0).await?;
    Ok(HttpResponse::Ok().json(Retention { files }))
}

/// Decides how long things are kept: 1 to 3,650 days, `null` for as long as the conversation.
#[utoipa::path(tag = "files", request_body = Retention, responses((status = 200, body = Retention)), security(("agent" = [])))]
#[put("/v1/retention")]
async fn set(api: State, who: AgentScope, body: Json<Retention>) -> Answer<HttpResponse> {
    let files = files::set_retention(&api.ctx, &who.0, body.0.files).await?;
    Ok(HttpResponse::Ok().json(Retention { files }))
}
