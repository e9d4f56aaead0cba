//! What operators may do about themselves.

use actix_web::{HttpResponse, get, post};
use chat::operator;

use super::sessions::Operator;
use crate::State;
use crate::agent::identity::{Code, SecondFactor};
use crate::extract::{Json, OperatorScope};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(show).service(begin_factor).service(confirm_factor).service(disable_factor);
}

/// Who is asking.
#[utoipa::path(tag = "operator", responses((status = 200, body = Operator)), security(("operator" = [])))]
#[get("/operator/v1/me")]
async fn show(api: State, who: OperatorScope) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(Operator::from(operator::me(&api.ctx, &who.0).await?)))
}

/// Offers a second factor; it counts once confirmed.
#[utoipa::path(tag = "operator", responses((status = 200, body = SecondFactor), (status = 409, description = "second_factor_on")), security(("operator" = [])))]
#[post("/operator/v1/me/second-factor")]
async fn begin_factor(api: State, who: OperatorScope) -> Answer<HttpResponse> {
    Ok(HttpResponse::Ok().json(SecondFactor::from(operator::offer_factor(&api.ctx, &who.0).await?)))
}

/// Switches the offered second factor on.
#[utoipa::path(tag = "operator", request_body = Code, responses((status = 204), (status = 422, description = "wrong_code")), security(("operator" = [])))]
#[post("/operator/v1/me/second-factor/confirm")]
async fn confirm_factor(api: State, who: OperatorScope, body: Json<Code>) -> Answer<HttpResponse> {
    operator::confirm_factor(&api.ctx, &who.0, &body.0.code).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Switches the second factor off.
#[utoipa::path(tag = "operator", request_body = Code, responses((status = 204), (status = 422, description = "wrong_code")), security(("operator" = [])))]
#[post("/operator/v1/me/second-factor/disable")]
async fn disable_factor(api: State, who: OperatorScope, body: Json<Code>) -> Answer<HttpResponse> {
    operator::disable_factor(&api.ctx, &who.0, &body.0.code).await?;
    Ok(HttpResponse::NoContent().finish())
}
