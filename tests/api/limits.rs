//! VAL-01: there is a limit on every field, and nothing that is sent is ever a fault of the server's.

use serde_json::{Value, json};

use crate::document::{Operation, places, with};
use crate::tenancy::belongings;
use crate::world::{Side, World, never};

/// Longer than any field may be and still a body that is read.
const LONG: usize = 60_000;

/// Refused, or (a page's title, say) cut: never kept as it is.
#[tokio::test]
async fn val_01_every_text_has_a_limit() {
    let world = World::new().await;
    let mut tried = 0;
    for operation in world.operations.iter().filter(|operation| operation.body.is_some()) {
        for place in texts(operation) {
            let body = filled(operation, &place, &"x".repeat(LONG));
            let answer = world.call(&world.acme, operation, &target(&world.acme, operation), body).await;
            let about = format!("{} {place}: {} {}", answer.asked, answer.status, cut(&answer.text));
            match answer.status {
                200..300 => assert!(!answer.text.contains(&"x".repeat(1000)), "{about}"),
                400..500 => answer.assert_is_problem(),
                _ => panic!("{about}"),
            }
            tried += 1;
        }
    }
    assert!(tried > 25, "only {tried} fields were tried");
    let kept = format!("{:?}", belongings(&world.acme).await);
    assert!(!kept.contains(&"x".repeat(10_000)), "something was kept at its full length");
}

/// NUL cannot be stored in PostgreSQL, lone surrogates are no text, some characters turn writing around.
#[tokio::test]
async fn val_01_strange_characters_are_never_a_fault() {
    let world = World::new().await;
    let strange = [
        "a\u{0}b",
        "\u{202e}gnirts",
        "\u{feff}",
        "\r\nSet-Cookie: a=b",
        "'; drop table message; --",
        "%s%n{}",
        "\u{1b}[31m",
        "👩‍👩‍👧‍👦",
        "",
        " ",
        "\\",
        "null",
    ];
    for operation in world.operations.iter().filter(|operation| operation.body.is_some()) {
        for place in texts(operation) {
            for text in strange {
                let answer = world
                    .call(&world.acme, operation, &target(&world.acme, operation), filled(operation, &place, text))
                    .await;
                assert!(
                    answer.status < 500,
                    "{} {place} {text:?}: {} {}",
                    answer.asked,
                    answer.status,
                    cut(&answer.text)
                );
            }
        }
    }
}

#[tokio::test]
async fn val_01_wrong_types_and_wild_numbers_are_never_a_fault() {
    let world = World::new().await;
    let wild = [
        json!(i64::MAX),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(1e308),
        json!(-1),
        json!(0),
        json!(1.5),
        json!("1"),
        json!([]),
        json!({}),
        json!(true),
        Value::Null,
    ];
    for operation in world.operations.iter().filter(|operation| operation.body.is_some()) {
        let schema = operation.body.as_ref().expect("a body");
        let numbers = ["integer", "number", "boolean", "array", "object"].iter().flat_map(|kind| places(schema, kind));
        for place in numbers.chain(texts(operation)).filter(|place| !place.is_empty()) {
            for value in &wild {
                let body = with(operation.example().expect("a body"), &place, value.clone());
                let answer = world.call(&world.acme, operation, &target(&world.acme, operation), Some(body)).await;
                assert!(
                    answer.status < 500,
                    "{} {place} {value}: {} {}",
                    answer.asked,
                    answer.status,
                    cut(&answer.text)
                );
            }
        }
    }
}

#[tokio::test]
async fn val_01_queries_are_never_a_fault() {
    let world = World::new().await;
    let long = "x".repeat(4000);
    let wild = [
        "",
        "0",
        "-1",
        "101",
        "9223372036854775807",
        "9223372036854775808",
        "1e9",
        "abc",
        "%00",
        "%27",
        "null",
        "*",
        "%25%25",
        "_",
        &long,
    ];
    for operation in world.operations.iter().filter(|operation| !operation.query.is_empty()) {
        // a poll waits as long as it is told to
        for name in operation.query.iter().filter(|name| *name != "wait") {
            let rest = if operation.path.ends_with("/poll") { "&wait=0" } else { "" };
            for value in wild {
                let path = format!("{}?{name}={value}{rest}", operation.path_of(&target(&world.acme, operation)));
                let answer = world.caller(&world.acme, operation).send(operation.method.clone(), &path, None).await;
                assert!(answer.status < 500, "{}: {} {}", cut(&answer.asked), answer.status, cut(&answer.text));
                if name == "limit" && answer.status < 300 {
                    let items = answer.body["items"].as_array().map_or(0, Vec::len);
                    assert!(items <= 100, "{}: {items} items", answer.asked);
                }
            }
        }
    }
}

#[tokio::test]
async fn val_01_a_body_beyond_the_cap_is_refused() {
    let world = World::new().await;
    for operation in world.operations.iter().filter(|operation| operation.body.is_some()) {
        let body = json!({ "filler": "x".repeat(2_000_000) });
        let http = world.caller(&world.acme, operation);
        let path = operation.path_of(&target(&world.acme, operation));
        // the server may hang up before it has read everything: as good a refusal as an answer
        if let Ok(answer) = http.attempt(operation.method.clone(), &path, Some(body)).await {
            assert!((400..500).contains(&answer.status), "{}: {}", answer.asked, answer.status);
        }
    }
    world.app.http().get("/healthz").await.ok();
}

/// An object of one's own, so that the body is what decides; deleted things and strangers' are for `tenancy.rs`.
fn target(side: &Side, operation: &Operation) -> String {
    operation.object().map(|prefix| side.ids.get(prefix).cloned().unwrap_or_else(|| never(prefix))).unwrap_or_default()
}

fn texts(operation: &Operation) -> Vec<String> {
    places(operation.body.as_ref().expect("a body"), "string")
}

fn filled(operation: &Operation, place: &str, text: &str) -> Option<Value> {
    Some(with(operation.example().expect("a body"), place, json!(text)))
}

fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}
