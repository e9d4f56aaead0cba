//! The workspace's people.

use std::collections::HashMap;

use actix_web::{HttpResponse, delete, get, patch};
use chat::identity::{self, AgentChange};
use chat::inbox;
use kernel::wire::Agent;
use kernel::{AgentId, Page, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Paging;
use crate::State;
use crate::extract::{AgentScope, Json, PathId, Query};
use crate::problem::Answer;

/// Routes of this file. `assignable` stands before `{id}`, which would take it for one.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(assignable).service(show).service(change).service(remove);
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeAgent {
    name: Option<String>,
    role: Option<Role>,
}

/// Somebody who may be given a conversation.
#[derive(Serialize, ToSchema)]
struct Assignable {
    id: AgentId,
    name: String,
    /// `online`, `away` or `offline`.
    presence: &'static str,
    /// How many open conversations they have.
    open_conversations: i64,
}

/// One page of people, in the order in which they joined.
#[utoipa::path(tag = "agents", params(Paging), responses((status = 200, body = Page<Agent>)), security(("agent" = [])))]
#[get("/v1/agents")]
async fn list(api: State, who: AgentScope, paging: Query<Paging>) -> Answer<HttpResponse> {
    let (cursor, limit) = paging.0.parts()?;
    let page = identity::list_agents(&api.ctx, &who.0, cursor.as_ref(), limit).await?;
    Ok(HttpResponse::Ok().json(page))
}

/// Everybody who may be given a conversation, by name.
#[utoipa::path(tag = "agents", responses((status = 200, body = Page<Assignable>)), security(("agent" = [])))]
#[get("/v1/agents/assignable")]
async fn assignable(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let people = identity::assignable_agents(&api.ctx, &who.0).await?;
    let busy: HashMap<_, _> = inbox::open_per_agent(&api.ctx, &who.0).await?.into_iter().collect();
    let there: HashMap<_, _> = api.hub.agents_there(who.0.tenant()).into_iter().collect();
    let person = |one: kernel::wire::AgentName| Assignable {
        id: one.id,
        name: one.name,
        presence: there.get(&one.id).map_or("offline", |state| state.word()),
        open_conversations: busy.get(&one.id).copied().unwrap_or(0),
    };
    let items = people.into_iter().map(person).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// One person.
#[utoipa::path(tag = "agents", params(("id" = String, Path)), responses((status = 200, body = Agent), (status = 404)), security(("agent" = [])))]
#[get("/v1/agents/{id}")]
async fn show(api: State, who: AgentScope, id: PathId<AgentId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(identity::show_agent(&api.ctx, &who.0, id.0).await?))
}

/// Changes a person. Owners everybody, admins those below them; a new role counts at once.
#[utoipa::path(tag = "agents", params(("id" = String, Path)), request_body = ChangeAgent, responses(
    (status = 200, body = Agent), (status = 403, description = "role_required"), (status = 409, description = "last_owner")), security(("agent" = [])))]
#[patch("/v1/agents/{id}")]
async fn change(api: State, who: AgentScope, id: PathId<AgentId>, body: Json<ChangeAgent>) -> Answer<HttpResponse> {
    let ChangeAgent { name, role } = body.0;
    let agent = identity::change_agent(&api.ctx, &who.0, id.0, AgentChange { name, role }).await?;
    Ok(HttpResponse::Ok().json(agent))
}

/// Removes a person; their sessions end and their conversations belong to nobody.
#[utoipa::path(tag = "agents", params(("id" = String, Path)), responses(
    (status = 204), (status = 403, description = "role_required"), (status = 409, description = "last_owner")), security(("agent" = [])))]
#[delete("/v1/agents/{id}")]
async fn remove(api: State, who: AgentScope, id: PathId<AgentId>) -> Answer<HttpResponse> {
    identity::remove_agent(&api.ctx, &who.0, id.0, inbox::RELEASE).await?;
    Ok(HttpResponse::NoContent().finish())
}
