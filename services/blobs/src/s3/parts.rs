//! A body cut into parts of one size, as stores want them, with one in memory.

use bytes::{Buf, Bytes, BytesMut};
use futures::Stream;
use kernel::Result;

use crate::Stored;
use crate::stored::Counted;

/// Bytes of every part but the last: the least a store takes, and what one upload holds in memory.
pub(super) const PART: usize = 5 * 1024 * 1024;

pub(super) struct Parts<S> {
    body: Counted<S>,
    /// What came beyond the part; its first bytes are those of the next.
    rest: Bytes,
}

pub(super) struct Part {
    pub(super) bytes: Bytes,
    pub(super) last: bool,
}

impl<S: Stream<Item = Result<Bytes>> + Unpin> Parts<S> {
    pub(super) fn new(body: Counted<S>) -> Self {
        Self { body, rest: Bytes::new() }
    }

    /// The next part. Full ones wait for a byte more, to know whether they are the last.
    pub(super) async fn next(&mut self) -> Result<Part> {
        let mut part = BytesMut::new();
        while self.wait().await? {
            let room = PART - part.len();
            if room == 0 {
                return Ok(Part { bytes: part.freeze(), last: false });
            }
            let taken = self.rest.split_to(room.min(self.rest.remaining()));
            // small bodies take what they need, larger ones a part at once instead of by doubling
            let grow = if part.is_empty() { taken.len() } else { PART - part.len() };
            part.reserve(grow.max(taken.len()));
            part.extend_from_slice(&taken);
        }
        Ok(Part { bytes: part.freeze(), last: true })
    }

    /// Whether there is a byte more.
    async fn wait(&mut self) -> Result<bool> {
        while self.rest.is_empty() {
            match self.body.next().await? {
                Some(chunk) => self.rest = chunk,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// What has gone by.
    pub(super) fn stored(&self) -> Stored {
        self.body.stored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn cut(chunks: Vec<usize>) -> Vec<usize> {
        let body = futures::stream::iter(chunks).map(|size| Ok(Bytes::from(vec![7; size])));
        let mut parts = Parts::new(Counted::new(body, u64::MAX));
        let mut sizes = Vec::new();
        loop {
            let part = parts.next().await.expect("a part");
            sizes.push(part.bytes.len());
            if part.last {
                return sizes;
            }
        }
    }

    use futures::StreamExt;

    #[tokio::test]
    async fn every_part_but_the_last_is_full_however_the_body_comes() {
        assert_eq!(cut(vec![]).await, [0]);
        assert_eq!(cut(vec![0, 1, 0]).await, [1]);
        assert_eq!(cut(vec![PART]).await, [PART]);
        assert_eq!(cut(vec![PART, 0, 1]).await, [PART, 1]);
        assert_eq!(cut(vec![PART * 2 + 3]).await, [PART, PART, 3]);
        assert_eq!(cut(vec![PART - 1; 3]).await, [PART, PART, PART - 3]);
        assert_eq!(cut(vec![64 * 1024; 160]).await, [PART, PART]);
    }
}
