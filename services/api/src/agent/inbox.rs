//! Conversations and messages, for the tenant's people.

use actix_web::{HttpResponse, get, patch, post};
use chat::inbox::{self, Body, ClientId, Filter, NewMessage, Order, Part, Via, View};
use kernel::wire::{Content, Conversation, Extra, Message, Reach, Source, Status, Visibility};
use kernel::{AgentId, ContactId, ConversationId, Cursor, Error, FileId, Limit, MessageId, Position};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::State;
use crate::extract::{AgentScope, Json, PathId, Query};
use crate::problem::{Answer, Problem};

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(bulk).service(show).service(update).service(assign).service(read);
    config.service(messages).service(say).service(unread);
}

/// Which conversations.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// `all`, `mine` or `unassigned`.
    view: Option<String>,
    /// A status, or `all`; `open` unless told.
    status: Option<String>,
    /// `website` or `whatsapp`.
    source: Option<String>,
    assignee: Option<String>,
    contact: Option<String>,
    /// `newest` or `oldest`.
    sort: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// A page of conversations with its place in the stream.
#[derive(Serialize, ToSchema)]
struct Conversations {
    items: Vec<Conversation>,
    #[schema(value_type = Option<String>)]
    next_cursor: Option<Cursor>,
    position: Position,
}

/// One conversation with its place in the stream.
#[derive(Serialize, ToSchema)]
struct Shown {
    conversation: Conversation,
    position: Position,
}

/// Part of a thread, ascending.
#[derive(Serialize, ToSchema)]
pub struct Messages {
    items: Vec<Message>,
    has_more: bool,
    position: Position,
}

impl From<inbox::Thread> for Messages {
    fn from(thread: inbox::Thread) -> Self {
        Self { items: thread.messages, has_more: thread.has_more, position: thread.position }
    }
}

/// A message that is committed.
#[derive(Serialize, ToSchema)]
pub struct Said {
    message: Message,
    position: Position,
}

impl Said {
    /// A message as it is by now, and a place in the stream after that.
    pub fn new(message: Message, position: Position) -> Self {
        Self { message, position }
    }
}

/// 201 for a new message, 200 for one that was there already.
pub fn said(posted: inbox::Posted) -> HttpResponse {
    let mut answer = if posted.repeated { HttpResponse::Ok() } else { HttpResponse::Created() };
    answer.json(Said { message: posted.message, position: posted.position })
}

/// Which part of a thread: the end, or before or after a number.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AskedPart {
    before_seq: Option<i64>,
    after_seq: Option<i64>,
    limit: Option<u32>,
}

impl AskedPart {
    /// Checks and reads it; 50 messages unless told.
    pub fn parse(&self) -> Result<(Part, Limit), Error> {
        let part = match (self.before_seq, self.after_seq) {
            (Some(_), Some(_)) => {
                return Err(Error::field("before_seq", "contradiction", "Ask before or after, not both."));
            }
            (Some(seq), None) => Part::Before(seq),
            (None, Some(seq)) => Part::After(seq),
            (None, None) => Part::Latest,
        };
        Ok((part, Limit::parse(Some(self.limit.unwrap_or(50)))?))
    }
}

/// A message to post.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewReply {
    /// 1 to 64 letters, digits, `-`, `_`; the same id with the same words is the same message.
    client_id: String,
    /// 1 to 10,000 characters; may be empty beside files.
    #[serde(default)]
    body: String,
    /// Files sent up before, each used once.
    #[serde(default)]
    file_ids: Vec<FileId>,
    #[serde(default)]
    visibility: Visibility,
    reply_to: Option<MessageId>,
    /// Buttons, a list, a link, a place or address cards, in a WhatsApp conversation; `body` are their words.
    content: Option<Content>,
}

/// What to change.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeConversation {
    status: Status,
}

/// To whom; `null` for nobody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Assignment {
    agent_id: Option<AgentId>,
}

/// Up to which message.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadUpTo {
    /// Number of the last message seen.
    pub seq: i64,
}

/// Many conversations at once.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Bulk {
    /// 1 to 100 ids.
    ids: Vec<ConversationId>,
    status: Option<Status>,
    assignee: Option<AgentId>,
}

/// The changed conversations.
#[derive(Serialize, ToSchema)]
struct Changed {
    items: Vec<Conversation>,
}

/// Open conversations with unread messages.
#[derive(Serialize, ToSchema)]
struct Unread {
    total: i64,
    mine: i64,
    unassigned: i64,
}

fn filter(asked: &Asked) -> Result<Filter, Error> {
    let strange = |field: &'static str| Error::field(field, "unknown_value", "This value is not known here.");
    let view = match asked.view.as_deref() {
        None | Some("all") => View::All,
        Some("mine") => View::Mine,
        Some("unassigned") => View::Unassigned,
        Some(_) => return Err(strange("view")),
    };
    let status = match asked.status.as_deref() {
        None => Some(Status::Open),
        Some("all") => None,
        Some(word) => Some(Status::from_word(word).ok_or_else(|| strange("status"))?),
    };
    let source = match asked.source.as_deref() {
        None => None,
        Some(word) => Some(Source::from_word(word).ok_or_else(|| strange("source"))?),
    };
    let order = match asked.sort.as_deref() {
        None | Some("newest") => Order::Newest,
        Some("oldest") => Order::Oldest,
        Some(_) => return Err(strange("sort")),
    };
    let assignee: Option<AgentId> = asked.assignee.as_deref().map(str::parse).transpose()?;
    let contact: Option<ContactId> = asked.contact.as_deref().map(str::parse).transpose()?;
    Ok(Filter { view, status, source, assignee, contact, order })
}

/// Conversations, open ones with the latest message first unless told.
#[utoipa::path(tag = "inbox", params(Asked), responses((status = 200, body = Conversations)), security(("agent" = [])))]
#[get("/v1/conversations")]
async fn list(api: State, who: AgentScope, asked: Query<Asked>) -> Answer<HttpResponse> {
    let cursor = asked.0.cursor.as_deref().map(Cursor::from_text);
    let limit = Limit::parse(asked.0.limit)?;
    let listed = inbox::list(&api.ctx, &who.0, &filter(&asked.0)?, cursor.as_ref(), limit).await?;
    let page = listed.page;
    let answer = Conversations { items: page.items, next_cursor: page.next_cursor, position: listed.position };
    Ok(HttpResponse::Ok().json(answer))
}

/// One conversation.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), responses((status = 200, body = Shown)), security(("agent" = [])))]
#[get("/v1/conversations/{id}")]
async fn show(api: State, who: AgentScope, id: PathId<ConversationId>) -> Answer<HttpResponse> {
    let (conversation, position) = inbox::snapshot(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(Shown { conversation, position }))
}

/// Moves a conversation to another state.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), request_body = ChangeConversation, responses((status = 200, body = Conversation)), security(("agent" = [])))]
#[patch("/v1/conversations/{id}")]
async fn update(
    api: State,
    who: AgentScope,
    id: PathId<ConversationId>,
    body: Json<ChangeConversation>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(inbox::set_status(&api.ctx, &who.0, id.0, body.0.status).await?))
}

/// Gives a conversation to an agent, or to nobody.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), request_body = Assignment, responses((status = 200, body = Conversation)), security(("agent" = [])))]
#[post("/v1/conversations/{id}/assign")]
async fn assign(
    api: State,
    who: AgentScope,
    id: PathId<ConversationId>,
    body: Json<Assignment>,
) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(inbox::assign(&api.ctx, &who.0, id.0, body.0.agent_id).await?))
}

/// Changes many conversations; stops at the first refusal, what was changed before stays changed.
#[utoipa::path(tag = "inbox", request_body = Bulk, responses((status = 200, body = Changed)), security(("agent" = [])))]
#[post("/v1/conversations/bulk")]
async fn bulk(api: State, who: AgentScope, body: Json<Bulk>) -> Answer<HttpResponse> {
    let Bulk { ids, status, assignee } = body.0;
    if ids.is_empty() || ids.len() > 100 {
        return Err(Problem(Error::field("ids", "out_of_range", "Name 1 to 100 conversations.")));
    }
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(status) = status {
            inbox::set_status(&api.ctx, &who.0, id, status).await?;
        }
        if assignee.is_some() {
            inbox::assign(&api.ctx, &who.0, id, assignee).await?;
        }
        items.push(inbox::show(&api.ctx, &who.0, id).await?);
    }
    Ok(HttpResponse::Ok().json(Changed { items }))
}

/// The team has read up to a message.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), request_body = ReadUpTo, responses((status = 204)), security(("agent" = [])))]
#[post("/v1/conversations/{id}/read")]
async fn read(api: State, who: AgentScope, id: PathId<ConversationId>, body: Json<ReadUpTo>) -> Answer<HttpResponse> {
    inbox::mark(&api.ctx, &who.0, id.0, body.0.seq, Reach::Read).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Part of a thread.
#[utoipa::path(tag = "inbox", params(("id" = String, Path), AskedPart), responses((status = 200, body = Messages)), security(("agent" = [])))]
#[get("/v1/conversations/{id}/messages")]
async fn messages(
    api: State,
    who: AgentScope,
    id: PathId<ConversationId>,
    asked: Query<AskedPart>,
) -> Answer<HttpResponse> {
    let (part, limit) = asked.0.parse()?;
    let thread = inbox::thread(&api.ctx, &who.0, id.0, part, limit).await?;
    Ok(HttpResponse::Ok().json(Messages::from(thread)))
}

/// Posts a message or a note. Answers after the commit; the same client id with the same words answers again.
#[utoipa::path(tag = "inbox", params(("id" = String, Path)), request_body = NewReply, responses((status = 201, body = Said), (status = 200, body = Said, description = "It was there already.")), security(("agent" = [])))]
#[post("/v1/conversations/{id}/messages")]
async fn say(api: State, who: AgentScope, id: PathId<ConversationId>, body: Json<NewReply>) -> Answer<HttpResponse> {
    let NewReply { client_id, body, file_ids: files, visibility, reply_to, content } = body.0;
    let client_id = ClientId::parse(&client_id)?;
    let body = match &content {
        Some(content) => beside(content, visibility, &files, &body)?,
        None => Body::beside(&files, &body)?,
    };
    let extra = content.map(|content| Box::new(Extra { content: Some(content), ..Extra::default() }));
    let new = NewMessage { client_id, body, files, visibility, reply_to, extra, via: Via::default() };
    Ok(said(inbox::post(&api.ctx, &who.0, id.0, new).await?))
}

/// The words beside content, once both are what WhatsApp takes.
fn beside(content: &Content, visibility: Visibility, files: &[FileId], words: &str) -> Result<Body, Error> {
    if visibility == Visibility::Note {
        return Err(Error::field("content", "content_refused", "A note takes words and files only."));
    }
    if !files.is_empty() {
        return Err(Error::field("content", "content_refused", "Send files in a message of their own."));
    }
    whatsapp::outgoing::What::of(content, words)?;
    Body::or_nothing(words)
}

/// Open conversations with unread messages: all, mine, nobody's.
#[utoipa::path(tag = "inbox", responses((status = 200, body = Unread)), security(("agent" = [])))]
#[get("/v1/unread")]
async fn unread(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let (total, mine, unassigned) = inbox::unread(&api.ctx, &who.0).await?;
    Ok(HttpResponse::Ok().json(Unread { total, mine, unassigned }))
}
