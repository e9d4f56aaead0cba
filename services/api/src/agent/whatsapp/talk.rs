//! What a team does with single messages of a WhatsApp conversation.

use actix_web::{HttpResponse, delete, post};
use serde::Deserialize;
use utoipa::ToSchema;
use whatsapp::{media, send};

use crate::State;
use crate::agent::inbox::Said;
use crate::extract::{AgentScope, Json, PathMessage};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(react).service(unreact).service(again).service(fetch);
}

/// A sign to put under a message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReaction {
    /// One emoji.
    emoji: String,
}

/// Puts the team's sign under a message on WhatsApp, in place of the one before; the same one again changes nothing.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path), ("seq" = i64, Path)), request_body = NewReaction, responses((status = 200, body = Said)), security(("agent" = [])))]
#[post("/v1/conversations/{id}/messages/{seq}/reaction")]
async fn react(api: State, who: AgentScope, of: PathMessage, body: Json<NewReaction>) -> Answer<HttpResponse> {
    let (message, position) = send::react(&api.ctx, &who.0, of.id, of.seq, Some(&body.0.emoji)).await?;
    Ok(HttpResponse::Ok().json(Said::new(message, position)))
}

/// Takes the team's sign away; where there is none, nothing changes.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = Said)), security(("agent" = [])))]
#[delete("/v1/conversations/{id}/messages/{seq}/reaction")]
async fn unreact(api: State, who: AgentScope, of: PathMessage) -> Answer<HttpResponse> {
    let (message, position) = send::react(&api.ctx, &who.0, of.id, of.seq, None).await?;
    Ok(HttpResponse::Ok().json(Said::new(message, position)))
}

/// Sends a message once more that was not sent, or of which nobody knows; of one that is on its way again, nothing more.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 200, body = Said)), security(("agent" = [])))]
#[post("/v1/conversations/{id}/messages/{seq}/send-again")]
async fn again(api: State, who: AgentScope, of: PathMessage) -> Answer<HttpResponse> {
    let (message, position) = send::send_again(&api.ctx, &who.0, of.id, of.seq).await?;
    Ok(HttpResponse::Ok().json(Said::new(message, position)))
}

/// Asks WhatsApp once more for a file that did not come; possible for seven days. Of one that is on its way, nothing more.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path), ("seq" = i64, Path)), responses((status = 202, body = Said), (status = 409, description = "media_there, media_over, no_media")), security(("agent" = [])))]
#[post("/v1/conversations/{id}/messages/{seq}/fetch-media")]
async fn fetch(api: State, who: AgentScope, of: PathMessage) -> Answer<HttpResponse> {
    let (message, position) = media::fetch_again(&api.ctx, &who.0, of.id, of.seq).await?;
    Ok(HttpResponse::Accepted().json(Said::new(message, position)))
}
