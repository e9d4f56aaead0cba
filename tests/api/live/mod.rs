//! Live sockets of the real server: who gets one, what it hears, and when it ends.

mod doors;
mod ends;
mod floods;
mod hears;
mod returns;

use harness::{Agent, Http, Live, PATIENCE, Tenant, TestApp, Visitor, Widget};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;

const SHOP: &str = "http://localhost:3000";
const AGENTS: &str = "/v1/live";
const VISITORS: &str = "/widget/v1/live";

async fn acme(app: &TestApp) -> (Tenant, Widget) {
    let tenant = app.tenant("Acme").await;
    let widget = tenant.has_widget(SHOP).await;
    (tenant, widget)
}

/// Somebody who has written "hello" and listens from before that.
async fn writer(app: &TestApp, widget: &Widget) -> Visitor {
    let mut visitor = app.visitor(widget).await;
    visitor.listens().await;
    visitor.says("hello").await;
    visitor.sees("hello").await;
    visitor
}

async fn open(app: &TestApp, path: &str) -> Live {
    Live::open(app.http().base(), path, app.public_url()).await.expect("the socket opens")
}

/// The code with which a first frame is answered.
async fn answer_to(app: &TestApp, path: &str, first: Value) -> u16 {
    let mut live = open(app, path).await;
    live.send(first).await;
    live.is_closed().await
}

/// The code with which a hello is refused; fails when it is not.
async fn refusal(app: &TestApp, path: &str, token: &str) -> u16 {
    answer_to(app, path, json!({ "type": "hello", "token": token, "after": null })).await
}

fn token(http: &Http) -> String {
    http.token().expect("signed in").to_owned()
}

/// Every frame up to the message with these words, itself included.
async fn everything_until(live: &mut Live, words: &str) -> Vec<Value> {
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let mut frames = Vec::new();
    loop {
        let Some(frame) = live.frame(deadline).await else {
            panic!("{words:?} never came; closed: {:?}; {} frames before", live.closed, frames.len())
        };
        let found = frame["message"]["body"] == words;
        frames.push(frame);
        if found {
            return frames;
        }
    }
}

fn request(app: &TestApp, path: &str) -> Request {
    let url = format!("{}{path}", app.http().base().replacen("http", "ws", 1));
    let mut request = url.into_client_request().expect("an address");
    request.headers_mut().insert("origin", app.public_url().parse().expect("a header"));
    request.headers_mut().insert("sec-websocket-protocol", "porchlight.v1".parse().expect("a header"));
    request
}

/// The status with which an upgrade is refused.
async fn status(request: Request) -> u16 {
    match connect_async(request).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        Ok(_) => 101,
        Err(other) => panic!("no answer: {other}"),
    }
}
