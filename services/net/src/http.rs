//! Fetching a page from a host that a stranger named: the guarded client of domain proofs.
//!
//! Every hop runs the whole gauntlet: the URL is plain, the name is resolved once by us, *all* of
//! its addresses are public, and only those are dialled. Redirects are followed by hand, at most
//! three, inside the same registrable domain and never from https to http. What went wrong is one
//! of [`Refused`]; the details are in [`Evidence`], for our own log only.

mod hop;
mod url_rules;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use kernel::TenantId;
use reqwest::StatusCode;
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;
use tokio::sync::Semaphore;
use url::Url;

use crate::told::{self, Ended};
use crate::turnstile::Turnstile;
use crate::{Dns, Guard, NetConfig, Setup};

/// Redirects followed.
const MAX_HOPS: usize = 3;
/// Bytes of body read; a proof is 32.
const MAX_BODY: usize = 1024;
/// Bytes of header lines taken.
const MAX_HEADERS: usize = 16 * 1024;

/// Why a page was not read. A closed set: nothing a stranger's server says gets through here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Not a URL we fetch: scheme, port, user name, fragment, literal address, length.
    BadUrl,
    /// The name does not exist or has no address.
    NoAddress,
    /// The name could not be looked up.
    DnsFailed,
    /// An address of the name is not public.
    NotPublic,
    /// Nobody answered on the port.
    Connect,
    /// The certificate or the handshake was not good.
    Tls,
    /// It took too long.
    Timeout,
    /// Too many fetches stand in line.
    Busy,
    /// What came is not HTTP we accept, or its header lines are too many.
    BadResponse,
    /// A redirect without a usable target, or of a kind we do not follow.
    BadRedirect,
    /// A redirect to another registrable domain.
    ForeignRedirect,
    /// A redirect from https to http.
    Downgrade,
    /// More than three redirects.
    TooManyRedirects,
    /// 404 or 410.
    Missing,
    /// 5xx or 429.
    ServerError,
    /// Any other status but 200.
    Status,
    /// A compressed body.
    Encoded,
    /// A content type other than plain text.
    NotPlain,
    /// A body over the limit.
    TooLarge,
}

impl Refused {
    /// Whether it says nothing about the page itself and may pass by waiting.
    pub const fn is_soft(self) -> bool {
        matches!(
            self,
            Self::DnsFailed
                | Self::Connect
                | Self::Tls
                | Self::Timeout
                | Self::Busy
                | Self::BadResponse
                | Self::ServerError
                | Self::Status
        )
    }

    /// The stable word, for logs and evidence.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BadUrl => "bad_url",
            Self::NoAddress => "no_address",
            Self::DnsFailed => "dns_failed",
            Self::NotPublic => "not_public",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Busy => "busy",
            Self::BadResponse => "bad_response",
            Self::BadRedirect => "bad_redirect",
            Self::ForeignRedirect => "foreign_redirect",
            Self::Downgrade => "downgrade",
            Self::TooManyRedirects => "too_many_redirects",
            Self::Missing => "missing",
            Self::ServerError => "server_error",
            Self::Status => "status",
            Self::Encoded => "encoded",
            Self::NotPlain => "not_plain",
            Self::TooLarge => "too_large",
        }
    }
}

/// What was seen on the way. For the server's log; never for the tenant.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// One entry per request made.
    pub hops: Vec<Hop>,
}

/// One request of a fetch.
#[derive(Clone, Debug)]
pub struct Hop {
    /// What was asked for.
    pub url: String,
    /// Every address the name had.
    pub addresses: Vec<IpAddr>,
    /// The address that answered.
    pub peer: Option<IpAddr>,
    /// What it answered.
    pub status: Option<u16>,
    /// SHA-256 of the certificate it showed, in hex.
    pub certificate: Option<String>,
    /// The client's own words about a failure.
    pub trouble: Option<String>,
}

/// A fetch and what is known about it.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The text, with white space cut from its end, or why there is none.
    pub outcome: Result<String, Refused>,
    /// What was seen.
    pub evidence: Evidence,
}

/// The guarded client; cheap to clone.
#[derive(Clone)]
pub struct Http {
    inner: Arc<Inner>,
}

struct Inner {
    dns: Dns,
    guard: Guard,
    /// None on a machine without certificate authorities: then no certificate is good.
    tls: Option<ClientConfig>,
    ports: Vec<u16>,
    https_dial_port: u16,
    http_dial_port: u16,
    agent: String,
    connect: Duration,
    total: Duration,
    everyone: Semaphore,
    per_tenant: Turnstile,
    per_host: Turnstile,
}

impl Http {
    pub(crate) fn new(config: &NetConfig, dns: Dns) -> Result<Self, Setup> {
        let agent = match config.help_url.as_str() {
            "" => "Porchlight-Verify/1".to_owned(),
            url => format!("Porchlight-Verify/1 (+{url})"),
        };
        if !agent.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Setup::HelpUrl(config.help_url.clone()));
        }
        let inner = Inner {
            dns,
            guard: Guard::new(config.block.clone(), config.allow.clone()),
            tls: tls(config)?,
            ports: config.ports.clone(),
            https_dial_port: config.https_dial_port,
            http_dial_port: config.http_dial_port,
            agent,
            connect: Duration::from_millis(config.http_connect_ms),
            total: Duration::from_millis(config.http_total_ms),
            everyone: Semaphore::new(20),
            per_tenant: Turnstile::new(2),
            per_host: Turnstile::new(1),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Reads a short plain text for a tenant. Stands in line behind the tenant's other fetches.
    pub async fn text(&self, tenant: TenantId, url: &Url) -> Fetched {
        let mut evidence = Evidence::default();
        let ended = |outcome: &Result<String, Refused>| match outcome {
            Ok(_) => Ended::well(),
            // what a stranger's page does is no fault of ours
            Err(refused) => Ended { outcome: refused.word(), status: None, is_fault: false },
        };
        let outcome = told::call("page", ended, self.inner.in_line(tenant, url, &mut evidence)).await;
        Fetched { outcome, evidence }
    }
}

impl Inner {
    async fn in_line(&self, tenant: TenantId, url: &Url, evidence: &mut Evidence) -> Result<String, Refused> {
        let seats = async {
            let mine = self.per_tenant.enter(&tenant.to_string()).await;
            (mine, self.everyone.acquire().await)
        };
        let _seats = tokio::time::timeout(self.total, seats).await.map_err(|_| Refused::Busy)?;
        tokio::time::timeout(self.total, self.walk(url, evidence)).await.unwrap_or(Err(Refused::Timeout))
    }

    async fn walk(&self, start: &Url, evidence: &mut Evidence) -> Result<String, Refused> {
        let home = url_rules::host(start)?;
        let mut url = start.clone();
        for _ in 0..=MAX_HOPS {
            let host = url_rules::check(&url, &self.ports)?;
            let _seat = self.per_host.enter(host.as_str()).await;
            let response = self.request(&url, &host, evidence).await?;
            match response.status() {
                StatusCode::OK => return self.read(response, evidence).await,
                status if status.is_redirection() => url = url_rules::next(&url, &home, &response)?,
                status => return Err(refusal(status)),
            }
        }
        Err(Refused::TooManyRedirects)
    }
}

fn refusal(status: StatusCode) -> Refused {
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Refused::Missing,
        StatusCode::TOO_MANY_REQUESTS => Refused::ServerError,
        status if status.is_server_error() => Refused::ServerError,
        _ => Refused::Status,
    }
}

pub(crate) fn tls(config: &NetConfig) -> Result<Option<ClientConfig>, Setup> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = match Verifier::new_with_extra_roots(extra_roots(config)?, Arc::clone(&provider)) {
        Ok(verifier) => verifier,
        Err(error) => {
            tracing::warn!(%error, "no certificate authority is known; files cannot prove domains");
            return Ok(None);
        }
    };
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    Ok(Some(builder.with_no_client_auth()))
}

fn extra_roots(config: &NetConfig) -> Result<Vec<CertificateDer<'static>>, Setup> {
    let Some(path) = &config.extra_ca else { return Ok(Vec::new()) };
    let wrong = |what: String| Setup::ExtraCa(format!("{}: {what}", path.display()));
    let roots: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?.collect();
    match roots {
        Ok(roots) if roots.is_empty() => Err(wrong("holds no certificate".to_owned())),
        Ok(roots) => Ok(roots),
        Err(error) => Err(wrong(error.to_string())),
    }
}
