//! Invitations, and the two things their bearer may do with one.

use actix_web::{HttpResponse, delete, get, post};
use chat::identity::{self, Acceptance, InvitationState, NewInvitation};
use kernel::{InvitationId, Page, Role, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Paging;
use super::sessions::{LoggedIn, answer};
use crate::State;
use crate::extract::{AgentScope, Json, PathId, Peer, Query};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(invite).service(preview).service(accept).service(resend).service(revoke);
}

/// Whom to invite.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invite {
    email: String,
    role: Role,
    name: Option<String>,
}

/// An invitation. Its token is in the letter and nowhere else.
#[derive(Serialize, ToSchema)]
struct Invitation {
    id: InvitationId,
    email: String,
    name: Option<String>,
    role: Role,
    /// `pending`, `accepted`, `expired` or `revoked`.
    state: &'static str,
    expires_at: Timestamp,
    created_at: Timestamp,
}

impl From<identity::Invitation> for Invitation {
    fn from(invitation: identity::Invitation) -> Self {
        let identity::Invitation { id, email, name, role, state, expires_at, created_at } = invitation;
        let state = match state {
            InvitationState::Pending => "pending",
            InvitationState::Accepted => "accepted",
            InvitationState::Expired => "expired",
            InvitationState::Revoked => "revoked",
        };
        Self { id, email, name, role, state, expires_at, created_at }
    }
}

/// A letter's token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Bearer {
    #[schema(value_type = String)]
    token: Secret<String>,
}

/// What an invitation says to its bearer.
#[derive(Serialize, ToSchema)]
struct Preview {
    email: String,
    name: Option<String>,
    role: Role,
    tenant_name: String,
    /// Whether the address has a log-in, whose password is then asked for.
    has_account: bool,
}

/// An acceptance.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Accept {
    #[schema(value_type = String)]
    token: Secret<String>,
    /// The invited address.
    email: String,
    name: String,
    /// A new password, or that of the log-in the address has.
    #[schema(value_type = String)]
    password: Secret<String>,
    /// From the authenticator app, if that log-in asks for one.
    code: Option<String>,
}

/// One page of invitations, newest first.
#[utoipa::path(tag = "invitations", params(Paging), responses((status = 200, body = Page<Invitation>)), security(("agent" = [])))]
#[get("/v1/invitations")]
async fn list(api: State, who: AgentScope, paging: Query<Paging>) -> Answer<HttpResponse> {
    let (cursor, limit) = paging.0.parts()?;
    let page = identity::list_invitations(&api.ctx, &who.0, cursor.as_ref(), limit).await?;
    Ok(HttpResponse::Ok().json(page.map(Invitation::from)))
}

/// Invites somebody by mail, for 72 hours.
#[utoipa::path(tag = "invitations", request_body = Invite, responses(
    (status = 201, body = Invitation), (status = 403, description = "role_required"),
    (status = 409, description = "already_member, already_invited")), security(("agent" = [])))]
#[post("/v1/invitations")]
async fn invite(api: State, who: AgentScope, body: Json<Invite>) -> Answer<HttpResponse> {
    let Invite { email, role, name } = body.0;
    let invitation = identity::invite(&api.ctx, &who.0, NewInvitation { email, role, name }).await?;
    Ok(HttpResponse::Created().json(Invitation::from(invitation)))
}

/// Sends an invitation again; the former link is dead at once.
#[utoipa::path(tag = "invitations", params(("id" = String, Path)), responses((status = 200, body = Invitation), (status = 409, description = "invitation_closed")), security(("agent" = [])))]
#[post("/v1/invitations/{id}/resend")]
async fn resend(api: State, who: AgentScope, id: PathId<InvitationId>) -> Answer<HttpResponse> {
    let invitation = identity::resend_invitation(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::Ok().json(Invitation::from(invitation)))
}

/// Takes an invitation back.
#[utoipa::path(tag = "invitations", params(("id" = String, Path)), responses((status = 204), (status = 409, description = "invitation_closed")), security(("agent" = [])))]
#[delete("/v1/invitations/{id}")]
async fn revoke(api: State, who: AgentScope, id: PathId<InvitationId>) -> Answer<HttpResponse> {
    identity::revoke_invitation(&api.ctx, &who.0, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What the bearer of a letter is invited to.
#[utoipa::path(tag = "invitations", request_body = Bearer, responses(
    (status = 200, body = Preview), (status = 400, description = "token_empty"), (status = 404, description = "invitation_unknown"),
    (status = 410, description = "invitation_expired")), security(()))]
#[post("/v1/invitations/preview")]
async fn preview(api: State, peer: Peer, body: Json<Bearer>) -> Answer<HttpResponse> {
    api.limits.knock.take(&peer.limit_key())?;
    let identity::Preview { email, name, role, tenant_name, has_account } =
        identity::preview_invitation(&api.ctx, body.0.token.reveal()).await?;
    Ok(HttpResponse::Ok().json(Preview { email, name, role, tenant_name, has_account }))
}

/// Joins the workspace and logs in.
#[utoipa::path(tag = "invitations", request_body = Accept, responses(
    (status = 201, body = LoggedIn), (status = 400, description = "token_empty"),
    (status = 401, description = "invalid_credentials, second_factor_required, tenant_suspended"),
    (status = 404, description = "invitation_unknown"), (status = 410, description = "invitation_expired"),
    (status = 422, description = "weak_password")), security(()))]
#[post("/v1/invitations/accept")]
async fn accept(api: State, peer: Peer, body: Json<Accept>) -> Answer<HttpResponse> {
    api.limits.knock.take(&peer.limit_key())?;
    peer.refuse_foreign(&api.ctx.site.public)?;
    let Accept { token, email, name, password, code } = body.0;
    let wish = Acceptance { token, email, name, password, code };
    let done = identity::accept_invitation(&api.ctx, wish, &(&peer).into()).await?;
    Ok(answer(&api, HttpResponse::Created(), done))
}
