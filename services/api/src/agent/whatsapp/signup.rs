//! Joining by Meta's own dialogue (Embedded Signup).

use actix_web::{HttpResponse, get, post};
use kernel::wire::{WhatsAppJoined, WhatsAppSignup};
use kernel::{Secret, WaAppId};
use serde::Deserialize;
use utoipa::ToSchema;
use whatsapp::signup::{self, Join};

use crate::State;
use crate::extract::{AgentScope, Json};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(offer).service(join);
}

/// What Meta's dialogue gave.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct JoinWhatsApp {
    /// The app whose dialogue it was.
    app_id: WaAppId,
    /// The code; it is good once and for seconds.
    #[schema(value_type = String)]
    code: Secret<String>,
    /// Meta's id of the account; left out: the only one the code opens.
    waba_id: Option<String>,
    /// Meta's id of the number; left out: the account's first that is not registered, or else its first.
    phone_number_id: Option<String>,
    /// Where the dialogue sent the browser back to, if it did: Meta wants to hear it again.
    redirect_uri: Option<String>,
    /// The number's two-step PIN; left out: one is chosen and kept sealed, which fails for a number that has one.
    #[schema(value_type = Option<String>)]
    pin: Option<Secret<String>>,
    /// Whether the WhatsApp Business app goes on being used on the number.
    #[serde(default)]
    coexistence: bool,
}

/// What a browser needs to open Meta's dialogue; without `app_id` no app here is set up for it.
#[utoipa::path(tag = "whatsapp", responses((status = 200, body = WhatsAppSignup)), security(("agent" = [])))]
#[get("/v1/whatsapp/signup")]
async fn offer(api: State, who: AgentScope) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(signup::offer(&api.ctx, &who.0).await?))
}

/// Turns the code into a token, keeps the account with its numbers, registers the number and compares templates. A
/// number that Meta does not register leaves the account connected; `problem` says why.
#[utoipa::path(tag = "whatsapp", request_body = JoinWhatsApp, responses((status = 201, body = WhatsAppJoined), (status = 409, description = "meta_refused, number_taken, app_without_secret, too_many_accounts"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/signup")]
async fn join(api: State, who: AgentScope, body: Json<JoinWhatsApp>) -> Answer<HttpResponse> {
    let JoinWhatsApp { app_id: app, code, waba_id, phone_number_id, redirect_uri, pin, coexistence } = body.0;
    let new = Join { app, code, waba_id, phone_number_id, redirect_uri, pin, coexistence };
    Ok(HttpResponse::Created().json(signup::join_by_code(&api.ctx, &who.0, new).await?))
}
