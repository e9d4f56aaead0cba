//! Meta's Graph API: JSON with a bearer, at the one address the operator configured.
//!
//! The bearer is in a header and in nothing that is logged or shown; a path never holds text of a stranger. The address
//! is the operator's, so it may be private if the guard's own exceptions say so, and only then.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use kernel::Secret;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderValue;
use reqwest::{Client, ClientBuilder, Method, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::{Host, Url};

use crate::form::Form;
use crate::http::tls;
use crate::told::{self, Ended};
use crate::{Dns, Guard, NetConfig, Setup};

/// Longest answer that is read.
const MOST: usize = 4 * 1024 * 1024;

/// Where the Graph API is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GraphConfig {
    /// Its address without a version.
    pub graph_url: String,
    /// The version every call names: `v26.0`.
    pub version: String,
    /// Milliseconds for connecting with the TLS handshake.
    pub connect_ms: u64,
    /// Milliseconds for a whole call.
    pub total_ms: u64,
    /// Hosts that media are fetched from, and that get the bearer for it; a whole origin where it is not `https` on its
    /// usual port.
    pub media_hosts: Vec<String>,
    /// Milliseconds for a whole file, in or out.
    pub media_total_ms: u64,
    /// Milliseconds in which some of a file must have come.
    pub media_idle_ms: u64,
    /// Files fetched at once.
    pub media_at_once: usize,
}

impl Default for GraphConfig {
    fn default() -> Self {
        Self {
            graph_url: "https://graph.facebook.com".to_owned(),
            version: "v26.0".to_owned(),
            connect_ms: 5_000,
            total_ms: 20_000,
            media_hosts: vec!["lookaside.fbsbx.com".to_owned()],
            media_total_ms: 120_000,
            media_idle_ms: 15_000,
            media_at_once: 6,
        }
    }
}

/// The client; cheap to clone.
#[derive(Clone)]
pub struct Graph {
    inner: Arc<Inner>,
}

struct Inner {
    /// None on a machine without certificate authorities, or when the guard refuses the configured address.
    client: Option<Client>,
    base: Url,
    version: String,
    /// How long a file may take.
    file: Duration,
}

/// What a call wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// To read.
    Get,
    /// To make or change.
    Post,
    /// To take away.
    Delete,
}

/// One call.
#[derive(Debug)]
pub struct Call<'a> {
    /// What is wanted.
    pub way: Way,
    /// Ids and words between the slashes; each is escaped.
    pub path: &'a [&'a str],
    /// The query.
    pub query: &'a [(&'a str, &'a str)],
    /// Who asks.
    pub bearer: &'a Secret<String>,
    /// The body of a `POST`.
    pub body: Option<&'a Value>,
}

/// A file on its way to Meta.
pub enum Parcel<'a> {
    /// As one part of a form.
    Form(Form<'a>),
    /// What is left of a resumable upload, from here on.
    Rest { from: u64, bytes: Bytes },
}

/// What came back, whatever its status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status; Meta's own word on what is wrong is in the body.
    pub status: u16,
    /// The body; `null` when it was no JSON.
    pub body: Value,
}

/// Why nothing came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// Nothing was sent: no name, no connection, no TLS, an address the guard refuses.
    Unreachable,
    /// It was sent, perhaps; the answer did not come in time or broke off.
    Lost,
    /// The answer was longer than any should be.
    TooLarge,
}

impl Graph {
    pub(crate) fn new(config: &NetConfig, dns: Dns) -> Result<Self, Setup> {
        let GraphConfig { graph_url, version, connect_ms, total_ms, media_total_ms, .. } = &config.graph;
        let base =
            Url::parse(graph_url).map_err(|_| Setup::Graph(format!("graph_url: {graph_url:?} is no address")))?;
        if !matches!(base.scheme(), "https" | "http") || base.cannot_be_a_base() {
            return Err(Setup::Graph(format!("graph_url: {graph_url:?} is no address of a server")));
        }
        let digits = version.strip_prefix('v').unwrap_or_default();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
            return Err(Setup::Graph(format!("version: {version:?} is not written like v26.0")));
        }
        let guard = Guard::new(config.block.clone(), config.allow.clone());
        // a literal address is dialled without asking a resolver, so it is looked at here
        let refused = match base.host() {
            Some(Host::Ipv4(address)) => !guard.admits(address.into()),
            Some(Host::Ipv6(address)) => !guard.admits(address.into()),
            _ => false,
        };
        let (connect, total) = (Duration::from_millis(*connect_ms), Duration::from_millis(*total_ms));
        let client = builder(config, dns, guard)?
            .filter(|_| !refused)
            .and_then(|builder| builder.connect_timeout(connect).timeout(total).build().ok());
        let file = Duration::from_millis(*media_total_ms);
        Ok(Self { inner: Arc::new(Inner { client, base, version: version.clone(), file }) })
    }

    /// The version every call names.
    pub fn version(&self) -> &str {
        &self.inner.version
    }

    /// Calls; an answer of any status is an answer.
    pub async fn call(&self, call: &Call<'_>) -> Result<Answer, Silence> {
        told::call("graph", ended, self.ask(call)).await
    }

    async fn ask(&self, call: &Call<'_>) -> Result<Answer, Silence> {
        let client = self.inner.client.as_ref().ok_or(Silence::Unreachable)?;
        let method = match call.way {
            Way::Get => Method::GET,
            Way::Post => Method::POST,
            Way::Delete => Method::DELETE,
        };
        let url = self.url(call).ok_or(Silence::Unreachable)?;
        let mut request = client.request(method, url).bearer_auth(call.bearer.reveal());
        if let Some(body) = call.body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        let response = request.send().await.map_err(|error| silence(call, error))?;
        read(response).await
    }

    /// `POST`s a file: as a form, or as its bare bytes. A body that breaks off is a call that was lost.
    pub async fn send(&self, call: &Call<'_>, parcel: Parcel<'_>) -> Result<Answer, Silence> {
        told::call("graph", ended, self.hand_over(call, parcel)).await
    }

    async fn hand_over(&self, call: &Call<'_>, parcel: Parcel<'_>) -> Result<Answer, Silence> {
        let client = self.inner.client.as_ref().ok_or(Silence::Unreachable)?;
        let url = self.url(call).ok_or(Silence::Unreachable)?;
        let request = client.post(url).timeout(self.inner.file);
        let request = match parcel {
            Parcel::Form(form) => form.onto(request.bearer_auth(call.bearer.reveal())),
            Parcel::Rest { from, bytes } => request
                .header("authorization", oauth(call.bearer).ok_or(Silence::Unreachable)?)
                .header("file_offset", from)
                .body(bytes),
        };
        let response = request.send().await.map_err(|error| silence(call, error))?;
        read(response).await
    }

    /// `GET`s as a resumable upload wants to be asked.
    pub async fn offset(&self, call: &Call<'_>) -> Result<Answer, Silence> {
        told::call("graph", ended, self.ask_offset(call)).await
    }

    async fn ask_offset(&self, call: &Call<'_>) -> Result<Answer, Silence> {
        let client = self.inner.client.as_ref().ok_or(Silence::Unreachable)?;
        let url = self.url(call).ok_or(Silence::Unreachable)?;
        let request = client.get(url).header("authorization", oauth(call.bearer).ok_or(Silence::Unreachable)?);
        let response = request.send().await.map_err(|error| silence(call, error))?;
        read(response).await
    }

    fn url(&self, call: &Call<'_>) -> Option<Url> {
        let mut url = self.inner.base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().push(&self.inner.version).extend(call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        Some(url)
    }
}

fn ended(done: &Result<Answer, Silence>) -> Ended {
    match done {
        Ok(answer) => Ended::with(answer.status),
        Err(Silence::Unreachable) => Ended::badly("unreachable"),
        Err(Silence::Lost) => Ended::badly("lost"),
        Err(Silence::TooLarge) => Ended::badly("too_large"),
    }
}

/// How every client of Meta's begins: our resolvers, our guard, no proxy, no redirect, nothing sent twice by itself.
/// None on a machine without certificate authorities.
pub(crate) fn builder(config: &NetConfig, dns: Dns, guard: Guard) -> Result<Option<ClientBuilder>, Setup> {
    let Some(tls) = tls(config)? else { return Ok(None) };
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .dns_resolver(Looked { dns, guard })
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .user_agent("Porchlight/1");
    Ok(Some(builder))
}

/// Resumable uploads want another word than `Bearer`.
fn oauth(bearer: &Secret<String>) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("OAuth {}", bearer.reveal())).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The client's own words never hold the URL: a query may hold a token.
fn silence(call: &Call<'_>, error: reqwest::Error) -> Silence {
    let error = error.without_url();
    tracing::warn!(path = ?call.path, %error, "the Graph API gave no answer");
    if error.is_connect() || error.is_builder() { Silence::Unreachable } else { Silence::Lost }
}

async fn read(mut response: Response) -> Result<Answer, Silence> {
    let status: StatusCode = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| Silence::Lost)? {
        body.extend_from_slice(&chunk);
        if body.len() > MOST {
            return Err(Silence::TooLarge);
        }
    }
    Ok(Answer { status: status.as_u16(), body: serde_json::from_slice(&body).unwrap_or_default() })
}

/// Asks our resolvers and gives only what the guard admits.
struct Looked {
    dns: Dns,
    guard: Guard,
}

impl Resolve for Looked {
    fn resolve(&self, name: Name) -> Resolving {
        let (dns, guard) = (self.dns.clone(), self.guard.clone());
        Box::pin(async move {
            let found = dns.addresses(name.as_str()).await.map_err(|fault| fault.word())?;
            if !found.iter().all(|address| guard.admits(*address)) {
                return Err("the guard refuses an address of this name".into());
            }
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(url: &str, version: &str) -> Result<Graph, Setup> {
        let graph = GraphConfig { graph_url: url.to_owned(), version: version.to_owned(), ..GraphConfig::default() };
        let config = NetConfig { graph, ..NetConfig::default() };
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Graph::new(&config, Dns::new("system", Duration::from_secs(1))?)
    }

    #[tokio::test]
    async fn the_version_is_in_the_path_and_strangers_text_stays_a_segment() {
        let graph = setup("https://graph.example.com/", "v26.0").expect("a client");
        let bearer = Secret::new("EAAG".to_owned());
        let path = ["1022/../me?x=1", "subscribed_apps"];
        let call = Call { way: Way::Get, path: &path, query: &[("fields", "id,name")], bearer: &bearer, body: None };
        let url = graph.url(&call).expect("a URL").to_string();
        assert_eq!(url, "https://graph.example.com/v26.0/1022%2F..%2Fme%3Fx=1/subscribed_apps?fields=id%2Cname");
        assert!(!format!("{call:?}").contains("EAAG"), "a bearer is never printed");
    }

    #[tokio::test]
    async fn a_private_address_is_called_by_nobody_unless_it_was_allowed() {
        let graph = setup("http://127.0.0.1:9", "v26.0").expect("a client");
        let bearer = Secret::new("EAAG".to_owned());
        let call = Call { way: Way::Get, path: &["1"], query: &[], bearer: &bearer, body: None };
        assert_eq!(graph.call(&call).await.err(), Some(Silence::Unreachable));
        assert!(graph.inner.client.is_none());
    }

    #[test]
    fn addresses_and_versions_that_are_none_are_named() {
        for (url, version) in
            [("graph", "v26.0"), ("mailto:x", "v26.0"), ("https://x.example", "26"), ("https://x.example", "v")]
        {
            assert!(setup(url, version).is_err(), "{url} {version}");
        }
    }
}
