//! Looking from outside at what the operator configured: our own public address, the mail server, a broker. For the
//! doctor, who asks once and waits little. The addresses are the operator's own, so the guard is not asked.

use std::time::Duration;

use kernel::Secret;
use reqwest::Client;
use reqwest::header::{CONNECTION, ORIGIN, UPGRADE};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use url::Url;

use crate::http::tls;
use crate::mail;
use crate::{NetConfig, Setup};

/// Longest wait for any of them.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks a page of ours; gives the status.
pub async fn page(config: &NetConfig, url: &str) -> Result<u16, String> {
    let asked = client(config)?.get(url).send().await.map_err(|error| chain(&error.without_url()))?;
    Ok(asked.status().as_u16())
}

/// Asks for a WebSocket as a page of `origin` would; gives the status, which is 101 when it opens.
pub async fn socket(config: &NetConfig, url: &str, origin: &str, protocol: &str) -> Result<u16, String> {
    let request = client(config)?.get(url).header(CONNECTION, "Upgrade").header(UPGRADE, "websocket");
    let request = request.header("sec-websocket-version", "13").header("sec-websocket-protocol", protocol);
    // any sixteen bytes do: the answer to them is not looked at
    let request = request.header("sec-websocket-key", "cG9yY2hsaWdodCBkb2N0b3I=").header(ORIGIN, origin);
    let asked = request.send().await.map_err(|error| chain(&error.without_url()))?;
    Ok(asked.status().as_u16())
}

/// Connects to the mail server and says hello, with TLS and log-in as letters would.
pub async fn mail(config: &NetConfig) -> Result<(), String> {
    match mail::Mail::new(config).map_err(|error: Setup| error.to_string())?.hello(PATIENCE).await {
        Some(said) => said,
        None => Ok(()),
    }
}

/// Says hello to a NATS broker at `host:port`.
pub async fn broker(address: &str, login: Option<(String, Secret<String>)>) -> Result<(), String> {
    tokio::time::timeout(PATIENCE, hello(address, login)).await.unwrap_or_else(|_| Err("no answer in time".to_owned()))
}

async fn hello(address: &str, login: Option<(String, Secret<String>)>) -> Result<(), String> {
    let away = |error: std::io::Error| error.to_string();
    let (reader, mut writer) = TcpStream::connect(address).await.map_err(away)?.into_split();
    let mut lines = BufReader::new(reader).lines();
    let first = lines.next_line().await.map_err(away)?.unwrap_or_default();
    if !first.starts_with("INFO ") {
        return Err("what answers is no NATS broker".to_owned());
    }
    let mut words = serde_json::json!({ "verbose": false, "pedantic": false });
    if let Some((user, password)) = login {
        words["user"] = user.into();
        words["pass"] = password.reveal().as_str().into();
    }
    writer.write_all(format!("CONNECT {words}\r\nPING\r\n").as_bytes()).await.map_err(away)?;
    while let Some(line) = lines.next_line().await.map_err(away)? {
        match line.trim() {
            "PONG" => return Ok(()),
            refusal if refusal.starts_with("-ERR") => return Err(refusal.trim_start_matches("-ERR ").to_owned()),
            _ => {}
        }
    }
    Err("it hung up".to_owned())
}

fn client(config: &NetConfig) -> Result<Client, String> {
    let builder = Client::builder().no_proxy().http1_only().redirect(reqwest::redirect::Policy::none());
    let builder = builder.timeout(PATIENCE).user_agent("Porchlight-Doctor/1");
    let builder = match tls(config).map_err(|error| error.to_string())? {
        Some(tls) => builder.tls_backend_preconfigured(tls),
        None => builder,
    };
    builder.build().map_err(|error| error.to_string())
}

fn chain(error: &reqwest::Error) -> String {
    let sources = std::iter::successors(std::error::Error::source(error), |error| error.source());
    sources.fold(error.to_string(), |text, source| format!("{text}: {source}"))
}

/// Whether a text is a mail address's folder: letters that nobody sends.
pub fn keeps_letters(config: &NetConfig) -> bool {
    Url::parse(config.mail.reveal()).is_ok_and(|url| url.scheme() == "folder")
}
