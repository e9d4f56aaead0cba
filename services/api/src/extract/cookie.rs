//! The refresh cookie: the one credential a browser sends by itself, so it is read only for our own pages.

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chat::{Ctx, Site};
use kernel::{Error, Origin, Secret};
use std::future::{Ready, ready};

use super::Peer;
use super::bearer::state;
use crate::problem::Problem;

/// Whose cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// A tenant's people, on the public listener.
    Agent,
    /// Platform staff, on theirs.
    Operator,
}

impl Whose {
    const fn own(self, site: &Site) -> &Origin {
        match self {
            Self::Agent => &site.public,
            Self::Operator => &site.operator,
        }
    }

    /// `__Host-` binds a cookie to this host and to https; on a loopback origin without https browsers would drop it.
    fn name(self, site: &Site) -> &'static str {
        let own = self.own(site);
        match (self, is_bare(own)) {
            (Self::Agent, false) => "__Host-porchlight_refresh",
            (Self::Agent, true) => "porchlight_refresh",
            (Self::Operator, false) => "__Host-porchlight_operator_refresh",
            (Self::Operator, true) => "porchlight_operator_refresh",
        }
    }

    /// The cookie with a token, for `seconds`.
    pub fn cookie(self, ctx: &Ctx, token: &Secret<String>, seconds: i64) -> Cookie<'static> {
        self.build(ctx, token.reveal().clone(), seconds.max(0))
    }

    /// The cookie that takes the other away.
    pub fn cleared(self, ctx: &Ctx) -> Cookie<'static> {
        self.build(ctx, String::new(), 0)
    }

    fn build(self, ctx: &Ctx, value: String, seconds: i64) -> Cookie<'static> {
        Cookie::build(self.name(&ctx.site), value)
            .path("/")
            .http_only(true)
            .secure(!is_bare(self.own(&ctx.site)))
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(seconds))
            .finish()
    }
}

fn is_bare(origin: &Origin) -> bool {
    !origin.is_secure() && origin.is_loopback()
}

/// The agent's refresh token, from a page of our own.
pub struct AgentCookie(pub Secret<String>);

/// The operator's refresh token, from a page of our own.
pub struct OperatorCookie(pub Secret<String>);

impl FromRequest for AgentCookie {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request, Whose::Agent).map(Self).map_err(Problem))
    }
}

impl FromRequest for OperatorCookie {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request, Whose::Operator).map(Self).map_err(Problem))
    }
}

fn read(request: &HttpRequest, whose: Whose) -> Result<Secret<String>, Error> {
    let api = state(request)?;
    let peer = Peer::extract(request).into_inner().map_err(|problem| problem.0)?;
    peer.require_own_page(whose.own(&api.ctx.site))?;
    let cookie = request.cookie(whose.name(&api.ctx.site)).filter(|cookie| !cookie.value().is_empty());
    let ended = || Error::unauthenticated("session_ended", "Nobody is logged in here. Log in again.");
    cookie.map(|cookie| Secret::new(cookie.value().to_owned())).ok_or_else(ended)
}
