//! A socket that remembers what it heard.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// A live connection. Keeps every frame in the order of arrival; each is found once.
pub struct Live {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    heard: Vec<Value>,
    /// Why it was closed, once it was.
    pub closed: Option<u16>,
}

impl Live {
    /// Opens a socket and says nothing yet. `origin` is what a browser would stamp.
    pub async fn open(base: &str, path: &str, origin: &str) -> Result<Self, Error> {
        let mut request = format!("{}{path}", base.replacen("http", "ws", 1)).into_client_request()?;
        let headers = request.headers_mut();
        headers.insert("sec-websocket-protocol", "porchlight.v1".parse().expect("a header value"));
        headers.insert("origin", origin.parse().expect("an origin"));
        let (stream, _) = connect_async(request).await?;
        Ok(Self { stream, heard: Vec::new(), closed: None })
    }

    /// Opens, says hello and waits for the welcome.
    pub async fn hello(base: &str, path: &str, origin: &str, token: &str, after: Option<&str>) -> (Self, Value) {
        let mut live = Self::open(base, path, origin).await.expect("the socket opens");
        live.send(json!({ "type": "hello", "token": token, "after": after })).await;
        let welcome = live.expect(|frame| frame["type"] == "welcome").await;
        (live, welcome)
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: Value) {
        self.send_text(frame.to_string()).await;
    }

    /// Sends whatever text.
    pub async fn send_text(&mut self, text: String) {
        // a socket that the server has closed is seen by the next wait
        let _ = self.stream.send(Message::text(text)).await;
    }

    /// Waits for the first frame not yet found for which this holds.
    #[track_caller]
    pub fn expect(&mut self, wanted: impl Fn(&Value) -> bool) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        async move {
            match self.find(Instant::now() + PATIENCE, &wanted).await {
                Some(frame) => frame,
                None => panic!("at {place}: it never came; closed: {:?}; {}", self.closed, self.lately()),
            }
        }
    }

    /// Waits for an event of this type.
    #[track_caller]
    pub fn sees(&mut self, event: &'static str) -> impl Future<Output = Value> {
        self.expect(move |frame| frame["type"] == event)
    }

    /// Everything heard up to the server's answer to a ping of ours: what is not in it was not sent before.
    pub async fn settled(&mut self) -> Vec<Value> {
        let mark = rand::random::<u64>().to_be_bytes().to_vec();
        let _ = self.stream.send(Message::Ping(mark.clone().into())).await;
        let deadline = Instant::now() + PATIENCE;
        while let Some(message) = self.next(deadline).await {
            if matches!(&message, Message::Pong(echo) if echo[..] == mark[..]) {
                break;
            }
            self.keep(message).await;
        }
        self.heard.clone()
    }

    /// Waits for the server to close and gives the code.
    pub async fn is_closed(&mut self) -> u16 {
        let deadline = Instant::now() + PATIENCE;
        while self.closed.is_none() {
            match self.next(deadline).await {
                Some(message) => self.keep(message).await,
                None => break,
            }
        }
        self.closed.unwrap_or_else(|| panic!("the server did not close; {}", self.lately()))
    }

    /// The next frame, or nothing when the server closed or the deadline passed.
    pub async fn frame(&mut self, deadline: Instant) -> Option<Value> {
        self.find(deadline, &|_| true).await
    }

    fn lately(&self) -> String {
        let types: Vec<_> = self.heard.iter().filter_map(|frame| frame["type"].as_str()).collect();
        format!("heard {types:?}, lastly {:#?}", self.heard.last())
    }

    async fn find(&mut self, deadline: Instant, wanted: &impl Fn(&Value) -> bool) -> Option<Value> {
        loop {
            if let Some(at) = self.heard.iter().position(wanted) {
                return Some(self.heard.remove(at));
            }
            let message = self.next(deadline).await?;
            self.keep(message).await;
        }
    }

    async fn next(&mut self, deadline: Instant) -> Option<Message> {
        match timeout_at(deadline, self.stream.next()).await {
            Ok(Some(Ok(message))) => Some(message),
            Ok(_) => {
                self.closed.get_or_insert(1006);
                None
            }
            Err(_) => None,
        }
    }

    async fn keep(&mut self, message: Message) {
        match message {
            Message::Text(text) => {
                let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
                if frame["type"] == "ping" {
                    self.send(json!({ "type": "pong" })).await;
                }
                self.heard.push(frame);
            }
            Message::Close(why) => self.closed = Some(why.map_or(1005, |frame| frame.code.into())),
            _ => {}
        }
    }
}
