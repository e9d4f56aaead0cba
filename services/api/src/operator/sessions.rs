//! Operators logging in, staying logged in, logging out.

use actix_web::{Either, HttpResponse, HttpResponseBuilder, ResponseError, delete, post};
use chat::operator::{self, LogIn};
use kernel::{OperatorId, Secret};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{Json, OperatorCookie, OperatorScope, Peer, Whose};
use crate::problem::{Answer, Problem};

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(log_in).service(renew).service(end_current);
}

/// What an operator logs in with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOperatorSession {
    email: String,
    #[schema(value_type = String)]
    password: Secret<String>,
    /// From the authenticator app, for those who have one.
    code: Option<String>,
}

/// An operator.
#[derive(Serialize, ToSchema)]
pub struct Operator {
    id: OperatorId,
    name: String,
    email: String,
    /// Whether log-in asks for a code too.
    second_factor: bool,
}

impl From<operator::Operator> for Operator {
    fn from(who: operator::Operator) -> Self {
        let operator::Operator { id, name, email, second_factor } = who;
        Self { id, name, email, second_factor }
    }
}

/// A log-in.
#[derive(Serialize, ToSchema)]
struct OperatorLoggedIn {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Seconds it lives.
    expires_in: u32,
    operator: Operator,
}

fn answer(api: &State, mut response: HttpResponseBuilder, done: operator::LoggedIn) -> HttpResponse {
    let operator::LoggedIn { access_token, expires_in, refresh, refresh_seconds, operator } = done;
    response.cookie(Whose::Operator.cookie(&api.ctx, &refresh, refresh_seconds)).json(OperatorLoggedIn {
        access_token,
        expires_in,
        operator: operator.into(),
    })
}

/// Logs in.
#[utoipa::path(tag = "operator", request_body = NewOperatorSession, responses(
    (status = 201, body = OperatorLoggedIn),
    (status = 401, description = "invalid_credentials, second_factor_required"),
    (status = 429, description = "too_many_attempts, rate_limited")), security(()))]
#[post("/operator/v1/sessions")]
async fn log_in(api: State, peer: Peer, body: Json<NewOperatorSession>) -> Answer<HttpResponse> {
    api.limits.knock.take(&peer.limit_key())?;
    peer.refuse_foreign(&api.ctx.site.operator)?;
    let NewOperatorSession { email, password, code } = body.0;
    let done = operator::log_in(&api.ctx, LogIn { email, password, code }, &(&peer).into()).await?;
    Ok(answer(&api, HttpResponse::Created(), done))
}

/// Gives a new access token for the refresh cookie, and the next cookie.
#[utoipa::path(tag = "operator", params(("X-Porchlight-CSRF" = String, Header, description = "1")), responses(
    (status = 200, body = OperatorLoggedIn), (status = 401, description = "session_ended"),
    (status = 403, description = "csrf_header_missing, foreign_origin")), security(("operator_cookie" = [])))]
#[post("/operator/v1/sessions/refresh")]
async fn renew(api: State, peer: Peer, cookie: OperatorCookie) -> Answer<HttpResponse> {
    api.limits.arrive.take(&peer.limit_key())?;
    match operator::refresh(&api.ctx, cookie.0.reveal()).await {
        Ok(done) => Ok(answer(&api, HttpResponse::Ok(), done)),
        Err(error) if error.code() == "session_ended" => {
            let mut refused = Problem(error).error_response();
            refused.add_cookie(&Whose::Operator.cleared(&api.ctx)).map_err(kernel::Error::internal)?;
            Ok(refused)
        }
        Err(error) => Err(error.into()),
    }
}

/// Logs out: the session of the cookie (with the CSRF header) or of the bearer token.
#[utoipa::path(tag = "operator", responses((status = 204)), security(("operator_cookie" = []), ("operator" = [])))]
#[delete("/operator/v1/sessions/current")]
async fn end_current(api: State, by: Either<OperatorCookie, OperatorScope>) -> Answer<HttpResponse> {
    match by {
        Either::Left(cookie) => operator::end_by_refresh(&api.ctx, cookie.0.reveal()).await?,
        Either::Right(who) => operator::end_session(&api.ctx, &who.0).await?,
    }
    Ok(HttpResponse::NoContent().cookie(Whose::Operator.cleared(&api.ctx)).finish())
}
