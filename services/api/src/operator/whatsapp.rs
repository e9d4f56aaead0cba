//! The platform's own Meta apps, which tenants may connect accounts through.

use actix_web::{HttpResponse, delete, get, patch, post};
use kernel::wire::WhatsAppApp;
use kernel::{Page, WaAppId};
use whatsapp::app::{self, Owner};

use crate::State;
use crate::agent::whatsapp::{AddWhatsAppApp, ChangeWhatsAppApp};
use crate::extract::{Json, OperatorScope, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(create).service(change).service(forget);
}

/// The platform's apps, oldest first.
#[utoipa::path(tag = "operator", responses((status = 200, body = Page<WhatsAppApp>)), security(("operator" = [])))]
#[get("/operator/v1/whatsapp/apps")]
async fn list(api: State, who: OperatorScope) -> Answer<HttpResponse> {
    let items = app::list(&api.ctx, Owner::Platform(&who.0)).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Adds an app of the platform's. The answer holds the verify token for the only time.
#[utoipa::path(tag = "operator", request_body = AddWhatsAppApp, responses((status = 201, body = WhatsAppApp)), security(("operator" = [])))]
#[post("/operator/v1/whatsapp/apps")]
async fn create(api: State, who: OperatorScope, body: Json<AddWhatsAppApp>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Created().json(app::create(&api.ctx, Owner::Platform(&who.0), body.0.into()).await?))
}

/// Changes an app's name, secret or verify token.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), request_body = ChangeWhatsAppApp, responses((status = 200, body = WhatsAppApp)), security(("operator" = [])))]
#[patch("/operator/v1/whatsapp/apps/{id}")]
async fn change(
    api: State,
    who: OperatorScope,
    id: PathId<WaAppId>,
    body: Json<ChangeWhatsAppApp>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(app::change(&api.ctx, Owner::Platform(&who.0), id.0, body.0.into()).await?))
}

/// Takes an app's secrets out; what came through it stays.
#[utoipa::path(tag = "operator", params(("id" = String, Path)), responses((status = 204)), security(("operator" = [])))]
#[delete("/operator/v1/whatsapp/apps/{id}/credentials")]
async fn forget(api: State, who: OperatorScope, id: PathId<WaAppId>) -> Answer<HttpResponse> {
    app::forget_credentials(&api.ctx, Owner::Platform(&who.0), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
