//! Ids in paths and values in queries.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use kernel::Error;
use serde::de::DeserializeOwned;

use crate::problem::Problem;

/// The `{id}` of a path. One that cannot be an id is simply not found, as one that never was.
pub struct PathId<I>(pub I);

impl<I: FromStr + 'static> FromRequest for PathId<I> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("id").unwrap_or_default();
        ready(text.parse().map(PathId).map_err(|_| Problem(Error::not_found())))
    }
}

/// A query string, members checked by the type.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parsed = actix_web::web::Query::<T>::from_query(request.query_string());
        ready(
            parsed
                .map(|query| Query(query.into_inner()))
                .map_err(|error| Problem(Error::invalid("invalid_query", format!("The query does not fit: {error}.")))),
        )
    }
}
