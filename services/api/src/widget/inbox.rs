//! Conversations and messages, for their visitor.

use actix_web::{HttpResponse, get, post};
use chat::contacts::Profile;
use chat::inbox::{self, Body, ClientId, NewConversation, NewMessage, Via};
use kernel::wire::{Context, Message, PageSeen, Reach, Receipts, Status, Visibility};
use kernel::{ConversationId, FileId, Page, Position, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::session::handle_cookie;
use crate::State;
use crate::agent::inbox::{AskedPart, Messages, ReadUpTo, Said, said};
use crate::extract::{Json, PathId, Peer, Query, VisitorScope};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(open).service(list).service(messages).service(say).service(read);
}

/// Somebody of the team, as visitors see them.
#[derive(Serialize, ToSchema)]
struct Assignee {
    name: String,
}

/// A conversation, as its visitor sees it.
#[derive(Serialize, ToSchema)]
pub struct VisitorConversation {
    id: ConversationId,
    status: Status,
    assignee: Option<Assignee>,
    unread: i64,
    last_seq: i64,
    receipts: Receipts,
    context: Option<Context>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<inbox::VisitorConversation> for VisitorConversation {
    fn from(seen: inbox::VisitorConversation) -> Self {
        Self {
            id: seen.id,
            status: seen.status,
            assignee: seen.assignee.map(|name| Assignee { name }),
            unread: seen.unread,
            last_seq: seen.last_seq,
            receipts: seen.receipts,
            context: seen.context,
            created_at: seen.created_at,
            updated_at: seen.updated_at,
        }
    }
}

/// First words.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FirstWords {
    client_id: String,
    #[serde(default)]
    body: String,
    /// Files sent up before, each used once.
    #[serde(default)]
    file_ids: Vec<FileId>,
    #[serde(default)]
    context: Option<Context>,
    #[serde(default)]
    page: Option<PageSeen>,
}

/// A conversation with its first message.
#[derive(Serialize, ToSchema)]
struct Opened {
    conversation: VisitorConversation,
    message: Message,
    position: Position,
    /// Keep it: the visitor is recognised by it on return.
    handle: String,
}

/// A message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWords {
    client_id: String,
    #[serde(default)]
    body: String,
    /// Files sent up before, each used once.
    #[serde(default)]
    file_ids: Vec<FileId>,
}

fn words(client_id: &str, body: &str, files: Vec<FileId>) -> kernel::Result<NewMessage> {
    let (client_id, body) = (ClientId::parse(client_id)?, Body::beside(&files, body)?);
    let (extra, via) = (None, Via::default());
    Ok(NewMessage { client_id, body, files, visibility: Visibility::Public, reply_to: None, extra, via })
}

/// The visitor's first words, which make them a contact; goes to the conversation they have, if there is one.
#[utoipa::path(tag = "widget", request_body = FirstWords, responses((status = 201, body = Opened), (status = 200, body = Opened, description = "It was there already.")), security(("visitor" = [])))]
#[post("/widget/v1/conversations")]
async fn open(api: State, peer: Peer, who: VisitorScope, body: Json<FirstWords>) -> Answer<HttpResponse> {
    api.limits.say.take(&who.pass.visitor)?;
    let FirstWords { client_id, body, file_ids, context, page } = body.0;
    let first = words(&client_id, &body, file_ids)?;
    if !inbox::is_talking(&api.ctx, &who.scope).await? {
        api.limits.open.take(&who.pass.visitor)?;
        api.limits.open_by_address.take(&peer.limit_key())?;
        api.limits.open_by_widget.take(&who.pass.widget)?;
    }
    let new = NewConversation { first, context, profile: Profile { page, ..Profile::default() } };
    let opened = inbox::open(&api.ctx, &who.scope, new).await?;
    let conversation = inbox::show_mine(&api.ctx, &who.scope, opened.conversation.id).await?.into();
    let mut answer = if opened.repeated { HttpResponse::Ok() } else { HttpResponse::Created() };
    answer.insert_header(handle_cookie(&api, &opened.handle));
    Ok(answer.json(Opened { conversation, message: opened.message, position: opened.position, handle: opened.handle }))
}

/// The visitor's conversations, latest first.
#[utoipa::path(tag = "widget", responses((status = 200, body = Page<VisitorConversation>)), security(("visitor" = [])))]
#[get("/widget/v1/conversations")]
async fn list(api: State, who: VisitorScope) -> Answer<HttpResponse> {
    let items = inbox::mine(&api.ctx, &who.scope).await?.into_iter().map(VisitorConversation::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Part of a thread, without the team's notes.
#[utoipa::path(tag = "widget", params(("id" = String, Path), AskedPart), responses((status = 200, body = Messages)), security(("visitor" = [])))]
#[get("/widget/v1/conversations/{id}/messages")]
async fn messages(
    api: State,
    who: VisitorScope,
    id: PathId<ConversationId>,
    asked: Query<AskedPart>,
) -> Answer<HttpResponse> {
    let (part, limit) = asked.0.parse()?;
    let thread = inbox::thread(&api.ctx, &who.scope, id.0, part, limit).await?;
    Ok(HttpResponse::Ok().json(Messages::from(thread)))
}

/// Posts a message. Answers after the commit; the same client id with the same words answers again.
#[utoipa::path(tag = "widget", params(("id" = String, Path)), request_body = NewWords, responses((status = 201, body = Said), (status = 200, body = Said, description = "It was there already.")), security(("visitor" = [])))]
#[post("/widget/v1/conversations/{id}/messages")]
async fn say(api: State, who: VisitorScope, id: PathId<ConversationId>, body: Json<NewWords>) -> Answer<HttpResponse> {
    api.limits.say.take(&who.pass.visitor)?;
    let NewWords { client_id, body, file_ids } = body.0;
    let new = words(&client_id, &body, file_ids)?;
    Ok(said(inbox::post(&api.ctx, &who.scope, id.0, new).await?))
}

/// The visitor has read up to a message.
#[utoipa::path(tag = "widget", params(("id" = String, Path)), request_body = ReadUpTo, responses((status = 204)), security(("visitor" = [])))]
#[post("/widget/v1/conversations/{id}/read")]
async fn read(api: State, who: VisitorScope, id: PathId<ConversationId>, body: Json<ReadUpTo>) -> Answer<HttpResponse> {
    inbox::mark(&api.ctx, &who.scope, id.0, body.0.seq, Reach::Read).await?;
    Ok(HttpResponse::NoContent().finish())
}
