//! One file in a multipart form, read once and never held: small text parts first, then the part `file`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpRequest, web};
use bytes::Bytes;
use chat::Ctx;
use chat::files::{self, Arriving};
use futures::{Stream, StreamExt, TryStreamExt};
use kernel::wire::{File, Source};
use kernel::{ConversationId, Error, Kind, Result, Scope};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// Longest text part.
const MOST_TEXT: usize = 200;
/// Parts of a file on their way to the store; each is what one read of the socket gives.
const ON_THE_WAY: usize = 4;
/// Longest time between two parts of a file.
const PATIENCE: Duration = Duration::from_secs(30);
/// Slowest pace in bytes a second, beside [`PATIENCE`]: whoever sends one byte at a time holds no place for long.
const SLOWEST: u64 = 8 * 1024;
/// What is read of a request that was refused, so that its sender hears why: most bytes, longest time.
const DRAIN: (usize, Duration) = (32 * 1024 * 1024, Duration::from_secs(10));

/// A form whose text parts are read and whose file is about to come.
pub struct Upload {
    /// Where it is meant to go.
    pub conversation: Option<ConversationId>,
    name: String,
    declared: String,
    at_most: u64,
    field: Field,
    form: Multipart,
}

impl Upload {
    /// Reads up to the file.
    pub async fn open(request: &HttpRequest, payload: web::Payload) -> Result<Self> {
        let length = length(request)?;
        let boundary = boundary(request)?;
        let mut form = Multipart::new(request.headers(), payload);
        let mut conversation = None;
        loop {
            let next = timeout(PATIENCE, form.try_next()).await.map_err(|_| too_slow())?;
            let mut field = next.map_err(broken)?.ok_or_else(no_file)?;
            match field.name().unwrap_or_default() {
                "conversation_id" if conversation.is_none() => conversation = Some(text(&mut field).await?.parse()?),
                "file" => {
                    let name = file_name(&field);
                    // what the form itself needs around the file, at least: two boundaries and the file's own headers
                    let around = 2 * (boundary + 4) + FILE_HEADERS.len() + name.len().min(300);
                    let at_most = length.saturating_sub(around as u64);
                    let declared = field.content_type().map(|kind| kind.essence_str().to_owned()).unwrap_or_default();
                    return Ok(Self { conversation, name, declared, at_most, field, form });
                }
                _ => return Err(strange_part()),
            }
        }
    }

    /// Hands the file on while it comes. Sender and store go at one pace; whoever leaves half way leaves nothing.
    pub async fn hand_on(self, ctx: &Ctx, scope: &Scope, source: Source) -> Result<File> {
        let Self { name, declared, at_most, field, mut form, .. } = self;
        let (sender, parts) = mpsc::channel(ON_THE_WAY);
        let arriving = Arriving { name, declared, at_most, source };
        let (ctx, scope) = (ctx.clone(), scope.clone());
        // a task of its own: this one is dropped when the sender hangs up, and there is something to give back then
        let storing =
            tokio::spawn(async move { files::upload(&ctx, &scope, arriving, Body { parts, over: false }).await });
        pump(field, &mut form, &sender, at_most).await;
        drop(sender);
        let stored = storing.await.map_err(Error::internal)?;
        if stored.is_err() {
            drain(&mut form).await;
        }
        stored
    }
}

const FILE_HEADERS: &str = "Content-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\r\n";

fn length(request: &HttpRequest) -> Result<u64> {
    if request.headers().contains_key(CONTENT_ENCODING) {
        return Err(Error::invalid("encoding_refused", "Send the body without Content-Encoding."));
    }
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    length.ok_or_else(|| {
        Error::new(Kind::LengthRequired, "length_required", "Send Content-Length, so that room can be made beforehand.")
    })
}

/// How long the form's boundary is.
fn boundary(request: &HttpRequest) -> Result<usize> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (kind, rest) = kind.split_once(';').unwrap_or((kind, ""));
    let boundary =
        rest.split(';').find_map(|one| one.trim().strip_prefix("boundary=")).map(|one| one.trim_matches('"').len());
    match boundary.filter(|_| kind.trim().eq_ignore_ascii_case("multipart/form-data")) {
        Some(length @ 1..=70) => Ok(length),
        _ => Err(Error::invalid("form_needed", "Send the file as multipart/form-data.")),
    }
}

fn file_name(field: &Field) -> String {
    let name = field.content_disposition().and_then(|said| said.get_filename()).unwrap_or_default();
    // as browsers spell what a header could not hold
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

async fn text(field: &mut Field) -> Result<String> {
    let mut text = Vec::new();
    while let Some(part) = timeout(PATIENCE, field.try_next()).await.map_err(|_| too_slow())?.map_err(broken)? {
        if text.len() + part.len() > MOST_TEXT {
            return Err(strange_part());
        }
        text.extend_from_slice(&part);
    }
    String::from_utf8(text).map_err(|_| strange_part())
}

/// From the socket to the store, until either ends.
async fn pump(mut field: Field, form: &mut Multipart, to: &mpsc::Sender<Part>, at_most: u64) {
    let until = Instant::now() + PATIENCE + Duration::from_secs(at_most / SLOWEST);
    loop {
        let wait = PATIENCE.min(until.saturating_duration_since(Instant::now()));
        let next = tokio::select! {
            next = timeout(wait, field.next()) => next,
            () = to.closed() => return,
        };
        let part = match next {
            Err(_) => Part::Broken(too_slow()),
            Ok(Some(Ok(bytes))) => Part::Bytes(bytes),
            Ok(Some(Err(error))) => Part::Broken(broken(error)),
            Ok(None) => break,
        };
        let is_last = matches!(part, Part::Broken(_));
        if to.send(part).await.is_err() || is_last {
            return;
        }
    }
    // the form stands still as long as one of its parts is held
    drop(field);
    // whoever is not there any more needs no end
    let _ = to.send(end(form).await).await;
}

/// Nothing may follow the file.
async fn end(form: &mut Multipart) -> Part {
    match timeout(PATIENCE, form.try_next()).await {
        Ok(Ok(None)) => Part::End,
        Ok(Ok(Some(_))) => Part::Broken(strange_part()),
        Ok(Err(error)) => Part::Broken(broken(error)),
        Err(_) => Part::Broken(too_slow()),
    }
}

/// Reads the rest of a refused request: a connection that is closed on a sender loses the answer.
async fn drain(form: &mut Multipart) {
    let rest = async {
        let mut read = 0;
        while let Ok(Some(mut field)) = form.try_next().await {
            while let Ok(Some(bytes)) = field.try_next().await {
                read += bytes.len();
                if read > DRAIN.0 {
                    return;
                }
            }
        }
    };
    let _ = timeout(DRAIN.1, rest).await;
}

/// What goes from the socket to the store.
enum Part {
    Bytes(Bytes),
    Broken(Error),
    /// The whole file was there: without it, a sender who hung up looks like one who was done.
    End,
}

struct Body {
    parts: mpsc::Receiver<Part>,
    over: bool,
}

impl Stream for Body {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        let part = ready!(self.parts.poll_recv(cx));
        self.over = !matches!(part, Some(Part::Bytes(_)));
        Poll::Ready(match part {
            Some(Part::Bytes(bytes)) => Some(Ok(bytes)),
            Some(Part::Broken(error)) => Some(Err(error)),
            Some(Part::End) => None,
            None => Some(Err(hung_up())),
        })
    }
}

fn hung_up() -> Error {
    Error::invalid("body_broken", "The body ended too early.")
}

fn broken(error: MultipartError) -> Error {
    hung_up().caused_by(error.to_string())
}

fn too_slow() -> Error {
    Error::invalid("body_too_slow", "The file took too long to arrive. Send it again.")
}

fn no_file() -> Error {
    Error::field("file", "file_missing", "Send the file as the part named file.")
}

fn strange_part() -> Error {
    Error::invalid("form_refused", "The form has the parts conversation_id and file, in this order, and nothing else.")
}
