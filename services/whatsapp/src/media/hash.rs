//! Whether the bytes are those that were meant: Meta writes hashes in base64 in deliveries and in hexadecimal elsewhere.

use bytes::Bytes;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use futures::stream::{self, BoxStream, Stream, StreamExt};
use kernel::{Error, Result};
use net::media::Broken;
use sha2::{Digest, Sha256};

/// The code of bytes that are others than were meant.
pub const ALTERED: &str = "media_altered";
/// The code of bytes that did not come to their end.
pub const BROKE_OFF: &str = "media_broke_off";

/// A SHA-256.
pub type Hash = [u8; 32];

/// A hash in any notation; `None` for what is none.
pub fn read(text: &str) -> Option<Hash> {
    let text = text.trim().as_bytes();
    // 64 hexadecimal digits are base64 too, of something longer
    let notations = [HEXLOWER_PERMISSIVE, BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD];
    notations.iter().filter_map(|notation| notation.decode(text).ok()).find_map(|bytes| bytes.try_into().ok())
}

/// The same bytes, and an error behind them when they are not those that were meant: whoever stores them keeps nothing.
pub fn checked(
    body: impl Stream<Item = std::result::Result<Bytes, Broken>> + Send + 'static,
    meant: Option<Hash>,
) -> BoxStream<'static, Result<Bytes>> {
    let begin = (Box::pin(body), Some((Sha256::new(), 0)));
    let parts = stream::unfold(begin, move |(mut body, so_far)| async move {
        let (mut hash, bytes) = so_far?;
        match body.next().await {
            Some(Ok(part)) => {
                hash.update(&part);
                let so_far = (hash, bytes + part.len());
                Some((Ok(part), (body, Some(so_far))))
            }
            Some(Err(Broken)) => Some((Err(broke_off()), (body, None))),
            // no file is empty, whatever its hash
            None if bytes > 0 && meant.is_none_or(|meant| meant == <Hash>::from(hash.finalize())) => None,
            None => Some((Err(altered()), (body, None))),
        }
    });
    parts.boxed()
}

fn broke_off() -> Error {
    Error::unavailable(BROKE_OFF, "The file did not come whole. It is fetched again.")
}

fn altered() -> Error {
    Error::invalid(ALTERED, "The file that came is another one. It is fetched again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::TryStreamExt;

    #[test]
    fn a_hash_is_the_same_in_every_notation() {
        let hash: Hash = Sha256::digest(b"porch").into();
        for text in [
            BASE64.encode(&hash),
            BASE64_NOPAD.encode(&hash),
            BASE64URL.encode(&hash),
            HEXLOWER_PERMISSIVE.encode(&hash),
            HEXLOWER_PERMISSIVE.encode(&hash).to_uppercase(),
            format!(" {}\n", BASE64.encode(&hash)),
        ] {
            assert_eq!(read(&text), Some(hash), "{text}");
        }
        for none in ["", "x", "deadbeef", "not a hash at all"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[tokio::test]
    async fn other_bytes_end_in_an_error_and_broken_ones_say_so() {
        let meant = Some(Hash::from(Sha256::digest(b"porch")));
        assert_eq!(come(vec![Ok("por"), Ok("ch")], meant).await, Ok(b"porch".to_vec()));
        assert_eq!(come(vec![Ok("any")], None).await, Ok(b"any".to_vec()));
        assert_eq!(come(vec![Ok("por"), Ok("sh")], meant).await, Err(ALTERED));
        assert_eq!(come(vec![Ok("por")], meant).await, Err(ALTERED));
        assert_eq!(come(vec![Ok("por"), Err(Broken)], meant).await, Err(BROKE_OFF));
        assert_eq!(come(vec![], None).await, Err(ALTERED));
    }

    type Parts = Vec<std::result::Result<&'static str, Broken>>;

    async fn come(parts: Parts, meant: Option<Hash>) -> std::result::Result<Vec<u8>, &'static str> {
        let parts = parts.into_iter().map(|part| part.map(|text| Bytes::from_static(text.as_bytes())));
        let whole: Result<Vec<Bytes>> = checked(stream::iter(parts), meant).try_collect().await;
        whole.map(|parts| parts.concat()).map_err(|error| error.code())
    }
}
