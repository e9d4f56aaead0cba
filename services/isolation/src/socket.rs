//! A live socket that remembers what it heard.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::{SinkExt, StreamExt};
use rustls::ClientConfig;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::http::Door;

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A connection.
pub struct Socket {
    stream: WebSocketStream<Box<dyn Wire>>,
    /// Every frame so far.
    pub heard: Vec<String>,
    /// Whether the server ended it.
    pub closed: bool,
}

impl Socket {
    /// Opens one and says hello. Gives nothing when the server would not have it.
    pub async fn hello(
        door: &Door,
        tls: Option<&ClientConfig>,
        path: &str,
        token: &str,
        after: Option<&str>,
    ) -> Result<Option<Self>> {
        let url = format!("{}{path}", door.base.replacen("http", "ws", 1));
        let mut request = url.as_str().into_client_request()?;
        request.headers_mut().insert("origin", door.origin.parse()?);
        request.headers_mut().insert("sec-websocket-protocol", "porchlight.v1".parse()?);
        let wire = connect(door, tls).await?;
        let Ok((stream, _)) = client_async(request, wire).await else { return Ok(None) };
        let mut socket = Self { stream, heard: Vec::new(), closed: false };
        socket.send(&json!({ "type": "hello", "token": token, "after": after })).await;
        let welcomed = socket.until(Duration::from_secs(15), |frame| frame["type"] == "welcome").await;
        Ok(welcomed.then_some(socket))
    }

    /// Sends a frame; a closed socket is seen by the next wait.
    pub async fn send(&mut self, frame: &Value) {
        let _ = self.stream.send(Message::text(frame.to_string())).await;
    }

    /// Listens until a frame like this was heard, or the time is over. Says whether it was.
    pub async fn until(&mut self, patience: Duration, wanted: impl Fn(&Value) -> bool) -> bool {
        let deadline = Instant::now() + patience;
        let mut from = 0;
        loop {
            let fits = |text: &String| serde_json::from_str(text).is_ok_and(|frame: Value| wanted(&frame));
            if self.heard[from..].iter().any(fits) {
                return true;
            }
            from = self.heard.len();
            let left = deadline.saturating_duration_since(Instant::now());
            match tokio::time::timeout(left, self.stream.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => self.keep(&text).await,
                Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) => {
                    self.closed = true;
                    return false;
                }
                Ok(Some(Ok(_))) => {}
                Err(_) => return false,
            }
        }
    }

    /// Listens until these words were heard.
    pub async fn hears(&mut self, words: &str) -> bool {
        if self.heard.iter().any(|frame| frame.contains(words)) {
            return true;
        }
        self.until(Duration::from_secs(15), |frame| frame.to_string().contains(words)).await
    }

    async fn keep(&mut self, text: &str) {
        let frame: Value = serde_json::from_str(text).unwrap_or_default();
        if frame["type"] == "ping" {
            self.send(&json!({ "type": "pong" })).await;
        }
        self.heard.push(text.to_owned());
    }
}

async fn connect(door: &Door, tls: Option<&ClientConfig>) -> Result<Box<dyn Wire>> {
    let (scheme, rest) = door.base.split_once("://").context("an address is http(s)://host")?;
    let authority = rest.split('/').next().unwrap_or(rest);
    let usual = if scheme == "https" { 443 } else { 80 };
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port.parse().context("a port")?),
        _ => (authority, usual),
    };
    let host = host.trim_matches(['[', ']']);
    let tcp = TcpStream::connect((host, port)).await.with_context(|| format!("{authority} cannot be reached"))?;
    if scheme != "https" {
        return Ok(Box::new(tcp));
    }
    let config = tls.context("no certificate authority is known")?;
    let name = rustls::pki_types::ServerName::try_from(host.to_owned())?;
    Ok(Box::new(tokio_rustls::TlsConnector::from(Arc::new(config.clone())).connect(name, tcp).await?))
}
