//! What was written on a phone before its number was connected.

use actix_web::{HttpResponse, get, post};
use kernel::WaNumberId;
use kernel::wire::WhatsAppImport;
use whatsapp::history;

use crate::State;
use crate::extract::{AgentScope, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(show).service(ask);
}

/// How far the past of a number that is used on a phone as well has come into the inbox.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 200, body = WhatsAppImport)), security(("agent" = [])))]
#[get("/v1/whatsapp/numbers/{id}/import")]
async fn show(api: State, who: AgentScope, id: PathId<WaNumberId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(history::show(&api.ctx, &who.0, id.0).await?))
}

/// Asks the phone for its address book and its past: Meta allows it once, within a day after the number was connected.
/// What it refuses is in `problem`.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 202, body = WhatsAppImport), (status = 409, description = "number_not_shared, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/import")]
async fn ask(api: State, who: AgentScope, id: PathId<WaNumberId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Accepted().json(history::import(&api.ctx, &who.0, id.0).await?))
}
