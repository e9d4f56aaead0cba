//! What a store's refusal means for us.

use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use kernel::{Error, Kind};

use crate::fault::{away, out_of_range};

/// For a request about one object: a key that is not there is *not found*, all else is [`failed`].
pub(super) fn refused<E>(doing: &'static str, error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
    match (status(&error), code) {
        (_, Some("NoSuchKey" | "NoSuchUpload")) => Error::not_found(),
        // an answer to HEAD has no body and so no code of the store's own
        (Some(404), None | Some("NotFound")) => Error::not_found(),
        (Some(416), _) | (_, Some("InvalidRange")) => out_of_range(),
        _ => failed(doing, error),
    }
}

/// The store cannot be used: also when the bucket is not there or a signature is refused, which only the operator can
/// mend and must not look like a lost file.
pub(super) fn failed<E>(doing: &'static str, error: SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    away(doing, why(&error))
}

pub(super) fn is_missing(error: &Error) -> bool {
    error.kind() == Kind::NotFound
}

/// Status, code and words of the store, or the chain of what went wrong before it answered. Never the whole answer:
/// it may repeat what was signed.
fn why<E>(error: &SdkError<E, HttpResponse>) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let Some(service) = error.as_service_error() else { return chain(error) };
    let (code, words) = (service.code().unwrap_or("no code"), service.message().unwrap_or("no words"));
    format!("{} {code}: {words}", status(error).unwrap_or(0))
}

/// What went wrong and what made it, in one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let chain = std::iter::successors(Some(error), |error| error.source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}
