//! A conversation as a whole: its files, what holds it, its end.

use actix_web::{HttpResponse, delete, get, put};
use chat::{files::Hold, inbox};
use kernel::wire::{Author, File};
use kernel::{ConversationId, Cursor, Limit, MessageId, Page, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::State;
use crate::extract::{AgentScope, Json, PathId, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(gallery).service(show_hold).service(put_hold).service(end_hold).service(remove);
}

/// Which stretch of the gallery.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AskedFiles {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A file of a conversation.
#[derive(Serialize, ToSchema)]
struct GalleryFile {
    file: File,
    /// Number of the message it is in.
    seq: i64,
    message_id: MessageId,
    author: Author,
    created_at: Timestamp,
}

impl From<inbox::Hanging> for GalleryFile {
    fn from(hanging: inbox::Hanging) -> Self {
        let inbox::Hanging { file, seq, message_id, author, created_at } = hanging;
        Self { file, seq, message_id, author, created_at }
    }
}

/// Why a conversation is to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHold {
    /// 1 to 300 characters.
    reason: String,
}

/// Why a conversation is kept.
#[derive(Serialize, ToSchema)]
struct LegalHold {
    /// Who decided, by name.
    by: String,
    reason: String,
    at: Timestamp,
}

impl From<Hold> for LegalHold {
    fn from(held: Hold) -> Self {
        Self { by: held.by, reason: held.reason, at: held.at }
    }
}

/// Whether a conversation is kept.
#[derive(Serialize, ToSchema)]
struct Held {
    hold: Option<LegalHold>,
}

/// The files of a conversation that can be looked at, latest first.
#[utoipa::path(tag = "files", params(("id" = String, Path), AskedFiles), responses((status = 200, body = Page<GalleryFile>)), security(("agent" = [])))]
#[get("/v1/conversations/{id}/files")]
async fn gallery(
    api: State,
    who: AgentScope,
    id: PathId<ConversationId>,
    asked: Query<AskedFiles>,
) -> Answer<HttpResponse> {
    let cursor = asked.0.cursor.as_deref().map(Cursor::from_text);
    let page = inbox::gallery(&api.ctx, &who.0, id.0, cursor.as_ref(), Limit::parse(asked.0.limit)?).await?;
    Ok(HttpResponse::Ok().json(page.map(GalleryFile::from)))
}

/// Whether a conversation is under a legal hold. Supervisors and above.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), responses((status = 200, body = Held)), security(("agent" = [])))]
#[get("/v1/conversations/{id}/hold")]
async fn show_hold(api: State, who: AgentScope, id: PathId<ConversationId>) -> Answer<HttpResponse> {
    let held = inbox::show_hold(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(Held { hold: held.map(LegalHold::from) }))
}

/// Puts a conversation under a legal hold: nothing of it expires or can be deleted. Admins and above.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), request_body = NewHold, responses((status = 200, body = Held)), security(("agent" = [])))]
#[put("/v1/conversations/{id}/hold")]
async fn put_hold(
    api: State,
    who: AgentScope,
    id: PathId<ConversationId>,
    body: Json<NewHold>,
) -> Answer<HttpResponse> {
    let held = inbox::hold(&api.ctx, &who.0, id.0, &body.0.reason).await?;
    Ok(HttpResponse::Ok().json(Held { hold: Some(held.into()) }))
}

/// Ends a legal hold. Admins and above.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), responses((status = 204)), security(("agent" = [])))]
#[delete("/v1/conversations/{id}/hold")]
async fn end_hold(api: State, who: AgentScope, id: PathId<ConversationId>) -> Answer<HttpResponse> {
    inbox::end_hold(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Deletes a conversation with its messages and files, for good. Admins and above.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), responses((status = 204), (status = 409, description = "legal_hold")), security(("agent" = [])))]
#[delete("/v1/conversations/{id}")]
async fn remove(api: State, who: AgentScope, id: PathId<ConversationId>) -> Answer<HttpResponse> {
    inbox::delete(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
