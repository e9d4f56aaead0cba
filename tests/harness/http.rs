//! Requests as a test speaks them, and answers it can ask for what it expects.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// Where a server is reached, and where browsers believe it is.
#[derive(Clone, Debug)]
pub struct Doors {
    /// Base of requests to the public listener.
    pub public: String,
    /// Base of requests to the operators' listener.
    pub operator: String,
    /// The public origin.
    pub public_url: String,
    /// The operators' origin.
    pub operator_url: String,
}

impl Doors {
    /// Somebody nobody knows, at the public listener.
    pub fn http(&self) -> Http {
        Http::to(&self.public)
    }

    /// Somebody nobody knows, at the operators' listener.
    pub fn operator_http(&self) -> Http {
        Http::to(&self.operator)
    }
}

/// Somebody who can send requests to one listener.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    base: String,
    headers: HeaderMap,
}

impl Http {
    /// Sends to `base`, such as `http://127.0.0.1:4711`.
    pub fn to(base: impl Into<String>) -> Self {
        let redirects = reqwest::redirect::Policy::none();
        // the server closes a connection that was idle for five seconds, and a request sent at that moment is lost
        let client =
            reqwest::Client::builder().redirect(redirects).no_proxy().pool_idle_timeout(Duration::from_secs(2));
        let client = client.build().expect("a client");
        Self { client, base: base.into(), headers: HeaderMap::new() }
    }

    /// The same with this header on every request.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut with = self.clone();
        with.headers.insert(header(name), HeaderValue::from_str(value).expect("a header value"));
        with
    }

    /// The same without this header.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let mut without = self.clone();
        without.headers.remove(header(name));
        without
    }

    /// The same with this bearer token.
    #[must_use]
    pub fn bearing(&self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// The bearer token of every request.
    pub fn token(&self) -> Option<&str> {
        self.headers.get("authorization")?.to_str().ok()?.strip_prefix("Bearer ")
    }

    /// Where requests go.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// POST.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// PATCH.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Any request; `path` begins with a slash.
    pub async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.attempt(method, path, body).await.expect("the server answers")
    }

    /// Any request to a server that may be down.
    pub async fn attempt(&self, method: Method, path: &str, body: Option<Value>) -> reqwest::Result<Answer> {
        let body = body.map(|body| ("application/json".to_owned(), body.to_string().into_bytes()));
        self.attempt_bytes(method, path, body).await
    }

    /// Sends a file up as a form does, to a server that may be down; `path` ends in `/files`.
    pub async fn attempt_upload(
        &self,
        path: &str,
        (name, media_type): (&str, &str),
        bytes: &[u8],
    ) -> reqwest::Result<Answer> {
        let head = format!(
            "--the-end-of-it\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: {media_type}\r\n\r\n"
        );
        let body = [head.as_bytes(), bytes, b"\r\n--the-end-of-it--\r\n"].concat();
        let kind = "multipart/form-data; boundary=the-end-of-it".to_owned();
        self.attempt_bytes(Method::POST, path, Some((kind, body))).await
    }

    /// Sends a file up. Gives the answer.
    pub async fn upload(&self, path: &str, named: (&str, &str), bytes: &[u8]) -> Answer {
        self.attempt_upload(path, named, bytes).await.expect("the server answers")
    }

    /// Any request with whatever body, as its type and bytes.
    pub async fn attempt_bytes(
        &self,
        method: Method,
        path: &str,
        body: Option<(String, Vec<u8>)>,
    ) -> reqwest::Result<Answer> {
        let mut request =
            self.client.request(method.clone(), format!("{}{path}", self.base)).headers(self.headers.clone());
        if let Some((kind, body)) = body {
            request = request.header("content-type", kind).body(body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Answer { asked: format!("{method} {path}"), status, headers, body, text })
    }
}

fn header(name: &str) -> HeaderName {
    name.parse().expect("a header name")
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and path.
    pub asked: String,
    /// Status code.
    pub status: u16,
    /// All headers.
    pub headers: HeaderMap,
    /// The body as JSON; null when it is none.
    pub body: Value,
    /// The body as it came.
    pub text: String,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{}: {} {}", self.asked, self.status, self.text);
        self.body
    }

    /// The body of exactly this success.
    #[track_caller]
    pub fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text);
        self.body
    }

    /// The problem of exactly this refusal; its form is checked too.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Value {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}: {}", self.asked, self.text);
        self.assert_is_problem();
        self.body
    }

    /// That a refusal has the form every refusal has.
    #[track_caller]
    pub fn assert_is_problem(&self) {
        let about = format!("{}: {} {}", self.asked, self.status, self.text);
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{about}");
        assert_eq!(self.body["status"], self.status, "{about}");
        for field in ["type", "title", "detail", "code", "request_id"] {
            assert!(self.body[field].as_str().is_some_and(|text| !text.is_empty()), "{field} is missing: {about}");
        }
        if matches!(self.status, 429 | 503) {
            assert!(self.header("retry-after").is_some(), "Retry-After is missing: {about}");
        }
    }

    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// `name=value` of a cookie that was set, ready to be sent back.
    pub fn cookie(&self, part_of_name: &str) -> Option<String> {
        let lines = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let pairs = lines.filter_map(|line| line.split(';').next());
        pairs
            .filter(|pair| pair.split('=').next().is_some_and(|name| name.contains(part_of_name)))
            .map(str::to_owned)
            .next()
    }

    /// What stays when the part that differs from request to request is taken out.
    pub fn fingerprint(&self) -> (u16, Option<String>, String) {
        let id = self.body["request_id"].as_str().unwrap_or("-");
        (self.status, self.header("content-type").map(str::to_owned), self.text.replace(id, "…"))
    }
}
