//! `Authorization: Bearer`, the only place an access token is taken from.

use actix_web::HttpRequest;
use actix_web::http::header::AUTHORIZATION;
use kernel::Error;

use crate::State;

/// The token of the request, exactly one.
pub fn bearer(request: &HttpRequest) -> Result<String, Error> {
    let mut headers = request.headers().get_all(AUTHORIZATION);
    let missing = || Error::unauthenticated("token_missing", "Send the access token as Authorization: Bearer.");
    let (Some(header), None) = (headers.next(), headers.next()) else { return Err(missing()) };
    let text = header.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(token.trim().to_owned())
        }
        _ => Err(missing()),
    }
}

/// The shared state; there in every request, so its absence is our fault.
pub fn state(request: &HttpRequest) -> Result<State, Error> {
    request.app_data::<State>().cloned().ok_or_else(|| Error::internal("a route without the shared state"))
}
