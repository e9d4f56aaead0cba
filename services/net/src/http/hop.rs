//! One request: resolve, look at every address, dial only those, read no more than a little.

use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};

use data_encoding::HEXLOWER;
use kernel::Host;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Response};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Evidence, Hop, Inner, MAX_BODY, MAX_HEADERS, Refused};
use crate::dns::Fault;

/// Answers every question with the addresses that were looked at, so that nothing else is dialled
/// whatever DNS says a moment later.
struct Vetted(Vec<SocketAddr>);

impl Resolve for Vetted {
    fn resolve(&self, _name: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

impl Inner {
    pub(super) async fn request(&self, url: &Url, host: &Host, evidence: &mut Evidence) -> Result<Response, Refused> {
        let mut hop = Hop {
            url: url.to_string(),
            addresses: Vec::new(),
            peer: None,
            status: None,
            certificate: None,
            trouble: None,
        };
        let outcome = self.dial(url, host, &mut hop).await;
        evidence.hops.push(hop);
        outcome
    }

    async fn dial(&self, url: &Url, host: &Host, hop: &mut Hop) -> Result<Response, Refused> {
        hop.addresses = self.dns.addresses(host.as_str()).await.map_err(unresolved)?;
        // one private address among public ones refuses them all: the next answer may hold it alone
        if !hop.addresses.iter().all(|address| self.guard.admits(*address)) {
            return Err(Refused::NotPublic);
        }
        let client = self.client(url, &hop.addresses).ok_or(Refused::Tls)?;
        let response = client.get(url.clone()).send().await.map_err(|error| {
            hop.trouble = Some(chain(&error));
            failure(&error)
        })?;
        hop.status = Some(response.status().as_u16());
        hop.certificate = fingerprint(&response);
        hop.peer = response.remote_addr().map(|peer| peer.ip());
        if !hop.peer.is_some_and(|peer| hop.addresses.contains(&peer)) {
            return Err(Refused::NotPublic);
        }
        if header_bytes(response.headers()) > MAX_HEADERS {
            return Err(Refused::BadResponse);
        }
        Ok(response)
    }

    fn client(&self, url: &Url, addresses: &[IpAddr]) -> Option<Client> {
        let port = if url.scheme() == "https" { self.https_dial_port } else { self.http_dial_port };
        let vetted = addresses.iter().map(|address| SocketAddr::new(*address, port)).collect();
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, "text/plain".parse().ok()?);
        headers.insert(ACCEPT_ENCODING, "identity".parse().ok()?);
        headers.insert(CONNECTION, "close".parse().ok()?);
        Client::builder()
            .tls_backend_preconfigured(self.tls.clone()?)
            .dns_resolver(Vetted(vetted))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .http1_max_headers(100)
            .pool_max_idle_per_host(0)
            .connect_timeout(self.connect)
            .tls_info(true)
            .user_agent(&self.agent)
            .default_headers(headers)
            .build()
            .ok()
    }

    /// The body, as a proof must be: plain, uncompressed, short, UTF-8.
    pub(super) async fn read(&self, mut response: Response, evidence: &mut Evidence) -> Result<String, Refused> {
        let identity = |value: &reqwest::header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
        if !response.headers().get_all(CONTENT_ENCODING).iter().all(identity) {
            return Err(Refused::Encoded);
        }
        if !is_plain(response.headers()) {
            return Err(Refused::NotPlain);
        }
        if response.content_length().is_some_and(|length| length > MAX_BODY as u64) {
            return Err(Refused::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| torn(&error, evidence))? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_BODY {
                return Err(Refused::TooLarge);
            }
        }
        let text = String::from_utf8(body).map_err(|_| Refused::NotPlain)?;
        Ok(text.trim_end().to_owned())
    }
}

fn unresolved(fault: Fault) -> Refused {
    if fault.is_soft() { Refused::DnsFailed } else { Refused::NoAddress }
}

fn torn(error: &reqwest::Error, evidence: &mut Evidence) -> Refused {
    if let Some(hop) = evidence.hops.last_mut() {
        hop.trouble = Some(chain(error));
    }
    if error.is_timeout() { Refused::Timeout } else { Refused::BadResponse }
}

fn failure(error: &reqwest::Error) -> Refused {
    match error {
        error if error.is_timeout() => Refused::Timeout,
        error if speaks_of_tls(error) => Refused::Tls,
        error if error.is_connect() => Refused::Connect,
        _ => Refused::BadResponse,
    }
}

fn sources(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&error| error.source())
}

/// The handshake's error hides inside I/O errors, whose `source` skips what they hold.
fn speaks_of_tls(error: &(dyn Error + 'static)) -> bool {
    let held = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    error.is::<rustls::Error>()
        || held.is_some_and(|held| speaks_of_tls(held))
        || error.source().is_some_and(speaks_of_tls)
}

fn chain(error: &reqwest::Error) -> String {
    sources(error).fold(error.to_string(), |text, source| format!("{text}: {source}"))
}

fn fingerprint(response: &Response) -> Option<String> {
    let certificate = response.extensions().get::<reqwest::tls::TlsInfo>()?.peer_certificate()?;
    Some(HEXLOWER.encode(&Sha256::digest(certificate)))
}

fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}

/// `text/plain` with any parameters, or no word about it.
fn is_plain(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let plain = |value: &reqwest::header::HeaderValue| {
        let text = value.to_str().unwrap_or_default();
        text.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("text/plain")
    };
    types.all(plain)
}
