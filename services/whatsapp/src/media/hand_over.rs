//! Files for Meta's own pages: samples of templates, pictures of profiles. They go up in one piece that can be gone on
//! with, and what comes back is a handle, which is no id of media.

use bytes::Bytes;
use chat::Ctx;
use kernel::Secret;
use net::graph::Parcel;

use crate::graph::{Asked, Graph, Trouble};
use crate::payload::Look;

/// How often a broken piece is gone on with.
const TRIES: u32 = 3;

/// Hands bytes to an app, by Meta's id of it; gives the handle.
pub async fn hand_over(
    ctx: &Ctx,
    meta_app_id: &str,
    token: &Secret<String>,
    (name, media_type): (&str, &str),
    bytes: &Bytes,
) -> Asked<String> {
    let graph = Graph::of(ctx, token.clone());
    let length = bytes.len().to_string();
    let query = [("file_name", name), ("file_length", length.as_str()), ("file_type", media_type)];
    let begun = graph.begin(&[meta_app_id, "uploads"], &query).await?;
    let session = begun.word("id").filter(|id| id.starts_with("upload:")).ok_or(Trouble::Strange(200))?;
    let (path, query) = parted(&session);
    let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut from = 0;
    for _ in 0..TRIES {
        let rest = bytes.slice(usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len())..);
        match graph.send(&[&path], &query, Parcel::Rest { from, bytes: rest }).await {
            Ok(said) => return said.word("h").ok_or(Trouble::Strange(200)),
            Err(Trouble::Away) => from = offset(&graph, &path, &query).await?,
            Err(trouble) => return Err(trouble),
        }
    }
    Err(Trouble::Away)
}

/// How much has arrived of what broke off.
async fn offset(graph: &Graph<'_>, path: &str, query: &[(&str, &str)]) -> Asked<u64> {
    let said = graph.offset(&[path], query).await?;
    let offset = said.number("file_offset").and_then(|offset| u64::try_from(offset).ok());
    offset.ok_or(Trouble::Strange(200))
}

/// Meta's id of an upload carries a signature behind a question mark: it is a path with a query.
fn parted(session: &str) -> (String, Vec<(String, String)>) {
    let (path, query) = session.split_once('?').unwrap_or((session, ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    (path.to_owned(), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_of_an_upload_stays_a_query() {
        let (path, query) = parted("upload:MTphdHRh?sig=ARZqkGCA_uQ&x=1");
        assert_eq!(path, "upload:MTphdHRh");
        assert_eq!(query, [("sig".to_owned(), "ARZqkGCA_uQ".to_owned()), ("x".to_owned(), "1".to_owned())]);
        assert_eq!(parted("upload:abc"), ("upload:abc".to_owned(), vec![]));
    }
}
