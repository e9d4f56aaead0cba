//! Accounts and numbers: connecting, settings, the doctor.

use actix_web::{HttpResponse, delete, get, patch, post};
use kernel::wire::{WhatsAppAccount, WhatsAppCheck, WhatsAppNumber};
use kernel::{Page, Secret, WaAccountId, WaAppId, WaNumberId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use whatsapp::account::{self, Connect};
use whatsapp::doctor;
use whatsapp::number::{self, Change};

use crate::State;
use crate::extract::{AgentScope, Json, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(accounts).service(connect).service(forget);
    config.service(numbers).service(change).service(examine);
}

/// A WhatsApp Business Account to be connected by hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConnectWhatsAppAccount {
    /// The app it is connected through.
    app_id: WaAppId,
    /// Meta's id of the account.
    #[schema(example = "102290129340398")]
    waba_id: String,
    /// Access token of a system user; it is never shown again.
    #[schema(value_type = String)]
    token: Secret<String>,
}

/// What is decided about a number; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeWhatsAppNumber {
    /// Whether people see that they were read.
    read_receipts: Option<bool>,
    /// Whether people see that somebody types.
    typing: Option<bool>,
    /// Minutes before the window closes at which the team is reminded; 0 for never.
    nudge_minutes: Option<i32>,
}

/// What the doctor found.
#[derive(Serialize, ToSchema)]
struct WhatsAppDoctor {
    /// One line for each thing that was looked at.
    checks: Vec<WhatsAppCheck>,
}

/// The tenant's accounts, oldest first.
#[utoipa::path(tag = "whatsapp", responses((status = 200, body = Page<WhatsAppAccount>)), security(("agent" = [])))]
#[get("/v1/whatsapp/accounts")]
async fn accounts(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let items = account::list(&api.ctx, &who.0).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Connects an account, or gives one that is here another token: the token is tried, the app subscribed, the numbers
/// fetched. Nothing is kept when Meta refuses.
#[utoipa::path(tag = "whatsapp", request_body = ConnectWhatsAppAccount, responses((status = 201, body = WhatsAppAccount), (status = 409, description = "meta_refused, number_taken, app_without_secret, too_many_accounts"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/accounts")]
async fn connect(api: State, who: AgentScope, body: Json<ConnectWhatsAppAccount>) -> Answer<HttpResponse> {
    let ConnectWhatsAppAccount { app_id, waba_id, token } = body.0;
    let connected = account::connect(&api.ctx, &who.0, Connect { app: app_id, waba_id, token }).await?;
    Ok(HttpResponse::Created().json(connected))
}

/// Takes an account's token and PINs out: nothing is sent from its numbers any more. What was written stays.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 204)), security(("agent" = [])))]
#[delete("/v1/whatsapp/accounts/{id}/credentials")]
async fn forget(api: State, who: AgentScope, id: PathId<WaAccountId>) -> Answer<HttpResponse> {
    account::forget_credentials(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The tenant's numbers, oldest first.
#[utoipa::path(tag = "whatsapp", responses((status = 200, body = Page<WhatsAppNumber>)), security(("agent" = [])))]
#[get("/v1/whatsapp/numbers")]
async fn numbers(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let items = number::list(&api.ctx, &who.0).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Changes what is decided about a number.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), request_body = ChangeWhatsAppNumber, responses((status = 200, body = WhatsAppNumber)), security(("agent" = [])))]
#[patch("/v1/whatsapp/numbers/{id}")]
async fn change(
    api: State,
    who: AgentScope,
    id: PathId<WaNumberId>,
    body: Json<ChangeWhatsAppNumber>,
) -> Answer<HttpResponse> {
    let ChangeWhatsAppNumber { read_receipts, typing, nudge_minutes } = body.0;
    let change = Change { read_receipts, typing, nudge_minutes };
    Ok(HttpResponse::Ok().json(number::change(&api.ctx, &who.0, id.0, change).await?))
}

/// Asks Meta about everything that must be right for a number, and says what to do where it is not.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 200, body = WhatsAppDoctor)), security(("agent" = [])))]
#[get("/v1/whatsapp/numbers/{id}/doctor")]
async fn examine(api: State, who: AgentScope, id: PathId<WaNumberId>) -> Answer<HttpResponse> {
    let checks = doctor::examine(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(WhatsAppDoctor { checks }))
}
