//! Files, for the tenant's people: send up, have, erase, and what may be attached.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, put, web};
use chat::files::{self, Allowed};
use chat::inbox;
use kernel::FileId;
use kernel::wire::{FileCeiling, FilePolicy, FileRules, Source};
use serde::Serialize;
use utoipa::ToSchema;

use crate::State;
use crate::extract::{AgentScope, Json, PathId, Query, Upload};
use crate::links::{self, AskedVariant, FileForm, FileShown, Links, WantedLinks};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(send).service(mint).service(lead).service(state).service(erase);
    config.service(rules).service(show_policy).service(set_policy);
}

/// What the tenant lets be attached, beside what it may be.
#[derive(Serialize, ToSchema)]
struct PolicyShown {
    #[serde(flatten)]
    policy: FilePolicy,
    /// The most it may be.
    ceiling: FileCeiling,
    /// Bytes of all files together.
    used_bytes: i64,
    /// Whether a virus scanner is configured.
    scanning: bool,
}

impl From<Allowed> for PolicyShown {
    fn from(allowed: Allowed) -> Self {
        let Allowed { policy, ceiling, used_bytes, scanning } = allowed;
        Self { policy, ceiling, used_bytes, scanning }
    }
}

/// Sends a file up, for a message to take. Waits up to three seconds for the verdict.
#[utoipa::path(tag = "files", request_body(content = FileForm, content_type = "multipart/form-data"), responses((status = 201, body = FileShown), (status = 409, description = "storage_full, conversation_archived"), (status = 411, description = "length_required"), (status = 413, description = "file_too_large"), (status = 422, description = "file_type_refused, file_empty, file_name_missing"), (status = 503, description = "file_store_unavailable, uploads_busy")), security(("agent" = [])))]
#[post("/v1/files")]
async fn send(api: State, who: AgentScope, request: HttpRequest, payload: web::Payload) -> Answer<HttpResponse> {
    let upload = Upload::open(&request, payload).await?;
    let source = match upload.conversation {
        Some(conversation) => inbox::attachable(&api.ctx, &who.0, conversation).await?,
        None => Source::Website,
    };
    let file = upload.hand_on(&api.ctx, &who.0, source).await?;
    Ok(HttpResponse::Created().json(FileShown { file }))
}

/// Leads to a link to the bytes that lives five minutes.
#[utoipa::path(tag = "files", params(("id" = String, Path), AskedVariant), responses((status = 302, description = "Location is the link."), (status = 409, description = "file_not_ready"), (status = 410, description = "file_gone")), security(("agent" = [])))]
#[get("/v1/files/{id}")]
async fn lead(api: State, who: AgentScope, id: PathId<FileId>, asked: Query<AskedVariant>) -> Answer<HttpResponse> {
    Ok(links::lead(&api.ctx, &who.0, id.0, &asked.0).await?)
}

/// Links to the bytes of many files; those that may not be had are left out.
#[utoipa::path(tag = "files", request_body = WantedLinks, responses((status = 200, body = Links)), security(("agent" = [])))]
#[post("/v1/files/links")]
async fn mint(api: State, who: AgentScope, body: Json<WantedLinks>) -> Answer<HttpResponse> {
    Ok(links::mint(&api.ctx, &who.0, body.0).await?)
}

/// A file as it stands now.
#[utoipa::path(tag = "files", params(("id" = String, Path)), responses((status = 200, body = FileShown)), security(("agent" = [])))]
#[get("/v1/files/{id}/state")]
async fn state(api: State, who: AgentScope, id: PathId<FileId>) -> Answer<HttpResponse> {
    let file = files::state(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(FileShown { file }))
}

/// Erases a file: one that was sent, for supervisors; one that was not, for whoever sent it up.
#[utoipa::path(tag = "files", params(("id" = String, Path)), responses((status = 204), (status = 409, description = "legal_hold")), security(("agent" = [])))]
#[delete("/v1/files/{id}")]
async fn erase(api: State, who: AgentScope, id: PathId<FileId>) -> Answer<HttpResponse> {
    files::erase(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the caller may attach.
#[utoipa::path(tag = "files", responses((status = 200, body = FileRules)), security(("agent" = [])))]
#[get("/v1/file-rules")]
async fn rules(api: State, who: AgentScope) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(files::rules(&api.ctx, &who.0).await?))
}

/// What the tenant lets be attached.
#[utoipa::path(tag = "files", responses((status = 200, body = PolicyShown)), security(("agent" = [])))]
#[get("/v1/file-policy")]
async fn show_policy(api: State, who: AgentScope) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(PolicyShown::from(files::show_policy(&api.ctx, &who.0).await?)))
}

/// Changes what the tenant lets be attached.
#[utoipa::path(tag = "files", request_body = FilePolicy, responses((status = 200, body = PolicyShown)), security(("agent" = [])))]
#[put("/v1/file-policy")]
async fn set_policy(api: State, who: AgentScope, body: Json<FilePolicy>) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(PolicyShown::from(files::change_policy(&api.ctx, &who.0, body.0).await?)))
}
