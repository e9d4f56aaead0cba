//! The frame: one page for every widget; the browser itself refuses to show it on other sites.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use chat::{domains, identity, widgets};
use kernel::{Result, WidgetId};

use crate::problem::Answer;
use crate::{State, assets};

/// Routes of this file.
pub fn routes(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(frame);
}

/// The same bytes whatever the key; only the sites that may frame it differ.
#[utoipa::path(tag = "widget", params(("widget" = String, Path)), responses((status = 200, content_type = "text/html")), security(()))]
#[get("/widget/v1/frame/{widget}")]
async fn frame(api: State, widget: web::Path<String>) -> Answer<HttpResponse> {
    let sources = match widget.parse() {
        Ok(id) => sources(&api, id).await?,
        Err(_) => Vec::new(),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_SECURITY_POLICY, policy(&sources, &api.ctx.files.source())))
        .insert_header(("cross-origin-resource-policy", "cross-origin"))
        .insert_header(("cross-origin-embedder-policy", "require-corp"))
        .insert_header(("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"))
        .body(assets::frame_page()))
}

/// Who may frame the widget; nobody when it is unknown, switched off or its tenant suspended.
async fn sources(api: &State, id: WidgetId) -> Result<Vec<String>> {
    match widgets::live(&api.ctx, id).await? {
        Some(live) if identity::is_active(&api.ctx, live.tenant).await? => domains::sources(&api.ctx, id).await,
        _ => Ok(Vec::new()),
    }
}

fn policy(sources: &[String], files: &str) -> String {
    let ancestors = if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") };
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: https: {files}; media-src {files}; font-src 'self'; \
         connect-src 'self'; \
         base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors {ancestors}"
    )
}
