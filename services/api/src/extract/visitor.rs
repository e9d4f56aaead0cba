//! A visitor of a widget, by access token.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chat::identity::{self, VisitorPass};
use kernel::{Error, Scope};

use super::bearer::{bearer, state};
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
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(vouched(request).map_err(Problem))
    }
}

fn vouched(request: &HttpRequest) -> Result<VisitorScope, Error> {
    let api = state(request)?;
    let (scope, pass) = identity::vouch_visitor(&api.ctx, &bearer(request)?)?;
    crate::request::whose(scope.tenant());
    Ok(VisitorScope { scope, pass })
}
