//! Routes anybody may call: signing in, widgets, tickets, what Meta delivers, cookies. Each has a trick of its own, so
//! each is known by name; one that is not is reported as not covered.

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};

use crate::document::Operation;
use crate::http::Ask;
use crate::judge::Trial;
use crate::people::Guest;
use crate::world::{Credential, World};

/// What is tried at a door.
const DOORS: [(&str, &str, &str); 17] = [
    ("GET", "/healthz", "says nothing of anybody"),
    ("GET", "/readyz", "says nothing of anybody"),
    ("GET", "/openapi.json", "the same for everybody"),
    ("GET", "/metrics", "says nothing of anybody"),
    ("GET", "/inbound/whatsapp/{app}", "A's app and one that never was, with a wrong word"),
    ("POST", "/inbound/whatsapp/{app}", "A's app and one that never was, with a wrong signature"),
    ("POST", "/v1/invitations/accept", "a token nobody was sent, with A's address"),
    ("POST", "/v1/invitations/preview", "a token nobody was sent"),
    ("POST", "/v1/sessions", "A's owner and nobody, with a wrong password"),
    ("DELETE", "/v1/sessions/current", "without a session, and with forged ones"),
    ("POST", "/v1/sessions/refresh", "with a cookie nobody was given"),
    ("POST", "/widget/v1/bootstrap", "A's widget and one that never was, from B's page"),
    ("OPTIONS", "/widget/v1/bootstrap", "A's page and nobody's"),
    ("GET", "/widget/v1/frame/{widget}", "nothing but the pages it may stand on, which every page shows"),
    ("POST", "/widget/v1/sessions", "A's handle with B's ticket, A's ticket on B's page"),
    ("POST", "/operator/v1/sessions", "A's owner and nobody"),
    ("POST", "/operator/v1/sessions/refresh", "with a cookie nobody was given"),
];

fn known(operation: &Operation) -> Option<&'static str> {
    let found = DOORS.iter().find(|(method, path, _)| *method == operation.method.as_str() && *path == operation.path);
    found.map(|(_, _, how)| *how).or_else(|| {
        (operation.path == "/operator/v1/sessions/current").then_some("without a session, and with forged ones")
    })
}

/// Whether this route is one of them.
pub fn knows(operation: &Operation) -> bool {
    known(operation).is_some()
}

/// Tries them all.
pub async fn run(world: &World) -> Result<()> {
    for operation in &world.operations {
        if let (Some(how), Ok(crate::matrix::How::Door)) = (known(operation), crate::matrix::how(world, operation)) {
            world.tally.route(&operation.name(), operation.policy.word(), how);
            door(world, operation).await?;
        }
    }
    Ok(())
}

async fn door(world: &World, operation: &Operation) -> Result<()> {
    match (operation.method.as_str(), operation.path.as_str()) {
        ("POST", "/inbound/whatsapp/{app}") => inbound(world, operation).await,
        ("GET", "/inbound/whatsapp/{app}") => verify(world, operation).await,
        ("POST", "/v1/sessions" | "/operator/v1/sessions") => log_in(world, operation).await,
        ("POST", "/v1/invitations/accept" | "/v1/invitations/preview") => invitation(world, operation).await,
        ("POST" | "OPTIONS", "/widget/v1/bootstrap") => bootstrap(world, operation).await,
        ("GET", "/widget/v1/frame/{widget}") => frame(world, operation).await,
        ("POST", "/widget/v1/sessions") => tickets(world, operation).await,
        (_, path) if path.contains("/sessions/") => sessions(world, operation).await,
        _ => once(world, operation, Ask::new(operation.method.clone(), operation.path.clone())).await,
    }
}

fn trial<'a>(operation: &'a Operation, tried: &str, theirs: &'a str, nobodys: &'a str) -> Trial<'a> {
    Trial { operation, who: Credential::Nobody, tried: tried.to_owned(), theirs, nobodys, strict: true }
}

async fn once(world: &World, operation: &Operation, ask: Ask) -> Result<()> {
    let answer = world.probe(&trial(operation, "as it is", "", ""), &ask).await?;
    world.tally.control(&operation.name(), &format!("answers {}", answer.status));
    Ok(())
}

async fn inbound(world: &World, operation: &Operation) -> Result<()> {
    let (app, never) = (world.a.id("wap").unwrap_or_default(), world.never("wap"));
    let body = json!({ "object": "whatsapp_business_account", "entry": [] });
    let wrong = format!("sha256={}", "0".repeat(64));
    let trial = trial(operation, "A's app with a wrong signature", app, &never);
    world
        .judge(&trial, |id| {
            Ask::new(Method::POST, operation.path_of(id)).json(&body).with("x-hub-signature-256", wrong.clone())
        })
        .await?;
    world.tally.control(&operation.name(), "A's own deliveries came in while it was set up");
    Ok(())
}

async fn verify(world: &World, operation: &Operation) -> Result<()> {
    let (app, never) = (world.a.id("wap").unwrap_or_default(), world.never("wap"));
    let query = "?hub.mode=subscribe&hub.challenge=7&hub.verify_token=wrong";
    let trial = trial(operation, "A's app with a wrong word", app, &never);
    world.judge(&trial, |id| Ask::get(format!("{}{query}", operation.path_of(id)))).await?;
    world.tally.control(&operation.name(), "nothing is shown to anybody but the challenge");
    Ok(())
}

async fn log_in(world: &World, operation: &Operation) -> Result<()> {
    let theirs = world.a.owner().email.clone();
    let nobodys = format!("nobody-{}", theirs);
    let trial = trial(operation, "A's owner with a wrong password", &theirs, &nobodys);
    world
        .judge(&trial, |email| {
            let body = json!({ "email": email, "password": "not the password of anybody" });
            Ask::new(Method::POST, operation.path.clone()).json(&body)
        })
        .await?;
    world.tally.control(&operation.name(), "A's owner signs in with the right password");
    Ok(())
}

async fn invitation(world: &World, operation: &Operation) -> Result<()> {
    let (theirs, nobodys) = (world.a.owner().email.clone(), format!("nobody-{}", world.a.owner().email));
    let trial = trial(operation, "a token nobody was sent", &theirs, &nobodys);
    let token = "A".repeat(43);
    world
        .judge(&trial, |email| {
            let mut body = json!({ "token": token });
            if operation.path.ends_with("accept") {
                body =
                    json!({ "token": token, "email": email, "name": "words", "password": "not a password of anybody" });
            }
            Ask::new(Method::POST, operation.path.clone()).json(&body)
        })
        .await?;
    world.tally.control(&operation.name(), "A's people came in by the letters they were sent");
    Ok(())
}

async fn bootstrap(world: &World, operation: &Operation) -> Result<()> {
    let (theirs, never) = (world.a.id("wgt").unwrap_or_default(), world.never("wgt"));
    let page = format!("{}/page", world.b.origin);
    let trial = trial(operation, "A's widget from B's page", theirs, &never);
    world
        .judge(&trial, |id| {
            let ask = Ask::new(operation.method.clone(), operation.path.clone()).with("origin", &world.b.origin);
            match operation.method {
                Method::POST => ask.json(&json!({ "widget": id, "page": { "url": page, "title": "page" } })),
                _ => ask.with("access-control-request-method", "POST"),
            }
        })
        .await?;
    let own = Guest::bootstrap(&world.public, theirs, &world.a.origin, "page").await?;
    control(world, operation, own.is_ok(), "A's widget opens on A's page")
}

fn control(world: &World, operation: &Operation, holds: bool, what: &str) -> Result<()> {
    match holds {
        true => world.tally.control(&operation.name(), what),
        false => world.tally.not_covered(&operation.name(), &format!("the control failed: {what}")),
    }
    Ok(())
}

async fn frame(world: &World, operation: &Operation) -> Result<()> {
    let theirs = world.a.id("wgt").unwrap_or_default();
    let ask = Ask::get(operation.path_of(theirs));
    let answer = world.probe(&trial(operation, "A's widget", theirs, ""), &ask).await?;
    control(world, operation, answer.is_ok(), "the page is given to everybody; browsers refuse to frame it elsewhere")
}

async fn tickets(world: &World, operation: &Operation) -> Result<()> {
    let door = &world.public;
    let (a, b) = (world.a.id("wgt").unwrap_or_default(), world.b.id("wgt").unwrap_or_default());
    let ticket = async |widget: &str, origin: &str| -> Result<String> {
        crate::people::text(&Guest::bootstrap(door, widget, origin, "page").await?.json(), "ticket")
    };
    let handle = world.a.visitor.handle.lock().await.clone();
    let ask = |ticket: &str, origin: &str, handle: &Value| {
        let body = json!({ "ticket": ticket, "parent_origin": origin, "handle": handle });
        Ask::new(Method::POST, operation.path.clone()).with("origin", &door.origin).json(&body)
    };
    let theirs = Value::from(handle.clone());
    let of_b = ask(&ticket(b, &world.b.origin).await?, &world.b.origin, &theirs);
    world.probe(&trial(operation, "A's handle with B's ticket", "", ""), &of_b).await?;
    let moved = ask(&ticket(a, &world.a.origin).await?, &world.b.origin, &theirs);
    let answer = world.probe(&trial(operation, "A's ticket on B's page", "", ""), &moved).await?;
    let own = door.ask(&ask(&ticket(a, &world.a.origin).await?, &world.a.origin, &theirs), None).await?;
    let comes_back = own.text.contains(world.a.id("cnv").unwrap_or("-"));
    let holds = comes_back && answer.status >= 400 && handle.is_some();
    control(world, operation, holds, "A's visitor comes back to the conversation by the same handle")
}

async fn sessions(world: &World, operation: &Operation) -> Result<()> {
    for who in [Credential::Nobody, Credential::Forged, Credential::Unsigned, Credential::Ended] {
        let trial = Trial { operation, who, tried: "no session".to_owned(), theirs: "", nobodys: "", strict: false };
        let door = world.door(operation);
        let cookie = "porchlight_refresh=made-up; porchlight_operator_refresh=made-up; \
                      __Host-porchlight_refresh=made-up; __Host-porchlight_operator_refresh=made-up";
        let ask = Ask::new(operation.method.clone(), operation.path.clone());
        let ask = ask.with("cookie", cookie).with("origin", &door.origin).with("x-porchlight-csrf", "1");
        let answer = world.door(operation).ask(&ask, world.token(who).await?.as_deref()).await?;
        world.tally.count(&operation.name(), &who.word(), 1);
        let _ = world.a.hunted.seen(&ask, &answer, false).into_iter().map(|seen| world.found(&trial, seen)).count();
    }
    world.tally.control(&operation.name(), "sessions of A and B were begun, renewed and ended by their owners");
    Ok(())
}
