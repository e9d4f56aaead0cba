//! Is the process there, and can it acknowledge a message?

use actix_web::{HttpResponse, get};

use crate::State;
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(healthz).service(readyz);
}

/// The process answers.
#[utoipa::path(tag = "health", responses((status = 200, description = "The process answers.")), security(()))]
#[get("/healthz")]
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("ok\n")
}

/// A message could be acknowledged now.
#[utoipa::path(tag = "health", responses((status = 200, description = "A message could be acknowledged."), (status = 503, description = "Not now.")), security(()))]
#[get("/readyz")]
async fn readyz(api: State) -> Answer<HttpResponse> {
    api.ctx.db.is_ready().await?;
    Ok(HttpResponse::Ok().content_type("text/plain").body("ready\n"))
}
