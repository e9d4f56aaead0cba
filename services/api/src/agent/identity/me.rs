//! What a person may do about themselves.

use actix_web::{HttpResponse, get, patch, post};
use chat::identity::{self, FactorOffer};
use kernel::wire::{Agent, Tenant};
use kernel::{Secret, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{AgentScope, Json};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config
        .service(show)
        .service(change)
        .service(password)
        .service(begin_factor)
        .service(confirm_factor)
        .service(disable_factor);
}

/// Who is asking.
#[derive(Serialize, ToSchema)]
struct Me {
    agent: Agent,
    tenant: Tenant,
    session_id: SessionId,
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeMe {
    name: Option<String>,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    #[schema(value_type = String)]
    current_password: Secret<String>,
    /// 10 to 200 characters.
    #[schema(value_type = String)]
    new_password: Secret<String>,
}

/// What an authenticator app needs. Shown once.
#[derive(Serialize, ToSchema)]
pub struct SecondFactor {
    /// For typing in.
    secret: String,
    /// For a QR code.
    otpauth_url: String,
}

impl From<FactorOffer> for SecondFactor {
    fn from(offer: FactorOffer) -> Self {
        Self { secret: offer.secret, otpauth_url: offer.otpauth_url }
    }
}

/// Six digits from the app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// Good once.
    pub code: String,
}

/// Who is asking, where, in which session.
#[utoipa::path(tag = "me", responses((status = 200, body = Me)), security(("agent" = [])))]
#[get("/v1/me")]
async fn show(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let identity::Me { agent, tenant, session } = identity::me(&api.ctx, &who.0).await?;
    Ok(HttpResponse::Ok().json(Me { agent, tenant, session_id: session }))
}

/// Changes one's own profile.
#[utoipa::path(tag = "me", request_body = ChangeMe, responses((status = 200, body = Agent)), security(("agent" = [])))]
#[patch("/v1/me")]
async fn change(api: State, who: AgentScope, body: Json<ChangeMe>) -> Answer<HttpResponse> {
    let agent = match body.0.name {
        Some(name) => identity::rename_me(&api.ctx, &who.0, &name).await?,
        None => identity::me(&api.ctx, &who.0).await?.agent,
    };
    Ok(HttpResponse::Ok().json(agent))
}

/// Changes one's own password; every other session of the log-in ends.
#[utoipa::path(tag = "me", request_body = ChangePassword, responses((status = 204), (status = 422, description = "wrong_password, weak_password")), security(("agent" = [])))]
#[post("/v1/me/password")]
async fn password(api: State, who: AgentScope, body: Json<ChangePassword>) -> Answer<HttpResponse> {
    identity::change_password(&api.ctx, &who.0, &body.0.current_password, &body.0.new_password).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Offers a second factor; it counts once confirmed.
#[utoipa::path(tag = "me", responses((status = 200, body = SecondFactor), (status = 409, description = "second_factor_on")), security(("agent" = [])))]
#[post("/v1/me/second-factor")]
async fn begin_factor(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let offer = identity::offer_factor(&api.ctx, &who.0).await?;
    Ok(HttpResponse::Ok().json(SecondFactor::from(offer)))
}

/// Switches the offered second factor on.
#[utoipa::path(tag = "me", request_body = Code, responses((status = 204), (status = 422, description = "wrong_code")), security(("agent" = [])))]
#[post("/v1/me/second-factor/confirm")]
async fn confirm_factor(api: State, who: AgentScope, body: Json<Code>) -> Answer<HttpResponse> {
    identity::confirm_factor(&api.ctx, &who.0, &body.0.code).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Switches the second factor off.
#[utoipa::path(tag = "me", request_body = Code, responses((status = 204), (status = 422, description = "wrong_code")), security(("agent" = [])))]
#[post("/v1/me/second-factor/disable")]
async fn disable_factor(api: State, who: AgentScope, body: Json<Code>) -> Answer<HttpResponse> {
    identity::disable_factor(&api.ctx, &who.0, &body.0.code).await?;
    Ok(HttpResponse::NoContent().finish())
}
