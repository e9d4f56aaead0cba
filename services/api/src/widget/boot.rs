//! Bootstrap: the host page asks, the browser states the site. The one place that answers other origins.

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, REFERER, VARY,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, options, post};
use chat::contacts;
use kernel::wire::{Display, PageSeen, WidgetSettings};
use kernel::{Error, Origin, WidgetId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::State;
use crate::extract::{Json, Peer};
use crate::problem::Answer;

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(preflight).service(bootstrap);
}

/// Which widget, on which page.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Bootstrap {
    /// As the snippet names it.
    widget: String,
    /// The page, for the operator of the site only.
    #[serde(default)]
    page: Option<PageSeen>,
    /// The visitor's language.
    #[serde(default)]
    locale: Option<String>,
}

/// What the loader needs.
#[derive(Serialize, ToSchema)]
struct Bootstrapped {
    /// For the frame: 60 s, once.
    ticket: String,
    /// The frame's address.
    frame_url: String,
    config: Config,
}

/// What a page may know of a widget.
#[derive(Serialize, ToSchema)]
struct Config {
    widget: WidgetId,
    display: Display,
    settings: WidgetSettings,
    /// Whether somebody of the team is there.
    online: bool,
}

/// Browsers ask first, because the body is JSON. Says nothing about any widget.
#[utoipa::path(tag = "widget", responses((status = 204)), security(()))]
#[options("/widget/v1/bootstrap")]
async fn preflight(peer: Peer) -> HttpResponse {
    let mut answer = HttpResponse::NoContent();
    allow(&mut answer, peer.origin().as_ref());
    answer.insert_header((ACCESS_CONTROL_ALLOW_METHODS, "POST"));
    answer.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "content-type"));
    answer.insert_header((ACCESS_CONTROL_MAX_AGE, "600"));
    answer.finish()
}

/// Lets a verified page in. Unknown, inactive, suspended and unverified all get the same refusal.
#[utoipa::path(tag = "widget", request_body = Bootstrap, responses((status = 200, body = Bootstrapped), (status = 403, description = "origin_not_authorized")), security(()))]
#[post("/widget/v1/bootstrap")]
async fn bootstrap(api: State, request: HttpRequest, peer: Peer, body: Json<Bootstrap>) -> HttpResponse {
    let origin = peer.origin();
    match arrive(&api, &request, &peer, body.0).await {
        Ok(arrived) => {
            let mut answer = HttpResponse::Ok();
            allow(&mut answer, origin.as_ref());
            answer.json(arrived)
        }
        Err(problem) => readable(problem.error_response(), origin.as_ref()),
    }
}

async fn arrive(api: &State, request: &HttpRequest, peer: &Peer, body: Bootstrap) -> Answer<Bootstrapped> {
    api.limits.arrive.take(&peer.limit_key())?;
    check(&body)?;
    let origin = peer.origin().filter(|origin| agrees(request, origin));
    // a text that is no id is treated as a widget that is not there
    let id: WidgetId = body.widget.parse().unwrap_or_else(|_| WidgetId::from_uuid(uuid::Uuid::nil()));
    api.limits.widget.take(&id)?;
    let arrival = contacts::arrive(&api.ctx, id, origin.as_ref(), peer.origin_text()).await?;
    let widget = arrival.widget;
    let online = api.hub.is_online(arrival.tenant);
    Ok(Bootstrapped {
        ticket: arrival.ticket,
        frame_url: format!("{}/widget/v1/frame/{}", api.ctx.site.public, widget.id),
        config: Config { widget: widget.id, display: widget.display, settings: widget.settings, online },
    })
}

fn check(body: &Bootstrap) -> Result<(), Error> {
    if body.widget.len() > 64 {
        return Err(Error::field("widget", "too_long", "This is not a widget's key."));
    }
    if body.locale.as_ref().is_some_and(|locale| locale.len() > 35) {
        return Err(Error::field("locale", "too_long", "Write a language tag such as pt-BR."));
    }
    body.page.as_ref().map_or(Ok(()), |page| contacts::clean_page(page).map(|_| ()))
}

/// Whether the other headers say the same as `Origin` (security.md E3).
fn agrees(request: &HttpRequest, origin: &Origin) -> bool {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let referer = header(REFERER.as_str()).is_none_or(|url| Origin::parse(url).as_ref() == Some(origin));
    referer
        && header("sec-fetch-mode").is_none_or(|mode| mode == "cors")
        && header("sec-fetch-dest").is_none_or(|dest| dest == "empty")
}

/// Echoes the exact origin, never `*`, never with credentials.
fn allow(answer: &mut HttpResponseBuilder, origin: Option<&Origin>) {
    answer.insert_header((VARY, "Origin"));
    if let Some(origin) = origin {
        answer.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, origin.to_string()));
    }
}

/// A refusal that the page's own script can read.
fn readable(mut refusal: HttpResponse, origin: Option<&Origin>) -> HttpResponse {
    use actix_web::http::header::HeaderValue;
    refusal.headers_mut().insert(VARY, HeaderValue::from_static("Origin"));
    if let Some(value) = origin.and_then(|origin| HeaderValue::from_str(&origin.to_string()).ok()) {
        refusal.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
        // or the loader could not read when to come back
        refusal.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    }
    refusal
}
