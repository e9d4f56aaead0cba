//! A tenant's own Meta apps.

use actix_web::{HttpResponse, delete, get, patch, post};
use kernel::wire::WhatsAppApp;
use kernel::{Page, Secret, WaAppId};
use serde::Deserialize;
use utoipa::ToSchema;
use whatsapp::app::{self, ChangeApp, NewApp, Owner};

use crate::State;
use crate::extract::{AgentScope, Json, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(create).service(change).service(forget);
}

/// A Meta app to be added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddWhatsAppApp {
    /// Meta's id of it.
    #[schema(example = "670843887433847")]
    meta_app_id: String,
    name: String,
    /// The app secret; it is never shown again.
    #[schema(value_type = String)]
    secret: Secret<String>,
    /// What Meta must say when the callback is saved; made up when left out.
    #[schema(value_type = Option<String>)]
    verify_token: Option<Secret<String>>,
    /// Meta's id of the app's Embedded Signup configuration, if it has one.
    signup_config: Option<String>,
}

impl From<AddWhatsAppApp> for NewApp {
    fn from(new: AddWhatsAppApp) -> Self {
        let AddWhatsAppApp { meta_app_id, name, secret, verify_token, signup_config } = new;
        Self { meta_app_id, name, secret, verify_token, signup_config }
    }
}

/// What is to be changed; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeWhatsAppApp {
    name: Option<String>,
    /// A new app secret; deliveries under the one before are taken for another 24 hours.
    #[schema(value_type = Option<String>)]
    secret: Option<Secret<String>>,
    #[schema(value_type = Option<String>)]
    verify_token: Option<Secret<String>>,
    /// Meta's id of the app's Embedded Signup configuration; empty: none.
    signup_config: Option<String>,
}

impl From<ChangeWhatsAppApp> for ChangeApp {
    fn from(wanted: ChangeWhatsAppApp) -> Self {
        let ChangeWhatsAppApp { name, secret, verify_token, signup_config } = wanted;
        Self { name, secret, verify_token, signup_config }
    }
}

/// The tenant's apps, oldest first, then the platform's, which it may connect accounts through.
#[utoipa::path(tag = "whatsapp", responses((status = 200, body = Page<WhatsAppApp>)), security(("agent" = [])))]
#[get("/v1/whatsapp/apps")]
async fn list(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let items = app::list(&api.ctx, Owner::Tenant(&who.0)).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Adds an app. The answer says where Meta must call, and holds the verify token for the only time.
#[utoipa::path(tag = "whatsapp", request_body = AddWhatsAppApp, responses((status = 201, body = WhatsAppApp), (status = 409, description = "app_known, too_many_apps")), security(("agent" = [])))]
#[post("/v1/whatsapp/apps")]
async fn create(api: State, who: AgentScope, body: Json<AddWhatsAppApp>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Created().json(app::create(&api.ctx, Owner::Tenant(&who.0), body.0.into()).await?))
}

/// Changes an app's name, secret or verify token.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = ChangeWhatsAppApp, responses((status = 200, body = WhatsAppApp)), security(("agent" = [])))]
#[patch("/v1/whatsapp/apps/{id}")]
async fn change(
    api: State,
    who: AgentScope,
    id: PathId<WaAppId>,
    body: Json<ChangeWhatsAppApp>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(app::change(&api.ctx, Owner::Tenant(&who.0), id.0, body.0.into()).await?))
}

/// Takes an app's secrets out: no delivery is accepted for it any more. What came through it stays.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 204)), security(("agent" = [])))]
#[delete("/v1/whatsapp/apps/{id}/credentials")]
async fn forget(api: State, who: AgentScope, id: PathId<WaAppId>) -> Answer<HttpResponse> {
    app::forget_credentials(&api.ctx, Owner::Tenant(&who.0), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
