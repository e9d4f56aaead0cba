//! The keys of the `net` section, with their defaults.

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use kernel::Secret;
use serde::Deserialize;

use crate::graph::GraphConfig;

/// How to reach the outside world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetConfig {
    /// `system` (the machine's own resolver) or one to five `ip:port`, separated by commas. With three
    /// independent resolvers a first proof needs all of them and a re-check two.
    pub dns: String,
    /// Milliseconds one DNS try may take; a silent server is tried twice, by UDP and then by TCP.
    pub dns_timeout_ms: u64,
    /// Networks that are never dialled beside the built-in table: our own public addresses, the database.
    pub block: Vec<IpNet>,
    /// Networks that may be dialled in spite of everything: intranets, and loopback in tests.
    pub allow: Vec<IpNet>,
    /// Ports that may stand in a URL.
    pub ports: Vec<u16>,
    /// Where to connect for `https://` URLs without a port; 443 unless a gateway or a test stands in between.
    pub https_dial_port: u16,
    /// The same for `http://`, usually 80.
    pub http_dial_port: u16,
    /// PEM file of certificate authorities trusted beside the machine's own.
    pub extra_ca: Option<PathBuf>,
    /// Address of a page that explains our requests, named in the User-Agent.
    pub help_url: String,
    /// Milliseconds for connecting and the TLS handshake together.
    pub http_connect_ms: u64,
    /// Milliseconds for a whole fetch with all its redirects.
    pub http_total_ms: u64,
    /// `folder:///path` (one `.eml` file per letter), `smtp://user:password@host:port` (STARTTLS is
    /// required unless the host is this machine) or `smtps://…` (TLS from the first byte).
    pub mail: Secret<String>,
    /// Who letters come from: `Name <address>`.
    pub mail_from: String,
    /// Milliseconds one SMTP command may take.
    pub mail_timeout_ms: u64,
    /// Meta's Graph API; a section of its own in the configuration.
    #[serde(skip)]
    pub graph: GraphConfig,
}

impl Default for NetConfig {
    fn default() -> Self {
        Self {
            dns: "system".to_owned(),
            dns_timeout_ms: 3_000,
            block: Vec::new(),
            allow: Vec::new(),
            ports: vec![80, 443],
            https_dial_port: 443,
            http_dial_port: 80,
            extra_ca: None,
            help_url: String::new(),
            http_connect_ms: 6_000,
            http_total_ms: 8_000,
            mail: Secret::new("folder:///var/lib/porchlight/mail".to_owned()),
            mail_from: "Porchlight <porchlight@localhost.localdomain>".to_owned(),
            mail_timeout_ms: 10_000,
            graph: GraphConfig::default(),
        }
    }
}

impl NetConfig {
    pub(crate) fn dns_timeout(&self) -> Duration {
        Duration::from_millis(self.dns_timeout_ms)
    }
}

/// Why the outside world could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum Setup {
    /// The resolver list cannot be read.
    #[error("net.dns: {0:?} is neither `system` nor one to five `ip:port` separated by commas")]
    Dns(String),
    /// The file of certificate authorities cannot be read.
    #[error("net.extra_ca: {0}")]
    ExtraCa(String),
    /// TLS cannot be set up.
    #[error("net: TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The help address cannot stand in a header.
    #[error("net.help_url: {0:?} cannot stand in a header")]
    HelpUrl(String),
    /// The Graph API's address or version cannot be used.
    #[error("whatsapp.{0}")]
    Graph(String),
    /// The client for measurements cannot be made.
    #[error("observe: {0}")]
    Collector(String),
    /// The mail address cannot be read; the text never holds the password.
    #[error("net.mail: {0}")]
    Mail(String),
    /// The sender cannot be read.
    #[error("net.mail_from: {0}")]
    MailFrom(String),
}
