//! Files, for visitors: send up, have, take back.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web};
use chat::{files, inbox};
use kernel::FileId;
use kernel::wire::Source;

use crate::State;
use crate::extract::{Json, PathId, Query, Upload, VisitorScope};
use crate::links::{self, AskedVariant, FileForm, FileShown, Links, WantedLinks};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(send).service(mint).service(lead).service(state).service(erase);
}

/// Sends a file up, for a message to take; makes no contact. Waits up to three seconds for the verdict.
#[utoipa::path(tag = "widget", request_body(content = FileForm, content_type = "multipart/form-data"), responses((status = 201, body = FileShown), (status = 403, description = "files_off"), (status = 411, description = "length_required"), (status = 413, description = "file_too_large"), (status = 422, description = "file_type_refused, file_empty, file_name_missing"), (status = 429, description = "upload_limit"), (status = 503, description = "file_store_unavailable, uploads_busy")), security(("visitor" = [])))]
#[post("/widget/v1/files")]
async fn send(api: State, who: VisitorScope, request: HttpRequest, payload: web::Payload) -> Answer<HttpResponse> {
    api.limits.attach.take(&who.pass.visitor)?;
    let upload = Upload::open(&request, payload).await?;
    let source = match upload.conversation {
        Some(conversation) => inbox::attachable(&api.ctx, &who.scope, conversation).await?,
        None => Source::Website,
    };
    let file = upload.hand_on(&api.ctx, &who.scope, source).await?;
    Ok(HttpResponse::Created().json(FileShown { file }))
}

/// Leads to a link to the bytes that lives five minutes.
#[utoipa::path(tag = "widget", params(("id" = String, Path), AskedVariant), responses((status = 302, description = "Location is the link."), (status = 409, description = "file_not_ready"), (status = 410, description = "file_gone")), security(("visitor" = [])))]
#[get("/widget/v1/files/{id}")]
async fn lead(api: State, who: VisitorScope, id: PathId<FileId>, asked: Query<AskedVariant>) -> Answer<HttpResponse> {
    api.limits.fetch.take(&who.pass.visitor)?;
    Ok(links::lead(&api.ctx, &who.scope, id.0, &asked.0).await?)
}

/// Links to the bytes of many files; those that may not be had are left out.
#[utoipa::path(tag = "widget", request_body = WantedLinks, responses((status = 200, body = Links)), security(("visitor" = [])))]
#[post("/widget/v1/files/links")]
async fn mint(api: State, who: VisitorScope, body: Json<WantedLinks>) -> Answer<HttpResponse> {
    api.limits.fetch.take(&who.pass.visitor)?;
    Ok(links::mint(&api.ctx, &who.scope, body.0).await?)
}

/// A file as it stands now.
#[utoipa::path(tag = "widget", params(("id" = String, Path)), responses((status = 200, body = FileShown)), security(("visitor" = [])))]
#[get("/widget/v1/files/{id}/state")]
async fn state(api: State, who: VisitorScope, id: PathId<FileId>) -> Answer<HttpResponse> {
    api.limits.fetch.take(&who.pass.visitor)?;
    let file = files::state(&api.ctx, &who.scope, id.0).await?;
    Ok(HttpResponse::Ok().json(FileShown { file }))
}

/// Takes back a file that was not sent yet.
#[utoipa::path(tag = "widget", params(("id" = String, Path)), responses((status = 204)), security(("visitor" = [])))]
#[delete("/widget/v1/files/{id}")]
async fn erase(api: State, who: VisitorScope, id: PathId<FileId>) -> Answer<HttpResponse> {
    files::erase(&api.ctx, &who.scope, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
