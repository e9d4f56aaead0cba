//! Platform staff, by access token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chat::operator::{self, Staff};
use kernel::Error;

use super::bearer::{bearer, state};
use crate::problem::Problem;

/// An operator whose session lives.
pub struct OperatorScope(pub Staff);

impl FromRequest for OperatorScope {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { vouched(&request).await.map(Self).map_err(Problem) })
    }
}

async fn vouched(request: &HttpRequest) -> Result<Staff, Error> {
    let api = state(request)?;
    operator::vouch(&api.ctx, &bearer(request)?).await
}
