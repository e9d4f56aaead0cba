//! A business's endpoint: it answers as it is told and keeps what it heard.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use graph_sim::webhook::sha256_hex;
use graph_sim::{Setup, Sim};
use reqwest::Client;
use serde_json::{Value, json};

/// One push as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub body: Vec<u8>,
    pub signature: Option<Vec<u8>>,
    pub path: String,
}

impl Heard {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Signed over exactly these bytes.
    pub fn is_signed(&self, secret: &str) -> bool {
        self.signature.as_deref() == Some(format!("sha256={}", sha256_hex(secret, &self.body)).as_bytes())
    }

    /// All items of a list in all changes.
    pub fn all(&self, list: &str) -> Vec<Value> {
        let document = self.json();
        let entries = document["entry"].as_array().cloned().unwrap_or_default();
        let changes = entries.into_iter().flat_map(|entry| entry["changes"].as_array().cloned().unwrap_or_default());
        changes.flat_map(|change| change["value"][list].as_array().cloned().unwrap_or_default()).collect()
    }
}

#[derive(Default)]
struct Inner {
    heard: Vec<Heard>,
    answers: VecDeque<u16>,
    challenge: Option<String>,
}

/// The endpoint.
#[derive(Clone)]
pub struct Ear {
    inner: Arc<Mutex<Inner>>,
    pub url: String,
}

impl Ear {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let inner = Arc::new(Mutex::new(Inner::default()));
        let data = web::Data::from(Arc::clone(&inner));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(8_000_000))
                .default_service(web::to(answer))
        });
        tokio::spawn(server.workers(1).disable_signals().listen(listener).expect("a server").run());
        Self { inner, url }
    }

    fn lock<T>(&self, look: impl FnOnce(&mut Inner) -> T) -> T {
        look(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Everything so far.
    pub fn heard(&self) -> Vec<Heard> {
        self.lock(|inner| inner.heard.clone())
    }

    /// All items of a list in all pushes.
    pub fn all(&self, list: &str) -> Vec<Value> {
        self.heard().iter().flat_map(|heard| heard.all(list)).collect()
    }

    /// The states of one message, in order.
    pub fn states(&self, id: &str) -> Vec<String> {
        let all = self.all("statuses");
        all.iter()
            .filter(|status| status["id"] == id)
            .map(|s| s["status"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Answers these next, then 200.
    pub fn answers(&self, statuses: &[u16]) {
        self.lock(|inner| inner.answers.extend(statuses));
    }

    /// Answers this to a challenge instead of repeating it.
    pub fn says_to_challenges(&self, words: &str) {
        self.lock(|inner| inner.challenge = Some(words.to_owned()));
    }
}

async fn answer(request: HttpRequest, body: web::Bytes, inner: web::Data<Mutex<Inner>>) -> HttpResponse {
    let mut inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
    if request.method() == "GET" {
        let query = graph_sim::http::pairs(request.query_string());
        let challenge = inner.challenge.clone().or_else(|| query.get("hub.challenge").cloned()).unwrap_or_default();
        let fine = query.get("hub.verify_token").is_some_and(|token| token == Setup::VERIFY);
        return if fine { HttpResponse::Ok().body(challenge) } else { HttpResponse::Forbidden().finish() };
    }
    let signature = request.headers().get("x-hub-signature-256").map(|value| value.as_bytes().to_vec());
    inner.heard.push(Heard { body: body.to_vec(), signature, path: request.path().to_owned() });
    let status = inner.answers.pop_front().unwrap_or(200);
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).expect("a status")).finish()
}

/// A simulator, an endpoint it calls, and the business's client.
pub struct Stage {
    pub sim: Sim,
    pub ear: Ear,
    pub client: Client,
}

impl Stage {
    pub async fn set() -> Self {
        Self::seeded(7).await
    }

    pub async fn seeded(seed: u64) -> Self {
        let (sim, ear) = (Sim::start(seed).await.expect("a simulator"), Ear::open());
        sim.calls_back(&ear.url);
        Self { sim, ear, client: Client::builder().no_proxy().build().expect("a client") }
    }

    /// Any call as the business; gives status and JSON.
    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        self.call_as(Some(Setup::TOKEN), method, path, body).await
    }

    pub async fn call_as(&self, token: Option<&str>, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.client.request(method, format!("{}/v26.0/{path}", self.sim.base()));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await.expect("an answer");
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.expect("a body")).unwrap_or_default())
    }

    /// Sends a message to somebody; gives status and JSON.
    pub async fn send(&self, to: &str, kind: &str, content: Value) -> (u16, Value) {
        let body = json!({"messaging_product": "whatsapp", "to": to, "type": kind, kind: content});
        self.call("POST", &format!("{}/messages", Setup::NUMBER), Some(body)).await
    }

    /// Sends a text that is accepted; gives its id.
    pub async fn text(&self, to: &str, words: &str) -> String {
        let (status, answer) = self.send(to, "text", json!({"body": words})).await;
        assert_eq!(status, 200, "{answer}");
        answer["messages"][0]["id"].as_str().expect("an id").to_owned()
    }
}

/// The error code of an answer.
pub fn code(answer: &Value) -> u64 {
    answer["error"]["code"].as_u64().unwrap_or_default()
}

/// Of the usual people.
pub const PABLO: &str = "16505551234";
