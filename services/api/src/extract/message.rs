//! A message in a path: `{id}` its conversation, `{seq}` its number there.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::{ConversationId, Error};

use crate::problem::Problem;

/// The conversation and the number; what is neither is not found.
pub struct PathMessage {
    /// The conversation.
    pub id: ConversationId,
    /// The number.
    pub seq: i64,
}

impl FromRequest for PathMessage {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = |name: &str| request.match_info().get(name).unwrap_or_default();
        let found = text("id").parse().ok().zip(text("seq").parse().ok());
        ready(found.map(|(id, seq)| Self { id, seq }).ok_or_else(|| Problem(Error::not_found())))
    }
}
