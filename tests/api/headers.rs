//! HDR-01: every answer carries the headers that keep browsers on our side.

use harness::{Answer, Http};
use reqwest::Method;

use crate::document::Operation;
use crate::world::{World, never};

const PAGES: [&str; 9] =
    ["/", "/app", "/app/", "/widget.js", "/openapi.json", "/healthz", "/readyz", "/nothing/here", "/v1/nothing"];

#[tokio::test]
async fn hdr_01_every_route_carries_them_allowed_or_refused() {
    let world = World::new().await;
    for operation in &world.operations {
        let id = operation.object().map(|prefix| match world.acme.ids.get(prefix) {
            Some(id) if operation.method == Method::GET => id.clone(),
            _ => never(prefix),
        });
        let path = operation.path_of(id.as_deref().unwrap_or_default());
        // a page waits for news there
        let path = if path.ends_with("/poll") { format!("{path}?wait=0") } else { path };
        let nobody = nobody(&world, operation).send(operation.method.clone(), &path, None).await;
        assert_headers(&nobody);
        let somebody = world.caller(&world.acme, operation).send(operation.method.clone(), &path, None).await;
        assert_headers(&somebody);
    }
}

#[tokio::test]
async fn hdr_01_pages_and_bundles_carry_them() {
    let world = World::new().await;
    for page in PAGES {
        for http in [world.app.http(), world.app.operator_http()] {
            assert_headers(&http.get(page).await);
        }
    }
}

/// No page of another origin may read an answer of the tenants' or operators' API.
#[tokio::test]
async fn only_the_bootstrap_answers_across_origins() {
    let world = World::new().await;
    for operation in world.operations.iter().filter(|operation| operation.path != "/widget/v1/bootstrap") {
        let http = world.caller(&world.acme, operation).with("origin", "https://evil.example");
        for method in [operation.method.clone(), Method::OPTIONS] {
            let prefix = operation.object().unwrap_or("cnv");
            let answer = http.send(method, &operation.path_of(&never(prefix)), None).await;
            assert_eq!(answer.header("access-control-allow-origin"), None, "{}", answer.asked);
            assert_eq!(answer.header("access-control-allow-credentials"), None, "{}", answer.asked);
        }
    }
}

fn nobody(world: &World, operation: &Operation) -> Http {
    if operation.path.starts_with("/operator/") { world.app.operator_http() } else { world.app.http() }
}

#[track_caller]
fn assert_headers(answer: &Answer) {
    let asked = &answer.asked;
    let has = |name: &str, wanted: &str| {
        let value = answer.header(name).unwrap_or_else(|| panic!("{asked}: no {name}"));
        assert!(value.contains(wanted), "{asked}: {name}: {value}");
    };
    has("x-content-type-options", "nosniff");
    has("referrer-policy", "no-referrer");
    has("strict-transport-security", "max-age=");
    has("cache-control", "");
    assert_eq!(answer.header("server"), None, "{asked} tells what it runs");
    assert_eq!(answer.header("x-powered-by"), None, "{asked} tells what it runs");
    let is_frame = asked.contains("/widget/v1/frame/");
    if asked.contains(" /f/") {
        // bytes of strangers: what they carry is asserted object by object, in `files/`
        return has("content-security-policy", "sandbox");
    }
    has("content-security-policy", if is_frame { "frame-ancestors" } else { "frame-ancestors 'none'" });
    if !is_frame && !asked.ends_with("/widget.js") {
        has("cross-origin-opener-policy", "same-origin");
    }
}
