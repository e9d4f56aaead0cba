//! What every route does alike: problems have one form, strangers are refused, what is not known is not accepted.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::document::with;
use crate::world::{World, never};

#[tokio::test]
async fn a_route_with_a_policy_refuses_strangers_with_a_problem() {
    let world = World::new().await;
    let mut tried = 0;
    for operation in world.operations.iter().filter(|operation| operation.caller.is_some()) {
        let id = operation.object().map(never).unwrap_or_default();
        let http = if operation.path.starts_with("/operator/") { world.app.operator_http() } else { world.app.http() };
        for http in [http.clone(), http.bearing("nonsense"), http.bearing("a.b.c")] {
            let answer = http.send(operation.method.clone(), &operation.path_of(&id), operation.example()).await;
            answer.assert_is_problem();
            assert!(matches!(answer.status, 401 | 403), "{}: {}", answer.asked, answer.text);
        }
        tried += 1;
    }
    assert!(tried > 20, "only {tried} routes were tried");
}

/// A token opens the doors of its kind and no other.
#[tokio::test]
async fn tokens_of_one_kind_are_refused_by_routes_of_another() {
    let world = World::new().await;
    let (agent, visitor) = (world.acme.tenant.owner.http.token(), world.acme.visitor.http.token());
    for operation in &world.operations {
        let (http, wrong) = match operation.caller.as_deref() {
            Some("agent") => (world.app.http(), vec![visitor]),
            Some("visitor") => (world.app.http(), vec![agent]),
            Some("operator") => (world.app.operator_http(), vec![agent, visitor]),
            _ => continue,
        };
        let id = operation.object().map(never).unwrap_or_default();
        for token in wrong.into_iter().flatten() {
            let http = http.bearing(token);
            let answer = http.send(operation.method.clone(), &operation.path_of(&id), operation.example()).await;
            answer.assert_is_problem();
            assert_eq!(answer.status, 401, "{}: {}", answer.asked, answer.text);
        }
    }
}

#[tokio::test]
async fn unknown_members_of_a_body_are_refused() {
    let world = World::new().await;
    for operation in world.operations.iter().filter(|operation| operation.body.is_some()) {
        let own = operation.object().and_then(|prefix| world.acme.ids.get(prefix)).cloned().unwrap_or_default();
        let body = with(operation.example().expect("a body"), "/surplus", json!(1));
        let answer = world.call(&world.acme, operation, &own, Some(body)).await;
        assert!((400..500).contains(&answer.status), "{}: {} {}", answer.asked, answer.status, answer.text);
        answer.assert_is_problem();
    }
}

#[tokio::test]
async fn bodies_that_are_not_json_are_refused() {
    let world = World::new().await;
    let client = reqwest::Client::new();
    for operation in world.operations.iter().filter(|operation| operation.body.is_some()) {
        let own = operation.object().and_then(|prefix| world.acme.ids.get(prefix)).cloned().unwrap_or_default();
        let http = world.caller(&world.acme, operation);
        let url = format!("{}{}", http.base(), operation.path_of(&own));
        for (kind, body) in [
            ("application/json", "{\"a\":"),
            ("application/json", ""),
            ("application/json", "[1,2"),
            ("text/plain", "{}"),
            ("application/json", "\u{0}"),
        ] {
            let mut request = client.request(operation.method.clone(), &url).header("content-type", kind).body(body);
            if let Some(token) = http.token() {
                request = request.bearer_auth(token);
            }
            let answer = request.send().await.expect("an answer");
            let (status, text) = (answer.status().as_u16(), answer.text().await.expect("a body"));
            assert!(
                (400..500).contains(&status),
                "{} {} with {body:?}: {status} {text}",
                operation.method,
                operation.path
            );
            let problem: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{url}: {text}"));
            assert!(problem["code"].is_string() && problem["request_id"].is_string(), "{url}: {text}");
        }
    }
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let world = World::new().await;
    let (public, operator) = (world.app.http(), world.app.operator_http());
    let nowhere = [
        (&public, "/v1/nothing"),
        (&public, "/widget/v1/nothing"),
        (&public, "/operator/v1/tenants"),
        (&public, "/v1/conversations/cnv_x/nothing"),
        (&operator, "/operator/v1/nothing"),
    ];
    for (http, path) in nowhere {
        let answer = http.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        answer.assert_is_problem();
    }
    let answer = world.acme.tenant.owner.http.send(Method::PUT, "/v1/conversations", Some(json!({}))).await;
    assert!(matches!(answer.status, 404 | 405), "{}", answer.status);
    answer.assert_is_problem();
}

#[tokio::test]
async fn ids_that_are_none_are_refused_and_never_a_fault() {
    let world = World::new().await;
    for operation in world.operations.iter().filter(|operation| operation.path.contains('{')) {
        for id in ["x", "cnv_", "cnv_zz", "%00", "..%2f..", "cnv_00000000000000000000000000000000x", "%F0%9F%92%A9"] {
            let answer = world.call(&world.acme, operation, id, operation.example()).await;
            assert!(answer.status < 500, "{}: {} {}", answer.asked, answer.status, answer.text);
        }
    }
}

#[tokio::test]
async fn the_committed_document_is_the_one_that_is_served() {
    let world = World::new().await;
    let served = world.app.http().get("/openapi.json").await.ok();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi.json");
    let text = std::fs::read_to_string(&file).expect("docs/openapi.json: `cargo xtask docs` writes it");
    let committed: Value = serde_json::from_str(&text).expect("JSON");
    assert!(served == committed, "docs/openapi.json is out of date: `cargo xtask docs` writes it");
}
