//! Long polling, for networks that let no socket through.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, get};
use kernel::{Error, Position};
use realtime::{Ending, Polled};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::side::Side;
use crate::State;
use crate::extract::{Query, bearer};
use crate::problem::{Answer, Problem};

/// Longest wait in seconds; shorter than what proxies cut.
const LONGEST: u64 = 25;

/// Where a poll stands and how long it may wait.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Ask {
    /// Position of the last event the client has; without one, the end of the stream.
    after: Option<Position>,
    /// Seconds to wait for the first event, 25 at most.
    #[serde(default)]
    wait: u64,
}

/// What a poll found.
#[derive(ToSchema)]
#[expect(dead_code, reason = "names the shape in the document; the text is put together from frames")]
struct PollAnswer {
    /// Events, oldest first, each as the socket sends it.
    #[schema(value_type = Vec<Object>)]
    events: Vec<String>,
    /// Where to ask from next.
    position: Position,
    /// Whether nothing was missed; if not, load the state again.
    resumed: bool,
}

/// Events for one of a tenant's people, by long poll.
#[utoipa::path(tag = "live", params(Ask), responses((status = 200, description = "What happened.", body = PollAnswer)), security(("agent" = [])))]
#[get("/v1/live/poll")]
pub async fn agent_poll(request: HttpRequest, api: State, ask: Query<Ask>) -> Answer<HttpResponse> {
    poll(&request, &api, &ask.0, Side::Agent).await
}

/// Events for a visitor, by long poll.
#[utoipa::path(tag = "live", params(Ask), responses((status = 200, description = "What happened.", body = PollAnswer)), security(("visitor" = [])))]
#[get("/widget/v1/live/poll")]
pub async fn visitor_poll(request: HttpRequest, api: State, ask: Query<Ask>) -> Answer<HttpResponse> {
    poll(&request, &api, &ask.0, Side::Visitor).await
}

async fn poll(request: &HttpRequest, api: &State, ask: &Ask, side: Side) -> Answer<HttpResponse> {
    let token = bearer(request)?;
    let pass = side.vouch(&api.ctx, &token).await?;
    api.limits.tenant.take(&pass.scope.tenant())?;
    let mut live = api.hub.join_poll(pass.clone())?;
    side.vouch_again(&api.ctx, &token, &pass).await?;
    let polled = live.poll(ask.after, Duration::from_secs(ask.wait.min(LONGEST))).await?;
    match live.ending() {
        Some(why) if polled.events.is_empty() => Err(Problem(refusal(why))),
        _ => Ok(HttpResponse::Ok().content_type("application/json").body(text(&polled))),
    }
}

/// The same words a socket is closed with, as a problem.
fn refusal(why: Ending) -> Error {
    match why {
        Ending::Suspended => Error::forbidden("suspended", "This is switched off for now."),
        Ending::SignedOut => Error::unauthenticated("session_ended", "This session is over. Sign in again."),
        _ => Error::unavailable("resume", "Ask again from the same position."),
    }
}

fn text(polled: &Polled) -> String {
    let events: Vec<&str> = polled.events.iter().map(|event| &**event).collect();
    let Polled { position, resumed, .. } = polled;
    format!(r#"{{"events":[{}],"position":"{position}","resumed":{resumed}}}"#, events.join(","))
}
