//! Bytes out of a bucket. What the store announces and what it gives must agree, to the byte.

use std::ops::Range;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use kernel::Result;

use super::{S3, answer};
use crate::fault::{away, corrupt, out_of_range};
use crate::{Key, Reading};

pub(super) async fn read(store: &S3, key: &Key, range: Option<Range<u64>>) -> Result<Reading> {
    let header = range.as_ref().map(header).transpose()?;
    let request = store.client.get_object().bucket(&store.bucket).key(store.place(key)).set_range(header);
    let answer = request.send().await.map_err(|error| answer::refused("GetObject", error))?;
    let (total, length) = announced(&answer, range)?;
    Ok(Reading { total, body: exactly(answer.body, length).boxed() })
}

/// The protocol counts the last byte, not the one after it, and in 63 bits.
fn header(range: &Range<u64>) -> Result<String> {
    if range.is_empty() || i64::try_from(range.start).is_err() {
        return Err(out_of_range());
    }
    let last = i64::try_from(range.end - 1).map(|last| last.to_string()).unwrap_or_default();
    Ok(format!("bytes={}-{last}", range.start))
}

/// Bytes of the object and bytes to come.
fn announced(answer: &GetObjectOutput, asked: Option<Range<u64>>) -> Result<(u64, u64)> {
    let length = answer.content_length().and_then(|length| u64::try_from(length).ok());
    let length = length.ok_or_else(|| corrupt("the store does not say how much is to come"))?;
    let Some(asked) = asked else { return Ok((length, length)) };
    let (given, total) =
        answer.content_range().and_then(content_range).ok_or_else(|| corrupt("the store ignores ranges"))?;
    let wanted = asked.start..asked.end.min(total);
    if given != wanted || given.end - given.start != length {
        return Err(corrupt("the store gives another range than was asked for"));
    }
    Ok((total, length))
}

/// Reads `bytes first-last/total`.
fn content_range(text: &str) -> Option<(Range<u64>, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let end = last.parse::<u64>().ok()?.checked_add(1)?;
    Some((first.parse().ok().filter(|first| *first < end)?..end, total.parse().ok()?))
}

/// The body, which ends in an error when it is not `left` bytes.
fn exactly(body: ByteStream, left: u64) -> impl Stream<Item = Result<Bytes>> {
    futures::stream::unfold(Some((body, left)), |state| async move {
        let (mut body, left) = state?;
        match body.next().await {
            None if left == 0 => None,
            None => Some((Err(corrupt("the store broke off before the end")), None)),
            Some(Err(error)) => Some((Err(away("GetObject", answer::chain(&error))), None)),
            Some(Ok(chunk)) => match left.checked_sub(chunk.len() as u64) {
                None => Some((Err(corrupt("the store gives more than it announced")), None)),
                Some(left) => Some((Ok(chunk), Some((body, left)))),
            },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announced_range_is_read_exactly() {
        assert_eq!(content_range("bytes 0-0/1"), Some((0..1, 1)));
        assert_eq!(content_range("bytes 5-9/100"), Some((5..10, 100)));
        for bad in ["", "bytes */100", "bytes 9-5/100", "bytes 0-5/*", "0-5/10", "bytes 0-18446744073709551615/1"] {
            assert_eq!(content_range(bad), None, "{bad:?}");
        }
    }
}
