//! What visitors say about themselves, and what the page knows.

use actix_web::{HttpResponse, patch};
use chat::contacts::{self, Profile};
use chat::inbox;
use kernel::wire::{Context, PageSeen};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::session::{Visitor, handle_cookie};
use crate::State;
use crate::extract::{Json, VisitorScope};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(update);
}

/// What to change; members left out stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct ChangeVisitor {
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    /// Flat values; `null` removes one.
    attributes: Option<Map<String, Value>>,
    /// What the visitor looks at, for the conversation that is open.
    context: Option<Context>,
    page: Option<PageSeen>,
    locale: Option<String>,
}

/// The visitor's profile. Claimed, not verified. Saying one's name, address or number is an act and makes a contact;
/// what only the page says is kept for those who are one.
#[utoipa::path(tag = "widget", request_body = ChangeVisitor, responses((status = 200, body = Visitor)), security(("visitor" = [])))]
#[patch("/widget/v1/visitor")]
async fn update(api: State, who: VisitorScope, body: Json<ChangeVisitor>) -> Answer<HttpResponse> {
    api.limits.profile.take(&who.pass.visitor)?;
    let ChangeVisitor { name, email, phone, attributes, context, page, locale } = body.0;
    let acts = name.is_some() || email.is_some() || phone.is_some();
    let profile = Profile { name, email, phone, attributes, page, locale };
    let known = contacts::visitor(&api.ctx, &who.scope).await?;
    if !acts && known.contact.is_none() {
        return Ok(HttpResponse::Ok().json(Visitor::of(known.id, None)));
    }
    let contact = contacts::change_profile(&api.ctx, &who.scope, &profile).await?;
    if let Some(context) = &context {
        let active = inbox::mine(&api.ctx, &who.scope).await?.into_iter().find(|one| one.status.is_active());
        if let Some(conversation) = active {
            inbox::change_context(&api.ctx, &who.scope, conversation.id, context).await?;
        }
    }
    let handle = contacts::handle(&api.ctx, contact.id);
    Ok(HttpResponse::Ok().insert_header(handle_cookie(&api, &handle)).json(Visitor::of(contact.id, Some(contact))))
}
