//! Claims of widgets to hosts.

use actix_web::{HttpResponse, delete, get, post};
use chat::domains::{self, NewClaim};
use kernel::wire::{Domain, DomainMethod, DomainScope};
use kernel::{ClaimId, Page, WidgetId};
use serde::Deserialize;
use utoipa::ToSchema;

use super::widgets::Blocked;
use crate::State;
use crate::extract::{AgentScope, Json, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(claim).service(show).service(release).service(check).service(blocked);
}

/// A host to claim for a widget.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClaimDomain {
    /// Only the host, such as `shop.example.com`; for a test `localhost:3000`.
    host: String,
    scope: DomainScope,
    /// How it will be proved. A subtree by DNS only; a test needs no proof.
    #[serde(default = "by_dns")]
    method: DomainMethod,
}

const fn by_dns() -> DomainMethod {
    DomainMethod::Dns
}

/// The widget's domains, oldest first; a widget has fifty at most.
#[utoipa::path(tag = "domains", params(("id" = String, Path)), responses((status = 200, body = Page<Domain>)), security(("agent" = [])))]
#[get("/v1/widgets/{id}/domains")]
async fn list(api: State, who: AgentScope, id: PathId<WidgetId>) -> Answer<HttpResponse> {
    let items = domains::list(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Claims a host; the answer says what to publish.
#[utoipa::path(tag = "domains", params(("id" = String, Path)), request_body = ClaimDomain, responses((status = 201, body = Domain)), security(("agent" = [])))]
#[post("/v1/widgets/{id}/domains")]
async fn claim(api: State, who: AgentScope, id: PathId<WidgetId>, body: Json<ClaimDomain>) -> Answer<HttpResponse> {
    let ClaimDomain { host, scope, method } = body.0;
    let domain = domains::claim(&api.ctx, &who.0, id.0, NewClaim { host, scope, method }).await?;
    Ok(HttpResponse::Created().json(domain))
}

/// One domain.
#[utoipa::path(tag = "domains", params(("id" = String, Path)), responses((status = 200, body = Domain)), security(("agent" = [])))]
#[get("/v1/domains/{id}")]
async fn show(api: State, who: AgentScope, id: PathId<ClaimId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(domains::show(&api.ctx, &who.0, id.0).await?))
}

/// Lets a domain go; the widget ends there at once.
#[utoipa::path(tag = "domains", params(("id" = String, Path)), responses((status = 204)), security(("agent" = [])))]
#[delete("/v1/domains/{id}")]
async fn release(api: State, who: AgentScope, id: PathId<ClaimId>) -> Answer<HttpResponse> {
    domains::release(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Looks for the proof as soon as possible; the outcome arrives as the event `domain_changed`.
#[utoipa::path(tag = "domains", params(("id" = String, Path)), responses((status = 202, body = Domain)), security(("agent" = [])))]
#[post("/v1/domains/{id}/check")]
async fn check(api: State, who: AgentScope, id: PathId<ClaimId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Accepted().json(domains::check(&api.ctx, &who.0, id.0).await?))
}

/// Origins around the domain that were turned away, latest first.
#[utoipa::path(tag = "domains", params(("id" = String, Path)), responses((status = 200, body = Page<Blocked>)), security(("agent" = [])))]
#[get("/v1/domains/{id}/blocked")]
async fn blocked(api: State, who: AgentScope, id: PathId<ClaimId>) -> Answer<HttpResponse> {
    let seen = domains::blocked(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(Page { items: seen.into_iter().map(Blocked::from).collect(), next_cursor: None }))
}
