//! A visitor of a widget, by access token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chat::identity::{self, VisitorPass};
use kernel::{Error, Scope};

use super::bearer::{bearer, state};
use super::seat::be_seated;
use crate::limits::Row;
use crate::problem::Problem;

/// The scope of a visitor, and what their session was given for. Only the token is looked at: whether the widget may
/// still run on that page is asked where it matters.
pub struct VisitorScope {
    /// Who and where.
    pub scope: Scope,
    /// Widget, page and expiry.
    pub pass: VisitorPass,
}

impl FromRequest for VisitorScope {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { vouched(&request).await.map_err(Problem) })
    }
}

async fn vouched(request: &HttpRequest) -> Result<VisitorScope, Error> {
    let api = state(request)?;
    let (scope, pass) = identity::vouch_visitor(&api.ctx, &bearer(request)?)?;
    crate::request::whose(scope.tenant());
    be_seated(request, scope.tenant(), Row::Visitors).await?;
    Ok(VisitorScope { scope, pass })
}
