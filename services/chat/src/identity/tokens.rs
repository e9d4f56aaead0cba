//! Access tokens: ten minutes of proof for agents, visitors and operators.
//!
//! A token names the session or visitor and nothing that may change: roles and states are read when it is shown.
//! The three kinds are signed with different keys and carry different audiences, so none passes for another.

use std::time::Duration;

use kernel::{
    Actor, AgentId, ContactId, Error, OperatorId, Result, Role, Scope, SessionId, TenantId, Timestamp, WidgetId,
    random_token,
};
use serde::{Deserialize, Serialize};

use super::jwt::{self, Claims, Expected, Refusal, Registered};
use super::keys::digest;
use super::live;
use crate::Ctx;

/// How long an access token is good for.
pub const ACCESS_SECONDS: u32 = 600;
const ACCESS: Duration = Duration::from_secs(ACCESS_SECONDS as u64);

/// What a visitor proved when the widget session began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitorPass {
    /// Whose widget.
    pub tenant: TenantId,
    /// The widget.
    pub widget: WidgetId,
    /// The visitor; a row exists only after their first act.
    pub visitor: ContactId,
    /// Origin of the page the widget stands on.
    pub origin: String,
    /// When the token is over; ignored when one is made.
    pub expires_at: Timestamp,
}

/// What an agent proved.
#[derive(Clone, Debug)]
pub struct AgentPass {
    /// Who and where.
    pub scope: Scope,
    /// The log-in the token belongs to.
    pub session: SessionId,
    /// When the token is over.
    pub expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Access {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    jti: String,
    #[serde(default, deserialize_with = "jwt::present", skip_serializing_if = "Option::is_none")]
    tid: Option<TenantId>,
    #[serde(default, deserialize_with = "jwt::present", skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
    #[serde(default, deserialize_with = "jwt::present", skip_serializing_if = "Option::is_none")]
    wid: Option<WidgetId>,
    /// Digest of the page's origin.
    #[serde(default, deserialize_with = "jwt::present", skip_serializing_if = "Option::is_none")]
    org: Option<String>,
    /// The page's origin.
    #[serde(default, deserialize_with = "jwt::present", skip_serializing_if = "Option::is_none")]
    page: Option<String>,
}

impl Access {
    fn new(ctx: &Ctx, audience: String, subject: String) -> Self {
        let iat = ctx.clock().now().seconds();
        Self {
            iss: ctx.site.public.to_string(),
            aud: audience,
            sub: subject,
            iat,
            exp: iat + i64::from(ACCESS_SECONDS),
            jti: random_token("")[..26].to_owned(),
            tid: None,
            sid: None,
            wid: None,
            org: None,
            page: None,
        }
    }

    fn expires_at(&self) -> Timestamp {
        Timestamp::from_millis(self.exp.saturating_mul(1000))
    }
}

impl Claims for Access {
    fn registered(&self) -> Registered<'_> {
        let Self { iss, aud, sub, iat, exp, .. } = self;
        Registered { iss, aud, sub, iat: *iat, exp: *exp, nbf: None }
    }
}

fn verify(ctx: &Ctx, key: &jwt::OwnKey, audience: &str, token: &str) -> Result<Access> {
    let issuer = ctx.site.public.to_string();
    let expected = Expected { issuer: Some(&issuer), audience, life: ACCESS, now: ctx.clock().now() };
    key.verify(token, &expected).map_err(refused)
}

fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Expired => Error::unauthenticated("token_expired", "The access token is over; get a new one."),
        _ => invalid(),
    }
}

fn invalid() -> Error {
    Error::unauthenticated("token_invalid", "The access token is not one of ours.")
}

/// A visitor's token and its life in seconds.
pub fn mint_visitor(ctx: &Ctx, pass: &VisitorPass) -> Result<(String, u32)> {
    let claims = Access {
        tid: Some(pass.tenant),
        wid: Some(pass.widget),
        org: Some(digest(&pass.origin)),
        page: Some(pass.origin.clone()),
        ..Access::new(ctx, format!("widget:{}", pass.widget), pass.visitor.to_string())
    };
    Ok((ctx.keys.visitor.sign(&claims)?, ACCESS_SECONDS))
}

/// Who a visitor's token speaks for. Only the token is looked at: whether the widget may still run on that page is the
/// gate's question and must be asked again.
#[expect(clippy::disallowed_methods, reason = "a checked token")]
pub fn vouch_visitor(ctx: &Ctx, token: &str) -> Result<(Scope, VisitorPass)> {
    let widget = widget_of(token).ok_or_else(invalid)?;
    let claims = verify(ctx, &ctx.keys.visitor, &format!("widget:{widget}"), token)?;
    let (Some(tenant), Some(wid), Some(origin), Some(org)) = (claims.tid, claims.wid, &claims.page, &claims.org) else {
        return Err(invalid());
    };
    let visitor: ContactId = claims.sub.parse().map_err(|_| invalid())?;
    if wid != widget || *org != digest(origin) {
        return Err(invalid());
    }
    let pass = VisitorPass { tenant, widget, visitor, origin: origin.clone(), expires_at: claims.expires_at() };
    Ok((Scope::vouch(tenant, Actor::Visitor { id: visitor, widget }), pass))
}

/// The scope of an agent whom the caller has just made: the demo's seed speaks for its people. No session stands behind it.
#[expect(clippy::disallowed_methods, reason = "a checked token")]
pub fn scope_of_new_agent(tenant: TenantId, agent: AgentId, role: Role) -> Scope {
    Scope::vouch(tenant, Actor::Agent { id: agent, role, session: SessionId::from_uuid(agent.uuid()) })
}

/// The scope of a visitor whose pass was just made.
#[expect(clippy::disallowed_methods, reason = "a pass that was checked")]
pub fn scope_of_visitor(pass: &VisitorPass) -> Scope {
    Scope::vouch(pass.tenant, Actor::Visitor { id: pass.visitor, widget: pass.widget })
}

/// The widget a token claims to be for, so that its audience can be demanded; proves nothing yet.
fn widget_of(token: &str) -> Option<WidgetId> {
    #[derive(Deserialize)]
    struct Hint {
        wid: WidgetId,
    }
    let body = token.split('.').nth(1).filter(|body| body.len() <= 4096)?;
    let json = data_encoding::BASE64URL_NOPAD.decode(body.as_bytes()).ok()?;
    serde_json::from_slice::<Hint>(&json).ok().map(|hint| hint.wid)
}

/// An agent's token and its life in seconds.
pub(crate) fn mint_agent(ctx: &Ctx, tenant: TenantId, agent: AgentId, session: SessionId) -> Result<(String, u32)> {
    let claims =
        Access { tid: Some(tenant), sid: Some(session), ..Access::new(ctx, "agent".to_owned(), agent.to_string()) };
    Ok((ctx.keys.agent.sign(&claims)?, ACCESS_SECONDS))
}

/// Who an agent's token speaks for, with the session alive, the person and the tenant in good standing, and the role
/// as it is now.
pub async fn vouch_agent(ctx: &Ctx, token: &str) -> Result<Scope> {
    agent_pass(ctx, token).await.map(|pass| pass.scope)
}

/// As [`vouch_agent`], with the moment the token is over: sockets must be renewed by then.
pub async fn vouch_agent_pass(ctx: &Ctx, token: &str) -> Result<(Scope, Timestamp)> {
    agent_pass(ctx, token).await.map(|pass| (pass.scope, pass.expires_at))
}

/// As [`vouch_agent`], with session and expiry.
#[expect(clippy::disallowed_methods, reason = "a checked token and the standing that was read")]
pub async fn agent_pass(ctx: &Ctx, token: &str) -> Result<AgentPass> {
    let claims = verify(ctx, &ctx.keys.agent, "agent", token)?;
    let (Some(tenant), Some(session)) = (claims.tid, claims.sid) else { return Err(invalid()) };
    let agent: AgentId = claims.sub.parse().map_err(|_| invalid())?;
    let standing = live::standing(ctx, session).await?;
    if standing.tenant != tenant || standing.agent != agent {
        return Err(invalid());
    }
    let scope = Scope::vouch(tenant, Actor::Agent { id: agent, role: standing.role, session });
    Ok(AgentPass { scope, session, expires_at: claims.expires_at() })
}

/// The session an agent's scope was vouched from.
pub fn session_of(scope: &Scope) -> Result<SessionId> {
    match scope.actor() {
        Actor::Agent { session, .. } => Ok(*session),
        _ => Err(live::ended()),
    }
}

/// An operator's token and its life in seconds.
pub(crate) fn mint_operator(ctx: &Ctx, operator: OperatorId, session: SessionId) -> Result<(String, u32)> {
    let claims = Access { sid: Some(session), ..Access::new(ctx, "operator".to_owned(), operator.to_string()) };
    Ok((ctx.keys.operator.sign(&claims)?, ACCESS_SECONDS))
}

/// Who an operator's token names and when it is over; whether the session lives is the operator slice's question.
pub(crate) fn read_operator(ctx: &Ctx, token: &str) -> Result<(OperatorId, SessionId, Timestamp)> {
    let claims = verify(ctx, &ctx.keys.operator, "operator", token)?;
    let operator = claims.sub.parse().map_err(|_| invalid())?;
    let session = claims.sid.ok_or_else(invalid)?;
    Ok((operator, session, claims.expires_at()))
}

/// The scope of an operator who acts on a tenant; the operator slice calls it after it has checked the session.
#[expect(clippy::disallowed_methods, reason = "a checked operator session")]
pub(crate) fn scope_of_operator(tenant: TenantId, operator: OperatorId) -> Scope {
    Scope::vouch(tenant, Actor::Operator { id: operator })
}

/// The scope of the product's own work in a tenant: jobs, seeds, the command line.
#[expect(clippy::disallowed_methods, reason = "the product itself, for jobs")]
pub fn scope_of_system(tenant: TenantId) -> Scope {
    Scope::vouch(tenant, Actor::System)
}
