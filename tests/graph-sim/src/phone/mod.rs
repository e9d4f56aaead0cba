//! `GET /_sim/phone`: a page that plays a phone.

use crate::http::Answer;

/// The page, complete in itself.
pub(crate) fn page() -> Answer {
    Answer::bytes(200, "text/html; charset=utf-8", include_str!("page.html").as_bytes().to_vec())
}
