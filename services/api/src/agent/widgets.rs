//! Widgets of the tenant.

use actix_web::{HttpResponse, delete, get, patch, post};
use chat::widgets::{self, NewWidget, WidgetChange};
use kernel::wire::{Display, Widget, WidgetSettings};
use kernel::{Page, Timestamp, WidgetId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{AgentScope, Json, PathId};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config
        .service(list)
        .service(create)
        .service(show)
        .service(update)
        .service(remove)
        .service(snippet)
        .service(installation)
        .service(blocked);
}

/// A widget to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateWidget {
    /// 1 to 80 characters.
    name: String,
    display: Display,
    #[serde(default)]
    settings: WidgetSettings,
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeWidget {
    name: Option<String>,
    active: Option<bool>,
    settings: Option<WidgetSettings>,
}

/// The line to paste.
#[derive(Serialize, ToSchema)]
struct Snippet {
    html: String,
}

/// An origin where the widget runs.
#[derive(Serialize, ToSchema)]
struct Installation {
    origin: String,
    first_seen_at: Timestamp,
    last_seen_at: Timestamp,
    loads: i64,
}

/// An origin where the widget was refused.
#[derive(Serialize, ToSchema)]
pub struct Blocked {
    origin: String,
    count: i64,
    first_at: Timestamp,
    last_at: Timestamp,
}

impl From<widgets::Sighting> for Blocked {
    fn from(seen: widgets::Sighting) -> Self {
        Self { origin: seen.origin, count: seen.loads, first_at: seen.first_at, last_at: seen.last_at }
    }
}

/// All widgets, oldest first; a tenant has a hundred at most.
#[utoipa::path(tag = "widgets", responses((status = 200, body = Page<Widget>)), security(("agent" = [])))]
#[get("/v1/widgets")]
async fn list(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let items = widgets::list(&api.ctx, &who.0).await?;
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Makes a widget.
#[utoipa::path(tag = "widgets", request_body = CreateWidget, responses((status = 201, body = Widget)), security(("agent" = [])))]
#[post("/v1/widgets")]
async fn create(api: State, who: AgentScope, body: Json<CreateWidget>) -> Answer<HttpResponse> {
    let CreateWidget { name, display, settings } = body.0;
    let widget = widgets::create(&api.ctx, &who.0, NewWidget { name, display, settings }).await?;
    Ok(HttpResponse::Created().json(widget))
}

/// One widget.
#[utoipa::path(tag = "widgets", params(("id" = String, Path)), responses((status = 200, body = Widget)), security(("agent" = [])))]
#[get("/v1/widgets/{id}")]
async fn show(api: State, who: AgentScope, id: PathId<WidgetId>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(widgets::show(&api.ctx, &who.0, id.0).await?))
}

/// Changes a widget; switching it off ends live visitors' chats.
#[utoipa::path(tag = "widgets", params(("id" = String, Path)), request_body = ChangeWidget, responses((status = 200, body = Widget)), security(("agent" = [])))]
#[patch("/v1/widgets/{id}")]
async fn update(api: State, who: AgentScope, id: PathId<WidgetId>, body: Json<ChangeWidget>) -> Answer<HttpResponse> {
    let ChangeWidget { name, active, settings } = body.0;
    let widget = widgets::update(&api.ctx, &who.0, id.0, WidgetChange { name, active, settings }).await?;
    Ok(HttpResponse::Ok().json(widget))
}

/// Deletes a widget; its conversations stay.
#[utoipa::path(tag = "widgets", params(("id" = String, Path)), responses((status = 204)), security(("agent" = [])))]
#[delete("/v1/widgets/{id}")]
async fn remove(api: State, who: AgentScope, id: PathId<WidgetId>) -> Answer<HttpResponse> {
    widgets::delete(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The line to paste into a site.
#[utoipa::path(tag = "widgets", params(("id" = String, Path)), responses((status = 200, body = Snippet)), security(("agent" = [])))]
#[get("/v1/widgets/{id}/snippet")]
async fn snippet(api: State, who: AgentScope, id: PathId<WidgetId>) -> Answer<HttpResponse> {
    let html = widgets::snippet(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(Snippet { html }))
}

/// Where the widget runs, latest first.
#[utoipa::path(tag = "widgets", params(("id" = String, Path)), responses((status = 200, body = Page<Installation>)), security(("agent" = [])))]
#[get("/v1/widgets/{id}/installation")]
async fn installation(api: State, who: AgentScope, id: PathId<WidgetId>) -> Answer<HttpResponse> {
    let seen = widgets::seen(&api.ctx, &who.0, id.0, true).await?;
    let shown = |s: widgets::Sighting| Installation {
        origin: s.origin,
        first_seen_at: s.first_at,
        last_seen_at: s.last_at,
        loads: s.loads,
    };
    Ok(HttpResponse::Ok().json(Page { items: seen.into_iter().map(shown).collect(), next_cursor: None }))
}

/// Where the widget was refused, latest first.
#[utoipa::path(tag = "widgets", params(("id" = String, Path)), responses((status = 200, body = Page<Blocked>)), security(("agent" = [])))]
#[get("/v1/widgets/{id}/blocked")]
async fn blocked(api: State, who: AgentScope, id: PathId<WidgetId>) -> Answer<HttpResponse> {
    let seen = widgets::seen(&api.ctx, &who.0, id.0, false).await?;
    Ok(HttpResponse::Ok().json(Page { items: seen.into_iter().map(Blocked::from).collect(), next_cursor: None }))
}
