//! People who write to the tenant.

use actix_web::{HttpResponse, get, patch};
use chat::contacts::{self, ContactChange};
use chat::inbox;
use kernel::wire::{Contact, Conversation};
use kernel::{ContactId, Cursor, Limit, Page};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::State;
use crate::extract::{AgentScope, Json, PathId, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(show).service(update).service(conversations);
}

/// Which people.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Start of a name or an address.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeContact {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

/// People, latest seen first.
#[utoipa::path(tag = "contacts", params(Asked), responses((status = 200, body = Page<Contact>)), security(("agent" = [])))]
#[get("/v1/contacts")]
async fn list(api: State, who: AgentScope, asked: Query<Asked>) -> Answer<HttpResponse> {
    let asked = asked.0;
    let cursor = asked.cursor.as_deref().map(Cursor::from_text);
    let page =
        contacts::list(&api.ctx, &who.0, asked.q.as_deref(), cursor.as_ref(), Limit::parse(asked.limit)?).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// One person.
#[utoipa::path(tag = "contacts", params(("id" = String, Path)), responses((status = 200, body = Contact)), security(("agent" = [])))]
#[get("/v1/contacts/{id}")]
async fn show(api: State, who: AgentScope, id: PathId<ContactId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(contacts::show(&api.ctx, &who.0, id.0).await?))
}

/// Changes a person's profile.
#[utoipa::path(tag = "contacts", params(("id" = String, Path)), request_body = ChangeContact, responses((status = 200, body = Contact)), security(("agent" = [])))]
#[patch("/v1/contacts/{id}")]
async fn update(api: State, who: AgentScope, id: PathId<ContactId>, body: Json<ChangeContact>) -> Answer<HttpResponse> {
    let ChangeContact { name, email, phone } = body.0;
    let change = ContactChange { name, email, phone, ..ContactChange::default() };
    Ok(HttpResponse::Ok().json(contacts::update(&api.ctx, &who.0, id.0, change).await?))
}

/// All conversations with a person, latest first.
#[utoipa::path(tag = "contacts", params(("id" = String, Path)), responses((status = 200, body = Page<Conversation>)), security(("agent" = [])))]
#[get("/v1/contacts/{id}/conversations")]
async fn conversations(api: State, who: AgentScope, id: PathId<ContactId>) -> Answer<HttpResponse> {
    // somebody who was merged into another answers with that one's
    let person = contacts::show(&api.ctx, &who.0, id.0).await?;
    let items = inbox::of_contact(&api.ctx, &who.0, person.id).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}
