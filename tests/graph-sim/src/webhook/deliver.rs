//! One attempt: the POST itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use serde_json::json;

use super::report::{Outcome, report};
use super::{Delivery, sha1_hex, sha256_hex};
use crate::core::Core;
use crate::fault;
use crate::world::World;

/// Starts as many waiting deliveries as may be on their way at once.
pub fn start(core: &Arc<Core>) {
    while let Some(attempt) = core.peek(next) {
        let core = Arc::clone(core);
        tokio::spawn(async move {
            let began = Instant::now();
            let outcome = if attempt.down { Err("endpoint down".to_owned()) } else { post(&core, &attempt).await };
            let took = began.elapsed().as_millis() as u64;
            core.with(|world| report(world, attempt.delivery.id, &attempt.headers, took, outcome));
        });
    }
}

struct Attempt {
    delivery: Delivery,
    headers: Vec<(String, Vec<u8>)>,
    patience: Duration,
    down: bool,
}

fn next(world: &mut World) -> Option<Attempt> {
    if world.outbox.flying >= world.switches.parallel.max(1) {
        return None;
    }
    let id = world.outbox.ready.pop_front()?;
    let Some(delivery) = world.outbox.deliveries.get_mut(&id) else { return next(world) };
    delivery.attempts += 1;
    let delivery = delivery.clone();
    world.outbox.flying += 1;
    let headers = delivery.forged.clone().unwrap_or_else(|| signed(world, &delivery));
    let down = fault::is_down(world, &delivery.target);
    let patience = Duration::from_millis(world.switches.webhook_timeout_ms);
    Some(Attempt { delivery, headers, patience, down })
}

/// The headers of an honest delivery, with the secret of this moment.
fn signed(world: &World, delivery: &Delivery) -> Vec<(String, Vec<u8>)> {
    let secret = world.apps.get(&delivery.target.app).map(|app| app.secret.as_str()).unwrap_or_default();
    headers(secret, &delivery.body)
}

/// Both signature headers.
pub(crate) fn headers(secret: &str, body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let new = format!("sha256={}", sha256_hex(secret, body)).into_bytes();
    let old = format!("sha1={}", sha1_hex(secret, body)).into_bytes();
    vec![("x-hub-signature-256".to_owned(), new), ("x-hub-signature".to_owned(), old)]
}

async fn post(core: &Core, attempt: &Attempt) -> Outcome {
    let request = core.client.post(&attempt.delivery.target.url).timeout(attempt.patience);
    let mut request = request.header(CONTENT_TYPE, "application/json").header(USER_AGENT, "facebookexternalua");
    for (name, value) in &attempt.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
        request = request.header(name, HeaderValue::from_bytes(value).map_err(|error| error.to_string())?);
    }
    let response = request.body(attempt.delivery.body.clone()).send().await.map_err(|error| why(&error))?;
    let status = response.status().as_u16();
    let text = response.bytes().await.map_err(|error| why(&error))?;
    Ok((status, String::from_utf8_lossy(&text[..text.len().min(2000)]).into_owned()))
}

fn why(error: &reqwest::Error) -> String {
    if error.is_timeout() { "timeout".to_owned() } else { format!("connection: {error}") }
}

/// What an attempt looks like in the journal.
pub(super) fn noted(delivery: &Delivery, headers: &[(String, Vec<u8>)]) -> serde_json::Value {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let headers: serde_json::Map<_, _> =
        headers.iter().map(|(name, value)| (name.clone(), text(value).into())).collect();
    json!({"delivery": delivery.id, "app": delivery.target.app, "url": delivery.target.url, "attempt": delivery.attempts,
        "headers": headers, "body": text(&delivery.body), "items": delivery.updates.len()})
}
