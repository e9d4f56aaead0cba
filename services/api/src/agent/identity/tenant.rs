//! The workspace itself.

use actix_web::{HttpResponse, get, patch};
use chat::identity;
use kernel::wire::Tenant;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::State;
use crate::extract::{AgentScope, Json};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(show).service(change);
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeTenant {
    /// 1 to 80 characters.
    name: String,
}

/// The workspace.
#[utoipa::path(tag = "tenant", responses((status = 200, body = Tenant)), security(("agent" = [])))]
#[get("/v1/tenant")]
async fn show(api: State, who: AgentScope) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(identity::show_tenant(&api.ctx, &who.0).await?))
}

/// Gives the workspace another name. Owners only.
#[utoipa::path(tag = "tenant", request_body = ChangeTenant, responses((status = 200, body = Tenant)), security(("agent" = [])))]
#[patch("/v1/tenant")]
async fn change(api: State, who: AgentScope, body: Json<ChangeTenant>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(identity::rename_tenant(&api.ctx, &who.0, &body.0.name).await?))
}
