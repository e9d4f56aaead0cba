//! Files that wait at Meta: fetched with the account's bearer from the hosts the operator named, and from nowhere else.
//!
//! An address comes in a delivery, or as an answer of the Graph API. The bearer opens everything the account has, so it is
//! the address that is mistrusted: only `https` on a named host, or the configured Graph API itself; no redirect is
//! followed; and an address whose name leads to where the guard refuses is not dialled. What goes wrong is one of
//! [`Refused`]. Bytes are handed on as they come: nobody holds a whole file.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{self, BoxStream};
use futures::{StreamExt, TryStreamExt};
use kernel::{Secret, TenantId};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE};
use reqwest::{Client, Response, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::{Host, Url};

use crate::graph::{self, GraphConfig};
use crate::told::{self, Ended};
use crate::turnstile::Turnstile;
use crate::{Dns, Guard, NetConfig, Setup};

/// How long somebody stands in line for a seat.
const IN_LINE: Duration = Duration::from_secs(2);
/// Fetches of one tenant at once: an album keeps nobody else's pictures waiting.
const PER_TENANT: usize = 2;

/// Why there are no bytes. A closed set, without a word of what came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The address leads to no host that was named, or is none.
    Foreign,
    /// Its name leads where nothing is dialled.
    NotPublic,
    /// Too many fetches stand in line.
    Busy,
    /// Nobody answered in time, or what came is no HTTP.
    Unreachable,
    /// 404 or 410: an address lives five minutes.
    Missing,
    /// 401 or 403.
    Denied,
    /// A redirect.
    Elsewhere,
    /// Any other status, too many calls among them.
    Status(u16),
}

/// Bytes on their way.
pub struct Coming {
    /// How many there will be, if that was said.
    pub length: Option<u64>,
    /// What they are said to be.
    pub media_type: Option<String>,
    /// The bytes; an error is where they broke off.
    pub body: BoxStream<'static, Result<Bytes, Broken>>,
}

/// The bytes broke off, or took too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// The client; cheap to clone.
#[derive(Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

struct Inner {
    client: Option<Client>,
    guard: Guard,
    /// Scheme, host and port of everything that may be asked.
    places: Vec<Place>,
    seats: Arc<Semaphore>,
    per_tenant: Turnstile,
}

type Place = (String, Host<String>, u16);

impl Media {
    pub(crate) fn new(config: &NetConfig, dns: Dns) -> Result<Self, Setup> {
        let GraphConfig { graph_url, media_hosts, media_total_ms, media_idle_ms, media_at_once, connect_ms, .. } =
            &config.graph;
        let guard = Guard::new(config.block.clone(), config.allow.clone());
        let builder = graph::builder(config, dns, guard.clone())?;
        let client = builder.and_then(|builder| {
            builder
                .connect_timeout(Duration::from_millis(*connect_ms))
                .timeout(Duration::from_millis(*media_total_ms))
                .read_timeout(Duration::from_millis(*media_idle_ms))
                .build()
                .ok()
        });
        let named = media_hosts.iter().map(|text| place(text));
        let places = std::iter::once(place(graph_url)).chain(named).collect::<Result<_, _>>()?;
        let seats = Arc::new(Semaphore::new((*media_at_once).max(1)));
        let inner = Inner { client, guard, places, seats, per_tenant: Turnstile::new(PER_TENANT) };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Begins to fetch for a tenant, with the bearer of its account. The seat is held until the bytes are dropped.
    pub async fn fetch(&self, tenant: TenantId, address: &str, bearer: &Secret<String>) -> Result<Coming, Refused> {
        told::call("media", ended, self.begin(tenant, address, bearer)).await
    }

    async fn begin(&self, tenant: TenantId, address: &str, bearer: &Secret<String>) -> Result<Coming, Refused> {
        let url = self.inner.admitted(address)?;
        let client = self.inner.client.as_ref().ok_or(Refused::Unreachable)?;
        let line = tokio::time::timeout(IN_LINE, self.inner.seat(tenant)).await;
        let seat = line.ok().flatten().ok_or(Refused::Busy)?;
        let request = client.get(url).bearer_auth(bearer.reveal()).header(ACCEPT_ENCODING, "identity");
        let response = request.send().await.map_err(silent)?;
        match response.status() {
            StatusCode::OK => Ok(coming(response, seat)),
            StatusCode::NOT_FOUND | StatusCode::GONE => Err(Refused::Missing),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Refused::Denied),
            status if status.is_redirection() => Err(Refused::Elsewhere),
            status => Err(Refused::Status(status.as_u16())),
        }
    }
}

fn ended(done: &Result<Coming, Refused>) -> Ended {
    match done {
        Ok(_) => Ended::with(200),
        Err(Refused::Status(status)) => Ended::with(*status),
        Err(Refused::Unreachable) => Ended::badly("unreachable"),
        Err(Refused::Busy) => Ended::badly("busy"),
        Err(_) => Ended { outcome: "refused", status: None, is_fault: false },
    }
}

/// One place of everybody's and one of the tenant's own.
type Seat = (OwnedSemaphorePermit, OwnedSemaphorePermit);

impl Inner {
    async fn seat(&self, tenant: TenantId) -> Option<Seat> {
        let mine = self.per_tenant.enter(&tenant.to_string()).await?;
        let ours = Arc::clone(&self.seats).acquire_owned().await.ok()?;
        Some((mine, ours))
    }

    /// The address, if the bearer may go there.
    fn admitted(&self, address: &str) -> Result<Url, Refused> {
        let url = Url::parse(address).map_err(|_| Refused::Foreign)?;
        let plain = url.username().is_empty() && url.password().is_none() && address.len() <= 8 * 1024;
        let there = place_of(&url).ok_or(Refused::Foreign)?;
        if !plain || !self.places.contains(&there) {
            tracing::warn!(host = url.host_str(), "media wait at a host that is not among whatsapp.media_hosts");
            return Err(Refused::Foreign);
        }
        // a literal address is dialled without asking a resolver, so it is looked at here
        let admits = match there.1 {
            Host::Ipv4(address) => self.guard.admits(address.into()),
            Host::Ipv6(address) => self.guard.admits(address.into()),
            Host::Domain(_) => true,
        };
        if admits { Ok(url) } else { Err(Refused::NotPublic) }
    }
}

/// A host means `https` on its usual port; a whole origin, as tests have it, means itself.
fn place(text: &str) -> Result<Place, Setup> {
    let wrong = || Setup::Graph(format!("media_hosts: {text:?} is neither a host nor an origin"));
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&whole).map_err(|_| wrong())?;
    place_of(&url).filter(|_| matches!(url.scheme(), "https" | "http")).ok_or_else(wrong)
}

fn place_of(url: &Url) -> Option<Place> {
    Some((url.scheme().to_owned(), url.host()?.to_owned(), url.port_or_known_default()?))
}

/// The client's own words never hold the URL: its query opens the file.
fn silent(error: reqwest::Error) -> Refused {
    let error = error.without_url();
    tracing::warn!(%error, "media could not be fetched");
    Refused::Unreachable
}

fn coming(response: Response, seat: Seat) -> Coming {
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let length = response.content_length();
    let bytes = response.bytes_stream().map_err(|error| {
        let error = error.without_url();
        tracing::warn!(%error, "media broke off");
        Broken
    });
    // the seat goes with the bytes
    let body = stream::unfold((bytes.boxed(), seat), |(mut bytes, seat)| async move {
        bytes.next().await.map(|part| (part, (bytes, seat)))
    });
    Coming { length, media_type, body: body.boxed() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(graph_url: &str, hosts: &[&str]) -> Result<Media, Setup> {
        let media_hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        let graph = GraphConfig { graph_url: graph_url.to_owned(), media_hosts, ..GraphConfig::default() };
        let config = NetConfig { graph, ..NetConfig::default() };
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        Media::new(&config, Dns::new("system", Duration::from_secs(1))?)
    }

    #[tokio::test]
    async fn the_bearer_goes_to_the_named_hosts_and_to_nobody_else() {
        let media = media("https://graph.example.com", &["files.example.com"]).expect("a client");
        let may = |address: &str| media.inner.admitted(address).err();
        for fine in [
            "https://files.example.com/a?mid=1&ext=2",
            "https://files.example.com:443/a",
            "https://FILES.example.com/a",
            "https://graph.example.com/v26.0/1",
        ] {
            assert_eq!(may(fine), None, "{fine}");
        }
        for foreign in [
            "http://files.example.com/a",
            "https://files.example.com:8443/a",
            "https://files.example.com.evil.example/a",
            "https://evil.example/files.example.com",
            "https://evil.example/?files.example.com",
            "https://files.example.com@evil.example/a",
            "https://me:word@files.example.com/a",
            "https://sub.files.example.com/a",
            "https://files.example.com./a",
            "https://169.254.169.254/latest/meta-data",
            "http://127.0.0.1:8080/",
            "file:///etc/passwd",
            "//files.example.com/a",
            "",
        ] {
            assert_eq!(may(foreign), Some(Refused::Foreign), "{foreign}");
        }
    }

    #[tokio::test]
    async fn a_named_private_address_is_still_refused_by_the_guard() {
        let media = media("https://graph.example.com", &["http://10.0.0.1:80"]).expect("a client");
        assert_eq!(media.inner.admitted("http://10.0.0.1/a").err(), Some(Refused::NotPublic));
    }

    #[test]
    fn hosts_that_are_none_are_named_at_start() {
        for wrong in ["", "a b", "ftp://files.example.com", "https://"] {
            assert!(media("https://graph.example.com", &[wrong]).is_err(), "{wrong:?}");
        }
    }
}
