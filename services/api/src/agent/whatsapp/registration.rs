//! One number towards Meta: code, registration, PIN, profile, looking again, going on.

use actix_web::{HttpResponse, get, post, put};
use kernel::wire::{WhatsAppCheck, WhatsAppNumber, WhatsAppProfile};
use kernel::{Secret, WaNumberId};
use serde::Deserialize;
use utoipa::ToSchema;
use whatsapp::number::{self, Method};
use whatsapp::{doctor_loop, profile};

use crate::State;
use crate::extract::{AgentScope, Json, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(request_code).service(verify_code).service(register).service(deregister).service(change_pin);
    config
        .service(show_profile)
        .service(change_profile)
        .service(change_picture)
        .service(refresh)
        .service(resume)
        .service(test_loop);
}

/// How a code comes.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
enum CodeMethod {
    /// By text message.
    Sms,
    /// By a call.
    Voice,
}

/// A code that shows that the number is one's own.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestWhatsAppCode {
    method: CodeMethod,
    /// Language of the words around it: `en`, `pt_BR`.
    language: String,
}

/// The code that came.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerifyWhatsAppCode {
    /// Six digits.
    #[schema(value_type = String, example = "123456")]
    code: Secret<String>,
}

/// The two-step PIN of a number.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatsAppPin {
    /// Six digits; chosen now if the number has none yet.
    #[schema(value_type = String, example = "123456")]
    pin: Secret<String>,
}

/// A picture that was handed to Meta before.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatsAppPicture {
    /// Meta's handle of it, as handing a sample to the account gives it.
    handle: String,
}

/// Whom a test message goes to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatsAppLoop {
    /// A phone of one's own, with the country's code.
    #[schema(example = "+44 20 7946 0958")]
    phone: String,
}

/// Has Meta send a code to the number.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = RequestWhatsAppCode, responses((status = 204), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/request-code")]
async fn request_code(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<RequestWhatsAppCode>,
) -> Answer<HttpResponse> {
    let method = match body.0.method {
        CodeMethod::Sms => Method::Sms,
        CodeMethod::Voice => Method::Voice,
    };
    number::request_code(&api.ctx, &who.0, id.0, method, &body.0.language).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Hands in the code that came to the number.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = VerifyWhatsAppCode, responses((status = 200, body = WhatsAppNumber), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/verify-code")]
async fn verify_code(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<VerifyWhatsAppCode>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(number::verify_code(&api.ctx, &who.0, id.0, &body.0.code).await?))
}

/// Registers a number with Meta; its PIN is kept sealed.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = WhatsAppPin, responses((status = 200, body = WhatsAppNumber), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/register")]
async fn register(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<WhatsAppPin>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(number::register(&api.ctx, &who.0, id.0, &body.0.pin).await?))
}

/// Takes a number out of the Cloud API: nothing is sent or received until it is registered again.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 200, body = WhatsAppNumber), (status = 409, description = "meta_refused, account_disconnected, coexistence_number"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/deregister")]
async fn deregister(api: State, who: AgentScope, id: PathId<WaNumberId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(number::deregister(&api.ctx, &who.0, id.0).await?))
}

/// Gives a number another two-step PIN, which is kept sealed.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = WhatsAppPin, responses((status = 200, body = WhatsAppNumber), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/pin")]
async fn change_pin(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<WhatsAppPin>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(number::change_pin(&api.ctx, &who.0, id.0, &body.0.pin).await?))
}

/// What customers see of a number, as Meta has it.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 200, body = WhatsAppProfile), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[get("/v1/whatsapp/numbers/{id}/profile")]
async fn show_profile(api: State, who: AgentScope, id: PathId<WaNumberId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(profile::show(&api.ctx, &who.0, id.0).await?))
}

/// Writes the whole profile.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = WhatsAppProfile, responses((status = 200, body = WhatsAppProfile), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[put("/v1/whatsapp/numbers/{id}/profile")]
async fn change_profile(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<WhatsAppProfile>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(profile::change(&api.ctx, &who.0, id.0, &body.0).await?))
}

/// Gives a number another picture: a JPEG or PNG that was handed over as a sample of its account.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = WhatsAppPicture, responses((status = 204), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/profile/picture")]
async fn change_picture(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<WhatsAppPicture>,
) -> Answer<HttpResponse> {
    profile::change_picture(&api.ctx, &who.0, id.0, &body.0.handle).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks Meta again how a number stands.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 200, body = WhatsAppNumber), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/refresh")]
async fn refresh(api: State, who: AgentScope, id: PathId<WaNumberId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(number::refresh(&api.ctx, &who.0, id.0).await?))
}

/// Lets a number send again that was stopped; what waits goes out.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 200, body = WhatsAppNumber), (status = 409, description = "account_disconnected")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/resume")]
async fn resume(api: State, who: AgentScope, id: PathId<WaNumberId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(number::resume(&api.ctx, &who.0, id.0).await?))
}

/// Sends a test message through the whole way and waits up to twenty seconds for what Meta says of it. It stands in the
/// inbox like any other.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = WhatsAppLoop, responses((status = 200, body = WhatsAppCheck), (status = 409, description = "account_disconnected")), security(("agent" = [])))]
#[post("/v1/whatsapp/numbers/{id}/doctor/loop")]
async fn test_loop(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<WhatsAppLoop>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(doctor_loop::send(&api.ctx, &who.0, id.0, &body.0.phone).await?))
}
