//! REL-18: peers that are gone without a word. Behind a wire that has died no end is heard of the other; the server asks,
//! hears nothing, and lets go: of the socket and of everything that belongs to it.

use std::net::SocketAddr;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use harness::fault_proxy::{FaultProxy, Wire};
use harness::{Engine, Live};
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::stage::{Plan, Stage, position};

const SOCKETS: usize = 30;
/// What the server of this test asks and waits for; by default it is 25 s and 33 s.
const PING: Duration = Duration::from_secs(2);
const SILENCE: Duration = Duration::from_secs(3);
/// What is left of forty seconds when a peer may be silent for as long as it may by default.
const REST: Duration = Duration::from_secs(40 - 33);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "minutes long: cargo xtask test chaos"]
async fn rel_18_sockets_whose_peer_is_gone_are_let_go_of() {
    let more = [
        ("PORCHLIGHT__LIVE__PING_MS", PING.as_millis().to_string()),
        ("PORCHLIGHT__LIVE__SILENCE_MS", SILENCE.as_millis().to_string()),
    ];
    let stage = Stage::on(Plan { engine: Engine::Sqlite, more: &more, ..Plan::default() }).await;
    let address = stage.server.doors.public.trim_start_matches("http://").parse().expect("an address");
    let proxy = FaultProxy::to(address).await;
    let base = settled(&stage).await;
    let token = stage.owner.http.token().expect("a token").to_owned();
    let (origin, after) = (stage.server.doors.public_url.clone(), position(&stage.owner).await);
    let mut sockets = Vec::new();
    for _ in 0..SOCKETS {
        sockets.push(through(proxy.address, &stage, &token, &after).await);
    }
    let held = stage.server.open_files();
    assert!(held >= base + SOCKETS, "{held} files are open, {base} before");
    proxy.set(Wire::Blackhole);
    let began = Instant::now();
    while stage.server.open_files() > base {
        let (open, waited) = (stage.server.open_files(), began.elapsed());
        assert!(waited < SILENCE + REST, "{} of {SOCKETS} sockets are held after {waited:.0?}", open - base);
        sleep(Duration::from_millis(50)).await;
    }
    let took = began.elapsed();
    println!("{SOCKETS} half-open sockets let go of after {took:.1?} with {SILENCE:?} of silence allowed");
    drop(sockets);
    // the server is none the worse for it
    let (_, welcome) = Live::hello(&stage.server.doors.public, "/v1/live", &origin, &token, Some(&after)).await;
    assert_eq!(welcome["resumed"], true, "{welcome}");
    stage.strike().await;
}

/// A socket by way of the proxy, under the name the server answers to.
async fn through(proxy: SocketAddr, stage: &Stage, token: &str, after: &str) -> WebSocketStream<TcpStream> {
    let server = stage.server.doors.public.trim_start_matches("http://");
    let mut request = format!("ws://{server}/v1/live").into_client_request().expect("a request");
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "porchlight.v1".parse().expect("a value"));
    headers.insert("origin", stage.server.doors.public_url.parse().expect("an origin"));
    let stream = TcpStream::connect(proxy).await.expect("connected");
    let (mut stream, _) = tokio_tungstenite::client_async(request, stream).await.expect("a socket");
    let hello = json!({ "type": "hello", "token": token, "after": after });
    stream.send(Message::text(hello.to_string())).await.expect("sent");
    let welcome = timeout(Duration::from_secs(10), stream.next()).await.expect("a welcome in time");
    assert!(matches!(welcome, Some(Ok(Message::Text(_)))), "{welcome:?}");
    stream
}

/// How many files the server holds once connections of requests have been closed.
async fn settled(stage: &Stage) -> usize {
    let mut least = stage.server.open_files();
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(6) {
        least = least.min(stage.server.open_files());
        sleep(Duration::from_millis(100)).await;
    }
    least
}
