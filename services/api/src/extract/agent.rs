//! One of a tenant's people, by access token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chat::identity;
use kernel::{Error, Scope};

use super::bearer::{bearer, state};
use super::seat::be_seated;
use crate::limits::Row;
use crate::problem::Problem;

/// The scope of a person whose session lives, within what their tenant may ask.
pub struct AgentScope(pub Scope);

impl FromRequest for AgentScope {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { vouched(&request).await.map(Self).map_err(Problem) })
    }
}

async fn vouched(request: &HttpRequest) -> Result<Scope, Error> {
    let api = state(request)?;
    let scope = identity::vouch_agent(&api.ctx, &bearer(request)?).await?;
    crate::request::whose(scope.tenant());
    api.limits.tenant.take(&scope.tenant())?;
    be_seated(request, scope.tenant(), Row::Agents).await?;
    Ok(scope)
}
