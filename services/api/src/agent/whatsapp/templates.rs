//! Templates: looking at them, submitting, previewing, writing with one.

use actix_web::{HttpResponse, delete, get, post};
use chat::inbox::ClientId;
use kernel::wire::{Conversation, Message, WhatsAppPreview, WhatsAppTemplate, WhatsAppValues};
use kernel::{ConversationId, Cursor, Error, Limit, Page, WaAccountId, WaNumberId, WaTemplateId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use whatsapp::template::make::NewTemplate;
use whatsapp::template::send::{Filled, Stranger};
use whatsapp::template::{self, list::Wanted};

use crate::State;
use crate::agent::inbox::{Said, said};
use crate::extract::{AgentScope, Json, PathId, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(create).service(preview).service(show).service(remove).service(sync);
    config.service(say).service(begin);
}

/// Which templates.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Of this account only.
    account: Option<String>,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED` …; left out: all that are not deleted.
    status: Option<String>,
    /// Part of the name.
    q: Option<String>,
    /// `en_US`.
    language: Option<String>,
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
    limit: Option<u32>,
}

/// A template to be submitted to Meta's reviewers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWhatsAppTemplate {
    account_id: WaAccountId,
    /// Up to 512 lower-case letters, digits and `_`.
    name: String,
    /// `en_US`.
    language: String,
    /// `MARKETING`, `UTILITY` or `AUTHENTICATION`; Meta may choose another.
    category: String,
    /// `true`: gaps are called `{{first_name}}`; `false`: `{{1}}`.
    #[serde(default)]
    named: bool,
    /// Its parts in Meta's form: HEADER, BODY, FOOTER, BUTTONS, with `example` for every gap.
    #[schema(value_type = Vec<Object>)]
    components: Vec<serde_json::Value>,
}

/// A template with values.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PreviewWhatsAppTemplate {
    template_id: WaTemplateId,
    #[serde(default)]
    values: WhatsAppValues,
}

/// A template to be sent.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SendWhatsAppTemplate {
    /// 1 to 64 letters, digits, `-`, `_`; the same id is the same message.
    client_id: String,
    template_id: WaTemplateId,
    #[serde(default)]
    values: WhatsAppValues,
}

/// Somebody to write to first.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWhatsAppConversation {
    /// From which number.
    number_id: WaNumberId,
    /// Theirs, with the country's code.
    #[schema(example = "+44 20 7946 0958")]
    phone: String,
    /// Their name, if it is known.
    name: Option<String>,
    /// 1 to 64 letters, digits, `-`, `_`; the same id is the same message.
    client_id: String,
    template_id: WaTemplateId,
    #[serde(default)]
    values: WhatsAppValues,
}

/// A conversation with what was said in it.
#[derive(Serialize, ToSchema)]
struct WhatsAppBegun {
    conversation: Conversation,
    message: Message,
}

/// The tenant's templates by name and language.
#[utoipa::path(tag = "whatsapp", params(Asked), responses((status = 200, body = Page<WhatsAppTemplate>)), security(("agent" = [])))]
#[get("/v1/whatsapp/templates")]
async fn list(api: State, who: AgentScope, asked: Query<Asked>) -> Answer<HttpResponse> {
    let Asked { account, status, q, language, cursor, limit } = asked.0;
    let strange = |_| Error::field("account", "unknown_value", "This value is not known here.");
    let account: Option<WaAccountId> = account.map(|id| id.parse().map_err(strange)).transpose()?;
    let wanted = Wanted { account, status, language, part: q };
    let limit = Limit::parse(limit)?;
    Ok(HttpResponse::Ok().json(template::list::list(&api.ctx, &who.0, wanted, cursor.as_ref(), limit).await?))
}

/// One template.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 200, body = WhatsAppTemplate)), security(("agent" = [])))]
#[get("/v1/whatsapp/templates/{id}")]
async fn show(api: State, who: AgentScope, id: PathId<WaTemplateId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(template::list::show(&api.ctx, &who.0, id.0).await?))
}

/// Submits a template to Meta's reviewers, after looking for whatever they would reject.
#[utoipa::path(tag = "whatsapp", request_body = NewWhatsAppTemplate, responses((status = 201, body = WhatsAppTemplate), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/templates")]
async fn create(api: State, who: AgentScope, body: Json<NewWhatsAppTemplate>) -> Answer<HttpResponse> {
    let NewWhatsAppTemplate { account_id: account, name, language, category, named, components } = body.0;
    let new = NewTemplate { account, name, language, category, named, components };
    Ok(HttpResponse::Created().json(template::make::create(&api.ctx, &who.0, new).await?))
}

/// Deletes a template at Meta, in this language only. What was sent with it stays.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 204), (status = 409, description = "meta_refused, account_disconnected, template_unsynced"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[delete("/v1/whatsapp/templates/{id}")]
async fn remove(api: State, who: AgentScope, id: PathId<WaTemplateId>) -> Answer<HttpResponse> {
    template::list::delete(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How a template looks with these values; a gap without one stays as it is written.
#[utoipa::path(tag = "whatsapp", request_body = PreviewWhatsAppTemplate, responses((status = 200, body = WhatsAppPreview)), security(("agent" = [])))]
#[post("/v1/whatsapp/templates/preview")]
async fn preview(api: State, who: AgentScope, body: Json<PreviewWhatsAppTemplate>) -> Answer<HttpResponse> {
    let PreviewWhatsAppTemplate { template_id, values } = body.0;
    Ok(HttpResponse::Ok().json(template::list::preview(&api.ctx, &who.0, template_id, &values).await?))
}

/// Compares an account's templates with Meta now. It happens by itself after connecting, once a day and after news.
#[utoipa::path(tag = "whatsapp", params(("id" = String, Path)), responses((status = 204), (status = 409, description = "meta_refused, account_disconnected"), (status = 503, description = "meta_unavailable, meta_strange")), security(("agent" = [])))]
#[post("/v1/whatsapp/accounts/{id}/sync-templates")]
async fn sync(api: State, who: AgentScope, id: PathId<WaAccountId>) -> Answer<HttpResponse> {
    template::sync::sync(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Writes with a template; that may be done at any time. The same client id answers again.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), request_body = SendWhatsAppTemplate, responses((status = 201, body = Said), (status = 200, body = Said, description = "It was there already."), (status = 409, description = "template_unusable, marketing_refused, phone_needed, not_whatsapp, account_disconnected")), security(("agent" = [])))]
#[post("/v1/conversations/{id}/template")]
async fn say(
    api: State,
    who: AgentScope,
    id: PathId<ConversationId>,
    body: Json<SendWhatsAppTemplate>,
) -> Answer<HttpResponse> {
    let SendWhatsAppTemplate { client_id, template_id: template, values } = body.0;
    let new = Filled { client_id: ClientId::parse(&client_id)?, template, values };
    Ok(said(template::send::say(&api.ctx, &who.0, id.0, new).await?))
}

/// Writes to somebody first, with a template. The same person never has a second conversation with a number.
#[utoipa::path(tag = "whatsapp", request_body = NewWhatsAppConversation, responses((status = 201, body = WhatsAppBegun), (status = 409, description = "template_unusable, marketing_refused, account_disconnected")), security(("agent" = [])))]
#[post("/v1/whatsapp/conversations")]
async fn begin(api: State, who: AgentScope, body: Json<NewWhatsAppConversation>) -> Answer<HttpResponse> {
    let NewWhatsAppConversation { number_id: number, phone, name, client_id, template_id: template, values } = body.0;
    let new = Filled { client_id: ClientId::parse(&client_id)?, template, values };
    let to = Stranger { number, phone, name };
    let (conversation, message) = template::send::begin(&api.ctx, &who.0, &to, new).await?;
    Ok(HttpResponse::Created().json(WhatsAppBegun { conversation, message }))
}
