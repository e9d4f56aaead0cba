//! Logging in, staying logged in, logging out.

use actix_web::{Either, HttpResponse, ResponseError, delete, get, post};
use chat::identity::{self, Device, LogIn};
use kernel::wire::{Agent, Tenant};
use kernel::{Page, Secret, SessionId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{AgentCookie, AgentScope, Json, PathId, Peer, Whose};
use crate::problem::{Answer, Problem};

/// Routes of this file. `current` stands before `{id}`, which would take it for one.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(log_in).service(renew).service(list).service(end_current).service(end);
}

/// What somebody logs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSession {
    email: String,
    #[schema(value_type = String)]
    password: Secret<String>,
    /// Which workspace, for those who work in several.
    tenant: Option<TenantId>,
    /// From the authenticator app, for those who have one.
    code: Option<String>,
}

/// A log-in.
#[derive(Serialize, ToSchema)]
pub struct LoggedIn {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Seconds it lives.
    expires_in: u32,
    agent: Agent,
    tenant: Tenant,
}

/// A device somebody is logged in on.
#[derive(Serialize, ToSchema)]
struct Session {
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    /// Such as "Chrome on Linux".
    device: String,
    /// The network, not the address.
    ip: Option<String>,
    created_at: Timestamp,
    last_seen_at: Timestamp,
}

impl From<Device> for Session {
    fn from(device: Device) -> Self {
        let Device { id, current, device, ip, created_at, last_seen_at } = device;
        Self { id, current, device, ip, created_at, last_seen_at }
    }
}

/// The answer to a log-in: access token in the body, refresh token in a cookie scripts cannot read.
pub fn answer(api: &State, mut response: actix_web::HttpResponseBuilder, done: identity::LoggedIn) -> HttpResponse {
    let identity::LoggedIn { access_token, expires_in, refresh, refresh_seconds, agent, tenant } = done;
    response.cookie(Whose::Agent.cookie(&api.ctx, &refresh, refresh_seconds)).json(LoggedIn {
        access_token,
        expires_in,
        agent,
        tenant,
    })
}

/// Logs in.
#[utoipa::path(tag = "sessions", request_body = NewSession, responses(
    (status = 201, body = LoggedIn),
    (status = 401, description = "invalid_credentials, second_factor_required, tenant_suspended"),
    (status = 409, description = "tenant_required, with `tenants` to choose from"),
    (status = 429, description = "too_many_attempts, rate_limited")), security(()))]
#[post("/v1/sessions")]
async fn log_in(api: State, peer: Peer, body: Json<NewSession>) -> Answer<HttpResponse> {
    api.limits.knock.take(&peer.limit_key())?;
    peer.refuse_foreign(&api.ctx.site.public)?;
    let NewSession { email, password, tenant, code } = body.0;
    let done = identity::log_in(&api.ctx, LogIn { email, password, tenant, code }, &(&peer).into()).await?;
    Ok(answer(&api, HttpResponse::Created(), done))
}

/// Gives a new access token for the refresh cookie, and the next cookie.
#[utoipa::path(tag = "sessions", params(("X-Porchlight-CSRF" = String, Header, description = "1")), responses(
    (status = 200, body = LoggedIn),
    (status = 401, description = "session_ended, tenant_suspended"),
    (status = 403, description = "csrf_header_missing, foreign_origin")), security(("agent_cookie" = [])))]
#[post("/v1/sessions/refresh")]
async fn renew(api: State, peer: Peer, cookie: AgentCookie) -> Answer<HttpResponse> {
    api.limits.arrive.take(&peer.limit_key())?;
    match identity::refresh(&api.ctx, cookie.0.reveal()).await {
        Ok(done) => Ok(answer(&api, HttpResponse::Ok(), done)),
        Err(error) if error.code() == "session_ended" => {
            let mut refused = Problem(error).error_response();
            refused.add_cookie(&Whose::Agent.cleared(&api.ctx)).map_err(kernel::Error::internal)?;
            Ok(refused)
        }
        Err(error) => Err(error.into()),
    }
}

/// Where one is logged in, latest first.
#[utoipa::path(tag = "sessions", responses((status = 200, body = Page<Session>)), security(("agent" = [])))]
#[get("/v1/sessions")]
async fn list(api: State, who: AgentScope) -> Answer<HttpResponse> {
    let devices = identity::list_sessions(&api.ctx, &who.0).await?;
    let items = devices.into_iter().map(Session::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }))
}

/// Logs out here: the session of the cookie (with the CSRF header) or of the bearer token.
#[utoipa::path(tag = "sessions", responses((status = 204)), security(("agent_cookie" = []), ("agent" = [])))]
#[delete("/v1/sessions/current")]
async fn end_current(api: State, by: Either<AgentCookie, AgentScope>) -> Answer<HttpResponse> {
    match by {
        Either::Left(cookie) => identity::end_by_refresh(&api.ctx, cookie.0.reveal()).await?,
        Either::Right(who) => identity::end_session(&api.ctx, &who.0, identity::session_of(&who.0)?).await?,
    }
    Ok(HttpResponse::NoContent().cookie(Whose::Agent.cleared(&api.ctx)).finish())
}

/// Logs out on another device.
#[utoipa::path(tag = "sessions", params(("id" = String, Path)), responses((status = 204), (status = 404)), security(("agent" = [])))]
#[delete("/v1/sessions/{id}")]
async fn end(api: State, who: AgentScope, id: PathId<SessionId>) -> Answer<HttpResponse> {
    identity::end_session(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
