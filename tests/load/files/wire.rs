//! Bytes over HTTP, in pieces, never held whole.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Result;
use bytes::Bytes;
use futures::stream::{self, Stream};

const PIECE: usize = 64 * 1024;
const BOUNDARY: &str = "the-end-of-it";

/// What a form upload is sent as.
pub const FORM: &str = "multipart/form-data; boundary=the-end-of-it";

pub fn client() -> Result<reqwest::Client> {
    let redirects = reqwest::redirect::Policy::none();
    Ok(reqwest::Client::builder().redirect(redirects).no_proxy().tcp_nodelay(true).build()?)
}

/// Reads an answer's body and forgets it. Gives how long it was.
pub async fn drain(mut answer: reqwest::Response) -> Result<usize> {
    let mut got = 0;
    while let Some(piece) = answer.chunk().await? {
        got += piece.len();
    }
    Ok(got)
}

/// When the last piece was handed to the socket.
#[derive(Clone, Default)]
pub struct Last(Arc<Mutex<Option<Instant>>>);

impl Last {
    pub fn elapsed(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map_or(Duration::ZERO, |at| at.elapsed())
    }

    fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// A form around a file: its length, and its pieces, at most so many bytes a second.
pub fn form(
    name: &str,
    kind: &str,
    bytes: &Bytes,
    pace: Option<usize>,
    last: Last,
) -> (usize, impl Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static) {
    let head = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n"
    );
    let mut pieces = vec![Bytes::from(head)];
    pieces.extend((0..bytes.len()).step_by(PIECE).map(|from| bytes.slice(from..bytes.len().min(from + PIECE))));
    pieces.push(Bytes::from(format!("\r\n--{BOUNDARY}--\r\n")));
    let length = pieces.iter().map(Bytes::len).sum();
    let (began, count) = (Instant::now(), pieces.len());
    let pieces = stream::unfold((pieces.into_iter().enumerate(), last), move |(mut pieces, last)| async move {
        let (number, piece) = pieces.next()?;
        if let Some(pace) = pace {
            let due = Duration::from_secs_f64((number * PIECE) as f64 / pace as f64);
            tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
        }
        if number + 1 == count {
            last.now();
        }
        Some((Ok(piece), (pieces, last)))
    });
    (length, pieces)
}
