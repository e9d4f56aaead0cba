//! Browser bundles, embedded in the binary (a debug build reads them from disk). Without a build, a page says how to make one.

use std::borrow::Cow;

use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, HeaderValue, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::{Embed, EmbeddedFile};

use crate::State;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../../widget-js/dist/"]
#[allow_missing = true]
struct WidgetFiles;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../web/dist/dashboard/"]
#[allow_missing = true]
struct DashboardFiles;

#[derive(Embed)]
#[folder = "$CARGO_MANIFEST_DIR/../web/dist/admin/"]
#[allow_missing = true]
struct AdminFiles;

/// Our own pages: nothing from elsewhere, framed by nobody.
fn policy(files: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob: https: {files}; media-src {files}; \
         font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'"
    )
}

const NOT_BUILT: &str = "<!doctype html><meta charset=utf-8><title>Not built</title><p>The browser bundles are not built yet: run <code>cargo xtask web</code>.";

/// Dashboard, loader and the frame's parts.
pub fn public(config: &mut web::ServiceConfig) {
    config
        .route("/", web::get().to(|| async { HttpResponse::Found().insert_header(("location", "/app/")).finish() }))
        .route("/app", web::get().to(|| async { HttpResponse::Found().insert_header(("location", "/app/")).finish() }))
        .route("/app/{path:.*}", web::get().to(dashboard))
        .route("/widget.js", web::get().to(loader))
        .route("/widget/assets/{path:.*}", web::get().to(widget_asset));
}

/// Operator console.
pub fn operator(config: &mut web::ServiceConfig) {
    // an unknown address of the API is a problem document, never the console's page
    let is_page = actix_web::guard::fn_guard(|asked| !asked.head().uri.path().starts_with("/operator/"));
    config.service(web::resource("/{path:.*}").guard(is_page).route(web::get().to(admin)));
}

async fn dashboard(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    page::<DashboardFiles>(&request, &path)
}

async fn admin(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    page::<AdminFiles>(&request, &path)
}

/// A file of a single-page app; unknown paths get the app itself, unknown assets nothing.
fn page<F: Embed>(request: &HttpRequest, path: &str) -> HttpResponse {
    let is_asset = path.starts_with("assets/");
    let name = if path.is_empty() || (F::get(path).is_none() && !is_asset) { "index.html" } else { path };
    match serve::<F>(request, name, if is_asset { FOREVER } else { "no-cache" }) {
        Some(mut response) => {
            if name == "index.html" {
                let files = request.app_data::<State>().map(|api| api.ctx.files.source()).unwrap_or_default();
                // an origin holds nothing that a header could not
                let policy =
                    HeaderValue::from_str(&policy(&files)).unwrap_or(HeaderValue::from_static("default-src 'none'"));
                response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
            }
            response
        }
        None if name == "index.html" => HttpResponse::Ok().content_type("text/html; charset=utf-8").body(NOT_BUILT),
        None => HttpResponse::NotFound().finish(),
    }
}

const FOREVER: &str = "public, max-age=31536000, immutable";

async fn loader(request: HttpRequest) -> HttpResponse {
    let mut response = serve::<WidgetFiles>(&request, "loader.js", "public, max-age=300")
        .unwrap_or_else(|| HttpResponse::NotFound().content_type("text/plain").body("run: cargo xtask web\n"));
    shared(&mut response);
    response
}

async fn widget_asset(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let name = format!("assets/{path}");
    let mut response =
        serve::<WidgetFiles>(&request, &name, FOREVER).unwrap_or_else(|| HttpResponse::NotFound().finish());
    shared(&mut response);
    response
}

/// Public, static, without secrets: pages of other origins may load it, also under strict isolation.
fn shared(response: &mut HttpResponse) {
    use actix_web::http::header::{HeaderName, HeaderValue};
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
    headers.insert(HeaderName::from_static("access-control-allow-origin"), HeaderValue::from_static("*"));
}

/// A file, in the smallest encoding the client takes.
fn serve<F: Embed>(request: &HttpRequest, name: &str, cache: &'static str) -> Option<HttpResponse> {
    let plain = F::get(name)?;
    let etag = format!("\"{}\"", hex(&plain.metadata.sha256_hash()));
    if request.headers().get(IF_NONE_MATCH).is_some_and(|have| have == etag.as_str()) {
        return Some(HttpResponse::NotModified().insert_header((ETAG, etag)).finish());
    }
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (body, encoding) = smallest::<F>(name, plain, accepted);
    let mut response = HttpResponse::Ok();
    response
        .content_type(kind(name))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((ETAG, etag))
        .insert_header((VARY, "Accept-Encoding"));
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    Some(response.body(body.into_owned()))
}

fn smallest<F: Embed>(name: &str, plain: EmbeddedFile, accepted: &str) -> (Cow<'static, [u8]>, Option<&'static str>) {
    for (encoding, ending) in [("br", "br"), ("gzip", "gz")] {
        let takes = accepted.split(',').any(|one| one.split(';').next().unwrap_or_default().trim() == encoding);
        if let Some(file) = takes.then(|| F::get(&format!("{name}.{ending}"))).flatten() {
            return (file.data, Some(encoding));
        }
    }
    (plain.data, None)
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" | "webmanifest" => "application/json",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// The frame's page, with the names of its built parts.
pub fn frame_page() -> String {
    WidgetFiles::get("frame.html")
        .map_or_else(|| NOT_BUILT.to_owned(), |file| String::from_utf8_lossy(&file.data).into_owned())
}
