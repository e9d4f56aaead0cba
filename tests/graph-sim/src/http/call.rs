//! One request.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use bytes::Bytes;
use serde_json::Value;

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// `GET`, `POST`, `DELETE`, …
    pub method: String,
    /// Path parts without the version.
    pub path: Vec<String>,
    /// `v26.0`, if the path began with one.
    pub version: Option<String>,
    /// The query, decoded.
    pub query: BTreeMap<String, String>,
    /// Headers by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Bytes,
}

impl Call {
    /// Takes a request apart.
    pub fn of(request: &HttpRequest, body: Bytes) -> Self {
        let text =
            |value: &actix_web::http::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = request.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
        let mut path: Vec<String> = request.path().split('/').skip(1).map(decode).collect();
        path.retain(|part| !part.is_empty());
        let version = path.first().is_some_and(|first| is_version(first)).then(|| path.remove(0));
        let method = request.method().as_str().to_owned();
        Self { method, path, version, query: pairs(request.query_string()), headers: headers.collect(), body }
    }

    /// The body as JSON; form bodies become an object of strings.
    pub fn json(&self) -> Option<Value> {
        let kind = self.headers.get("content-type").map_or("", String::as_str);
        if kind.starts_with("application/x-www-form-urlencoded") {
            let text = String::from_utf8_lossy(&self.body);
            return Some(pairs(&text).into_iter().map(|(key, value)| (key, Value::String(value))).collect());
        }
        if self.body.is_empty() {
            Some(Value::Object(Default::default()))
        } else {
            serde_json::from_slice(&self.body).ok()
        }
    }

    /// A value from the query or, failing that, from the body.
    pub fn get(&self, key: &str) -> Option<String> {
        self.query.get(key).cloned().or_else(|| match self.json()?.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Null => None,
            other => Some(other.to_string()),
        })
    }

    /// The bearer, from the header or the query.
    pub fn bearer(&self) -> Option<String> {
        let header = self.headers.get("authorization");
        let header = header.and_then(|value| value.strip_prefix("Bearer ").or_else(|| value.strip_prefix("OAuth ")));
        header.map(str::trim).map(str::to_owned).or_else(|| self.get("access_token")).filter(|token| !token.is_empty())
    }
}

fn is_version(part: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    part.strip_prefix('v').and_then(|rest| rest.split_once('.')).is_some_and(|(a, b)| number(a) && number(b))
}

/// `a=1&b=x%20y` as pairs; dots in names stay dots.
pub fn pairs(text: &str) -> BTreeMap<String, String> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, ""))).map(|(key, value)| (plus(key), plus(value))).collect()
}

fn plus(text: &str) -> String {
    decode(&text.replace('+', " "))
}

fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        at += match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                3
            }
            None => {
                out.push(bytes[at]);
                1
            }
        };
    }
    String::from_utf8_lossy(&out).into_owned()
}
