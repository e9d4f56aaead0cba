//! The frame's session: a ticket becomes an access token that lives in the frame alone.

use actix_web::http::header::{HeaderName, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, post};
use chat::{contacts, files, inbox};
use kernel::wire::{Contact, FileRules};
use kernel::{ContactId, Error, Position};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::inbox::VisitorConversation;
use crate::extract::{Json, Peer, VisitorScope};
use crate::problem::Answer;
use crate::{Api, State};

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(begin).service(renew);
}

/// What the frame knows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSession {
    /// From the loader.
    ticket: String,
    /// Origin of the page the frame stands on, as the frame's own message event said.
    parent_origin: String,
    /// By which the visitor is recognised; the cookie serves too.
    #[serde(default)]
    handle: Option<String>,
    /// The tenant's own signature over who this is.
    #[serde(default)]
    identity: Option<String>,
}

/// A visitor as they see themselves.
#[derive(Serialize, ToSchema)]
pub struct Visitor {
    id: ContactId,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    /// Whether they have acted before.
    known: bool,
    /// Whether the tenant's signature vouches for them.
    verified: bool,
}

impl Visitor {
    /// Of a contact, or of somebody who has not acted yet.
    pub fn of(id: ContactId, contact: Option<Contact>) -> Self {
        match contact {
            Some(c) => Self { id, name: c.name, email: c.email, phone: c.phone, known: true, verified: c.verified },
            None => Self { id, name: None, email: None, phone: None, known: false, verified: false },
        }
    }
}

/// A session.
#[derive(Serialize, ToSchema)]
struct Session {
    access_token: String,
    expires_in: u32,
    visitor: Visitor,
    /// The latest conversation, when there is one.
    conversation: Option<VisitorConversation>,
    /// What the visitor may attach.
    files: FileRules,
    position: Position,
}

/// A renewed token.
#[derive(Serialize, ToSchema)]
struct Renewed {
    access_token: String,
    expires_in: u32,
    /// What the visitor may attach.
    files: FileRules,
}

/// Swaps a ticket for a session. Makes no row: whoever has not acted stays unknown.
#[utoipa::path(tag = "widget", request_body = NewSession, responses((status = 201, body = Session), (status = 403, description = "ticket_refused, foreign_origin")), security(()))]
#[post("/widget/v1/sessions")]
async fn begin(api: State, request: HttpRequest, peer: Peer, body: Json<NewSession>) -> Answer<HttpResponse> {
    peer.require_origin(&api.ctx.site.public)?;
    api.limits.arrive.take(&peer.limit_key())?;
    let NewSession { ticket, parent_origin, handle, identity } = body.0;
    check(&ticket, &parent_origin, identity.as_deref())?;
    let handle = handle.or_else(|| request.cookie(cookie_name(&api)).map(|cookie| cookie.value().to_owned()));
    let session = contacts::begin(&api.ctx, &ticket, &parent_origin, handle.as_deref(), identity.as_deref()).await?;
    let position = api.ctx.db.head(session.tenant);
    let conversation = match &session.contact {
        Some(contact) => inbox::of_visitor(&api.ctx, session.tenant, contact.id).await?.into_iter().next(),
        None => None,
    };
    let files = files::rules_of_widget(&api.ctx, session.tenant, session.widget).await?;
    Ok(HttpResponse::Created().json(Session {
        access_token: session.access_token,
        expires_in: session.expires_in,
        visitor: Visitor::of(session.visitor, session.contact),
        conversation: conversation.map(VisitorConversation::from),
        files,
        position,
    }))
}

fn check(ticket: &str, parent: &str, identity: Option<&str>) -> Result<(), Error> {
    if ticket.len() > 1024 || parent.len() > 512 || identity.is_some_and(|token| token.len() > 4096) {
        return Err(Error::field("ticket", "too_long", "This is longer than anything we hand out."));
    }
    Ok(())
}

/// A new access token while the old one is good; the page's right is looked at again.
#[utoipa::path(tag = "widget", responses((status = 200, body = Renewed)), security(("visitor" = [])))]
#[post("/widget/v1/sessions/refresh")]
async fn renew(api: State, peer: Peer, who: VisitorScope) -> Answer<HttpResponse> {
    peer.require_origin(&api.ctx.site.public)?;
    let (access_token, expires_in) = contacts::renew(&api.ctx, &who.pass).await?;
    let files = files::rules(&api.ctx, &who.scope).await?;
    Ok(HttpResponse::Ok().json(Renewed { access_token, expires_in, files }))
}

fn cookie_name(api: &Api) -> &'static str {
    if api.ctx.site.public.is_secure() { "__Host-porchlight_visitor" } else { "porchlight_visitor" }
}

/// The cookie by which the visitor is recognised, as a header: partitioned by site (which the cookie library cannot
/// say yet), out of reach of scripts, 90 days. Browsers take `Secure` from this machine over http too.
pub fn handle_cookie(api: &Api, handle: &str) -> (HeaderName, String) {
    let rest = "Path=/; Max-Age=7776000; HttpOnly; Secure; SameSite=None; Partitioned";
    (SET_COOKIE, format!("{}={handle}; {rest}", cookie_name(api)))
}
