//! Contacts who turn out to be one person.

use actix_web::{HttpResponse, get, post};
use chat::contacts;
use kernel::wire::ContactMerge;
use kernel::{ContactId, ContactMergeId, Page};
use serde::Deserialize;
use utoipa::ToSchema;
use whatsapp::merge;

use crate::State;
use crate::extract::{AgentScope, Json, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(unite).service(list).service(undo);
}

/// Who is the same person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeContact {
    /// The other contact: their conversations and names go to the one who is kept, and their id answers with that one.
    with: ContactId,
}

/// Makes two contacts one. The one in the path is kept; of somebody who uses the chat on a web site, it has to be them.
#[utoipa::path(tag = "contacts", params(("id" = String, Path)), request_body = MergeContact, responses((status = 201, body = ContactMerge), (status = 409, description = "visitor_goes_on")), security(("agent" = [])))]
#[post("/v1/contacts/{id}/merge")]
async fn unite(api: State, who: AgentScope, id: PathId<ContactId>, body: Json<MergeContact>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Created().json(merge::merge(&api.ctx, &who.0, id.0, body.0.with).await?))
}

/// Merges a contact was part of, latest first, those that were taken back included.
#[utoipa::path(tag = "contacts", params(("id" = String, Path)), responses((status = 200, body = Page<ContactMerge>)), security(("agent" = [])))]
#[get("/v1/contacts/{id}/merges")]
async fn list(api: State, who: AgentScope, id: PathId<ContactId>) -> Answer<HttpResponse> {
    let items = contacts::merges(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Takes a merge back: what moved goes back as it is now; what came since stays with the one who was kept.
#[utoipa::path(tag = "contacts", params(("id" = String, Path)), responses((status = 200, body = ContactMerge), (status = 409, description = "merge_undone, merged_since")), security(("agent" = [])))]
#[post("/v1/contacts/merges/{id}/undo")]
async fn undo(api: State, who: AgentScope, id: PathId<ContactMergeId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(merge::undo(&api.ctx, &who.0, id.0).await?))
}
