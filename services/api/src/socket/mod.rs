//! Live sockets and their long-poll fall-back, for agents and for visitors.
//!
//! Promises: a socket authenticates by its first frame and by nothing else, so no cookie and no address carries
//! authority; a page of another origin gets no socket; whoever does not sign in, floods or sends nonsense is closed
//! with a code of ours. Rules of who hears what live in `realtime`.

mod pace;
mod poll;
mod side;
mod task;
mod typed;

use actix_web::http::header::{HeaderName, SEC_WEBSOCKET_PROTOCOL};
use actix_web::{HttpRequest, HttpResponse, get, rt, web};
use kernel::Error;

use crate::State;
use crate::extract::Peer;
use crate::problem::{Answer, Problem};
use side::Side;
use task::Socket;

/// The one sub-protocol.
const PROTOCOL: &str = "porchlight.v1";
/// Longest frame a client may send.
const LONGEST_FRAME: usize = 16 * 1024;
/// Longest message of several frames.
const LONGEST_MESSAGE: usize = 64 * 1024;

/// Paths of this folder: what a proxy sends to the processes that hold sockets.
pub const PATHS: [&str; 4] = ["/v1/live", "/widget/v1/live", "/v1/live/poll", "/widget/v1/live/poll"];

/// Routes of this folder.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(agent_live).service(visitor_live).service(poll::agent_poll).service(poll::visitor_poll);
}

/// Live events for one of a tenant's people.
///
/// A WebSocket with the sub-protocol `porchlight.v1`, opened by a page of this server. The first frame must be
/// `{"type":"hello","token":…,"after":…}` within five seconds; only it authenticates.
#[utoipa::path(tag = "live", responses(
    (status = 101, description = "The socket is open; say hello."),
    (status = 400, description = "Not a WebSocket of this sub-protocol."),
    (status = 403, description = "A page of another origin."),
    (status = 429, description = "Too many sockets wait to sign in."),
    (status = 503, description = "Too many sockets came at once; come back after `Retry-After`."),
), security(()))]
#[get("/v1/live")]
async fn agent_live(request: HttpRequest, body: web::Payload, api: State, peer: Peer) -> Answer<HttpResponse> {
    open(&request, body, api, &peer, Side::Agent)
}

/// Live events for a visitor.
///
/// As `/v1/live`, with a visitor's access token; opened by the frame.
#[utoipa::path(tag = "live", responses(
    (status = 101, description = "The socket is open; say hello."),
    (status = 400, description = "Not a WebSocket of this sub-protocol."),
    (status = 403, description = "A page of another origin."),
    (status = 429, description = "Too many sockets wait to sign in."),
    (status = 503, description = "Too many sockets came at once; come back after `Retry-After`."),
), security(()))]
#[get("/widget/v1/live")]
async fn visitor_live(request: HttpRequest, body: web::Payload, api: State, peer: Peer) -> Answer<HttpResponse> {
    open(&request, body, api, &peer, Side::Visitor)
}

fn open(request: &HttpRequest, body: web::Payload, api: State, peer: &Peer, side: Side) -> Answer<HttpResponse> {
    require_own_page(request, &api, peer)?;
    require_protocol(request)?;
    let knock = api.hub.knock(peer.limit_key())?;
    let (response, session, stream) =
        actix_ws::handle_with_protocols(request, body, &[PROTOCOL]).map_err(|_| not_a_socket())?;
    let stream = stream.max_frame_size(LONGEST_FRAME).aggregate_continuations().max_continuation_size(LONGEST_MESSAGE);
    rt::spawn(Socket::new(api, side, session, stream).run(knock));
    Ok(response)
}

/// The browser stamps who opens a socket; a page of ours is the only one that may. Tokens never stand in an address.
fn require_own_page(request: &HttpRequest, api: &State, peer: &Peer) -> Answer<()> {
    peer.require_origin(&api.ctx.site.public)?;
    let site = request.headers().get(HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin") {
        return Err(Problem(Error::forbidden("foreign_origin", "This is only answered to our own pages.")));
    }
    if !request.query_string().is_empty() {
        let detail = "The address of a socket takes no query; say hello in the first frame.";
        return Err(Problem(Error::invalid("query_refused", detail)));
    }
    Ok(())
}

fn require_protocol(request: &HttpRequest) -> Answer<()> {
    let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|value| value.to_str().ok());
    match offered.flat_map(|line| line.split(',')).any(|name| name.trim() == PROTOCOL) {
        true => Ok(()),
        false => Err(not_a_socket()),
    }
}

fn not_a_socket() -> Problem {
    Problem(Error::invalid("websocket_needed", "Open a WebSocket with the sub-protocol porchlight.v1."))
}
