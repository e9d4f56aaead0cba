//! The socket: every request is a [`Call`], every [`Answer`] is sent as it says, broken if it says so.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, Stream};

use super::{Answer, Call};
use crate::core::Core;
use crate::{control, data};

/// Above the largest media a user may send, so that too large is our answer and not the server's.
const MOST: usize = 120 * 1024 * 1024;

/// Serves both planes on this listener.
pub(crate) fn serve(core: Arc<Core>, listener: TcpListener) -> io::Result<Server> {
    let core = web::Data::from(core);
    let server = HttpServer::new(move || {
        let limit = web::PayloadConfig::new(MOST);
        App::new().app_data(core.clone()).app_data(limit).default_service(web::to(answer))
    });
    Ok(server.workers(2).disable_signals().shutdown_timeout(1).listen(listener)?.run())
}

async fn answer(request: HttpRequest, body: Bytes, core: web::Data<Core>) -> HttpResponse {
    let call = Call::of(&request, body);
    let core = core.into_inner();
    let answer = match call.path.first().map(String::as_str) {
        Some("_sim") => control::serve(&core, &call).await,
        _ => data::serve(&core, &call).await,
    };
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    response(answer)
}

fn response(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for (name, value) in &answer.headers {
        response.insert_header((name.as_str(), value.as_str()));
    }
    let length = answer.body.len() as u64;
    match answer.cut {
        None => response.body(answer.body),
        Some(bytes) => response.body(SizedStream::new(length.max(1), torn(answer.body, bytes))),
    }
}

/// The first bytes, then a broken connection; without any bytes not even the head leaves.
fn torn(mut body: Vec<u8>, keep: usize) -> impl Stream<Item = io::Result<Bytes>> {
    body.truncate(keep);
    let first = (!body.is_empty()).then(|| Ok(Bytes::from(body)));
    let broken = stream::once(async move {
        // a breath between the bytes and the break, so that they are flushed
        if keep > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    stream::iter(first).chain(broken.boxed_local())
}
