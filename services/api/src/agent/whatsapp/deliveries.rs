//! The flight recorder: what arrived for the tenant's numbers, line by line.

use actix_web::{HttpResponse, get, post};
use kernel::wire::{WhatsAppItem, WhatsAppItemState};
use kernel::{Cursor, Limit, Page, WaDeliveryId};
use serde::Deserialize;
use utoipa::IntoParams;
use whatsapp::recorder;

use crate::State;
use crate::extract::{AgentScope, PathId, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(replay);
}

/// Which lines.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// `done`, `waiting`, `ignored` or `failed`; left out: all.
    #[param(inline)]
    state: Option<WhatsAppItemState>,
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    limit: Option<u32>,
}

/// What arrived for the tenant's numbers and what became of it, latest first; kept for eight days.
#[utoipa::path(tag = "whatsapp", params(Asked), responses((status = 200, body = Page<WhatsAppItem>)), security(("agent" = [])))]
#[get("/v1/whatsapp/deliveries")]
async fn list(api: State, who: AgentScope, asked: Query<Asked>) -> Answer<HttpResponse> {
    let Asked { state, cursor, limit } = asked.0;
    let limit = Limit::parse(limit)?;
    Ok(HttpResponse::Ok().json(recorder::list(&api.ctx, &who.0, state, cursor.as_ref(), limit).await?))
}

/// Has a delivery worked on again: what failed or was ignored is tried once more, what is done stays done.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 202)), security(("agent" = [])))]
#[post("/v1/whatsapp/deliveries/{id}/replay")]
async fn replay(api: State, who: AgentScope, id: PathId<WaDeliveryId>) -> Answer<HttpResponse> {
    recorder::replay(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Accepted().finish())
}
