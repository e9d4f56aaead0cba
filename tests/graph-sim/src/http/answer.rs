//! One answer, with the ways in which it may go wrong on its way.

use std::time::Duration;

use serde_json::Value;

/// What goes back.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers; a later one of the same name replaces an earlier one.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Vec<u8>,
    /// Kept back this long in real time.
    pub delay: Duration,
    /// The connection breaks after this many bytes of the body; `Some(0)` breaks it before the head.
    pub cut: Option<usize>,
}

impl Answer {
    /// JSON with a status.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::bytes(status, "application/json; charset=UTF-8", body.to_string().into_bytes())
    }

    /// 200 with JSON.
    pub fn ok(body: &Value) -> Self {
        Self::json(200, body)
    }

    /// `{"success":true}`
    pub fn success() -> Self {
        Self::ok(&serde_json::json!({"success": true}))
    }

    /// Bytes of a type.
    pub fn bytes(status: u16, kind: &str, body: Vec<u8>) -> Self {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Self { status, headers, body, ..Self::default() }
    }

    /// With one more header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The body as JSON, null when it is none.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}
