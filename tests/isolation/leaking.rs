//! A server that leaks: everything passes through, but one route, one list and one socket take whoever asks for the
//! first tenant's owner.

use std::sync::{Arc, Mutex};

use futures::{SinkExt, StreamExt};
use harness::Doors;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{accept_hdr_async, connect_async};

/// The proxy; it ends with the test.
pub struct LeakingProxy {
    address: String,
}

#[derive(Default)]
struct Known {
    tenant: Option<String>,
    token: Option<String>,
}

#[derive(Clone)]
struct Leaky {
    to: Doors,
    known: Arc<Mutex<Known>>,
    client: reqwest::Client,
}

struct Asked {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl LeakingProxy {
    /// Where it leaks, as the witness names it.
    pub const PLACES: [&str; 3] = ["GET /v1/contacts/{id}", "GET /v1/invitations", "sockets"];

    /// Stands before a server.
    pub async fn before(doors: &Doors) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = format!("http://{}", listener.local_addr().expect("bound"));
        let redirects = reqwest::redirect::Policy::none();
        let client = reqwest::Client::builder().redirect(redirects).no_proxy().pool_max_idle_per_host(0);
        let leaky = Leaky { to: doors.clone(), known: Arc::default(), client: client.build().expect("a client") };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(leaky.clone().serve(stream));
            }
        });
        Self { address }
    }

    /// Where it is.
    pub fn address(&self) -> String {
        self.address.clone()
    }
}

impl Leaky {
    async fn serve(self, mut stream: TcpStream) {
        if self.wants_socket(&stream).await {
            return self.socket(stream).await;
        }
        while let Some(asked) = read(&mut stream).await {
            let Some(answer) = self.pass(asked).await else { return };
            if stream.write_all(&answer).await.is_err() {
                return;
            }
        }
    }

    async fn wants_socket(&self, stream: &TcpStream) -> bool {
        let mut head = [0; 64];
        let n = stream.peek(&mut head).await.unwrap_or(0);
        let line = String::from_utf8_lossy(&head[..n]).into_owned();
        line.starts_with("GET /v1/live ") || line.starts_with("GET /widget/v1/live ")
    }

    /// Passes a request on, with the first tenant's token where this server is mistaken.
    async fn pass(&self, asked: Asked) -> Option<Vec<u8>> {
        let method = asked.method.parse().expect("a method");
        let mut request = self.client.request(method, format!("{}{}", self.to.public, asked.path));
        for (name, value) in &asked.headers {
            let swapped = name == "authorization" && leaks(&asked);
            let token = self.token().filter(|_| swapped);
            let value = token.map_or_else(|| value.clone(), |token| format!("Bearer {token}"));
            if !matches!(name.as_str(), "host" | "content-length" | "connection") {
                request = request.header(name, value);
            }
        }
        let answer = request.body(asked.body.clone()).send().await.ok()?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.ok()?;
        if asked.path.starts_with("/v1/sessions") || asked.path.starts_with("/v1/invitations/accept") {
            self.learn(&body);
        }
        let mut out = format!("HTTP/1.1 {} x\r\ncontent-length: {}\r\n", status.as_u16(), body.len()).into_bytes();
        for (name, value) in &headers {
            if !matches!(name.as_str(), "content-length" | "connection" | "transfer-encoding") {
                out.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
            }
        }
        out.extend_from_slice(b"\r\n");
        if asked.method != "HEAD" {
            out.extend_from_slice(&body);
        }
        Some(out)
    }

    /// The first owner who signs in is the one everybody is taken for.
    fn learn(&self, body: &[u8]) {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let mut known = self.known.lock().expect("not poisoned");
        if let (None, Some(tenant), Some(token)) =
            (&known.tenant, body["tenant"]["id"].as_str(), body["access_token"].as_str())
        {
            *known = Known { tenant: Some(tenant.to_owned()), token: Some(token.to_owned()) };
        }
    }

    fn token(&self) -> Option<String> {
        self.known.lock().expect("not poisoned").token.clone()
    }

    /// A socket that also carries what the first tenant's owner hears, once it is welcomed.
    #[expect(clippy::result_large_err, reason = "the signature of the handshake's callback")]
    async fn socket(self, stream: TcpStream) {
        let mut path = String::new();
        let greet = |request: &Request, mut response: Response| {
            request.uri().path().clone_into(&mut path);
            response.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("porchlight.v1"));
            Ok(response)
        };
        let Ok(mut near) = accept_hdr_async(stream, greet).await else { return };
        let Some(mut far) = self.dial(&path).await else { return };
        let mut heard = None;
        loop {
            tokio::select! {
                Some(Ok(message)) = near.next() => if far.send(message).await.is_err() { return },
                message = far.next() => {
                    let Some(Ok(message)) = message else { return };
                    let welcomed = message.to_text().is_ok_and(|text| text.contains("\"welcome\""));
                    if near.send(message).await.is_err() { return }
                    if welcomed && path == "/v1/live" {
                        heard = self.overheard().await;
                    }
                }
                Some(Ok(message)) = next(&mut heard) => {
                    let is_news = message.to_text().is_ok_and(|text| text.contains("\"at\":"));
                    if is_news && near.send(message).await.is_err() { return }
                }
                else => return,
            }
        }
    }

    async fn dial(&self, path: &str) -> Option<Wire> {
        let mut request = format!("{}{path}", self.to.public.replacen("http", "ws", 1)).into_client_request().ok()?;
        request.headers_mut().insert("origin", self.to.public_url.parse().ok()?);
        request.headers_mut().insert("sec-websocket-protocol", "porchlight.v1".parse().ok()?);
        Some(connect_async(request).await.ok()?.0)
    }

    async fn overheard(&self) -> Option<Wire> {
        let mut wire = self.dial("/v1/live").await?;
        let hello = serde_json::json!({ "type": "hello", "token": self.token()?, "after": null });
        wire.send(hello.to_string().into()).await.ok()?;
        Some(wire)
    }
}

type Wire = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<TcpStream>>;

async fn next(
    wire: &mut Option<Wire>,
) -> Option<Result<tokio_tungstenite::tungstenite::Message, tokio_tungstenite::tungstenite::Error>> {
    match wire {
        Some(wire) => wire.next().await,
        None => std::future::pending().await,
    }
}

fn leaks(asked: &Asked) -> bool {
    let path = asked.path.split('?').next().unwrap_or_default();
    let contact =
        path.strip_prefix("/v1/contacts/").is_some_and(|rest| rest.starts_with("con_") && !rest.contains('/'));
    asked.method == "GET" && (contact || path == "/v1/invitations")
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let headers: Vec<_> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length.unwrap_or(0) {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Asked { method: first.next()?.to_owned(), path: first.next()?.to_owned(), headers, body })
}
