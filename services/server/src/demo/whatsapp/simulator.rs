//! The control plane of the simulator, which plays Meta and the people's phones: JSON over HTTP, on this machine only.
//!
//! No client library: what goes outside goes through `net` and its guard, and this goes nowhere.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longest a single call may take; it may wait for what it pushes to be answered.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running simulator.
pub struct Simulator {
    address: SocketAddr,
}

impl Simulator {
    /// The one at `http://127.0.0.1:8083`; any other machine is refused.
    pub fn at(url: &str) -> Result<Self> {
        let address = url.strip_prefix("http://").unwrap_or_default().trim_end_matches('/').parse::<SocketAddr>();
        match address {
            Ok(address) if address.ip().is_loopback() => Ok(Self { address }),
            _ => bail!("--whatsapp-sim {url:?} is not an address of this machine such as http://127.0.0.1:8083"),
        }
    }

    /// Its address.
    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The first thing of a kind: `apps`, `wabas`, `numbers`, `tokens`.
    pub async fn first(&self, kind: &str) -> Result<Value> {
        let all = self.read(kind).await?;
        let first = all.as_array().and_then(|all| all.first()).cloned();
        first.with_context(|| format!("the WhatsApp simulator has no {kind}"))
    }

    /// Asks it something.
    pub async fn read(&self, path: &str) -> Result<Value> {
        self.call("GET", path, &Value::Null).await
    }

    /// Tells it something.
    pub async fn tell(&self, path: &str, what: &Value) -> Result<Value> {
        self.call("POST", path, what).await
    }

    /// Puts its clock there; it stands until it is told to run.
    pub async fn stands_at(&self, millis: i64) -> Result<()> {
        self.tell("clock", &json!({ "now": millis, "rate": 0 })).await.map(drop)
    }

    /// Lets time go by there; what becomes due is pushed and answered before this returns.
    pub async fn passes(&self, time: Duration) -> Result<()> {
        self.tell("clock", &json!({ "advance": time.as_millis() })).await.map(drop)
    }

    /// From now on its clock is everybody's.
    pub async fn runs_from(&self, millis: i64) -> Result<()> {
        self.tell("clock", &json!({ "now": millis, "rate": 1 })).await.map(drop)
    }

    async fn call(&self, method: &str, path: &str, what: &Value) -> Result<Value> {
        let body = if what.is_null() { String::new() } else { what.to_string() };
        // as of HTTP/1.0, so that the answer comes in one piece and ends with the connection
        let head = format!(
            "{method} /_sim/{path} HTTP/1.0\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        let answer = timeout(PATIENCE, self.exchange(format!("{head}{body}").as_bytes())).await;
        let answer = answer.context("the WhatsApp simulator does not answer")??;
        let text = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        let said: Value = serde_json::from_str(text).unwrap_or_default();
        match answer.split_whitespace().nth(1) {
            Some("200" | "201") => Ok(said),
            _ => bail!("the WhatsApp simulator refuses {method} {path}: {}", said["error"]),
        }
    }

    async fn exchange(&self, request: &[u8]) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)
            .await
            .with_context(|| format!("no WhatsApp simulator listens on {}", self.address))?;
        stream.write_all(request).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Simulator;

    #[test]
    fn only_this_machine_is_spoken_to() {
        assert_eq!(Simulator::at("http://127.0.0.1:8083/").expect("ours").base(), "http://127.0.0.1:8083");
        for other in ["http://192.0.2.1:80", "https://127.0.0.1:8083", "graph.facebook.com", ""] {
            assert!(Simulator::at(other).is_err(), "{other}");
        }
    }
}
