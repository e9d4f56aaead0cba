//! Configuration: compiled-in defaults ← a file ← the environment. The only place that reads the environment.

use std::path::Path;

use anyhow::{Context, Result, bail};
use blobs::BlobsConfig;
use bus::BusConfig;
use chat::Secrets;
use chat::files::Ceilings;
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use figment::value::Dict;
use ipnet::IpNet;
use kernel::{Origin, Secret};
use net::scan::ScanConfig;
use net::{GraphConfig, NetConfig};
use serde::Deserialize;
use store::StoreConfig;

use crate::observe::ObserveConfig;
use crate::roles::{Role, Roles};
use crate::{secret_files, shape};

/// Every key with its default and a comment.
pub const DEFAULTS: &str = include_str!("../../../deploy/config.default.toml");

/// The whole configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Public listener.
    pub public: Listener,
    /// Operators' listener.
    pub operator: Listener,
    /// What this process does.
    pub serve: Serve,
    /// Threads, proxies, leaving.
    pub http: Http,
    /// Database.
    pub store: StoreConfig,
    /// How processes hear of each other.
    pub bus: BusConfig,
    /// Where files' bytes are.
    pub blobs: BlobsConfig,
    /// Files.
    pub files: Files,
    /// Secrets.
    pub auth: Auth,
    /// Letters.
    pub mail: Mail,
    /// The outside world.
    pub net: NetConfig,
    /// WhatsApp's Graph API.
    pub whatsapp: GraphConfig,
    /// Sockets.
    pub live: Live,
    /// Limits.
    pub limits: Limits,
    /// Jobs.
    pub worker: Worker,
    /// Backups.
    pub backup: Backup,
    /// Logs.
    pub log: Log,
    /// Traces.
    pub observe: ObserveConfig,
}

/// One listener.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// `ip:port`; port 0 takes any free one.
    pub listen: String,
    /// Origin browsers see; empty for the address listened on.
    pub url: String,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    pub workers: usize,
    pub proxies: Vec<IpNet>,
    pub unready_seconds: u64,
    pub drain_seconds: u64,
    pub stop_seconds: u64,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    pub roles: Vec<Role>,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub url: String,
    pub scan: String,
    pub scan_timeout_ms: u64,
    pub scan_signature_hours: u64,
    pub inspector: String,
    pub max_bytes: i64,
    pub most: i32,
    pub tenant_quota_bytes: i64,
    pub uploads_at_once: usize,
    pub checks_at_once: usize,
    pub visitor_uploads_per_hour: i64,
    pub visitor_bytes_per_day: i64,
    pub wait_ms: u64,
}

impl Files {
    /// Which virus scanner.
    pub fn scanner(&self) -> ScanConfig {
        let Self { scan, scan_timeout_ms, scan_signature_hours, .. } = self.clone();
        ScanConfig { scan, scan_timeout_ms, scan_signature_hours }
    }

    /// How much is too much.
    pub fn ceilings(&self) -> Ceilings {
        Ceilings {
            max_bytes: self.max_bytes,
            most: self.most,
            tenant_quota_bytes: self.tenant_quota_bytes,
            uploads_at_once: self.uploads_at_once,
            checks_at_once: self.checks_at_once,
            visitor_uploads_per_hour: self.visitor_uploads_per_hour,
            visitor_bytes_per_day: self.visitor_bytes_per_day,
            wait_ms: self.wait_ms,
        }
    }

    /// A host of their own, if they have one.
    pub fn origin(&self) -> Result<Option<Origin>> {
        match self.url.as_str() {
            "" => Ok(None),
            url => checked(url).map(Some),
        }
    }
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    pub secret: Secret<String>,
    #[serde(default)]
    pub old_secrets: Vec<Secret<String>>,
    pub vault: Vec<Secret<String>>,
}

impl Auth {
    /// As the product takes them.
    pub fn secrets(&self) -> Secrets {
        Secrets { sign: self.secret.clone(), vault: self.vault.clone(), old_sign: Vec::new() }
    }
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub url: Secret<String>,
    pub from: String,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Live {
    pub ping_ms: u64,
    pub silence_ms: u64,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub factor: u32,
    pub reads_at_once: usize,
    pub sockets_per_second: u32,
    pub sockets_burst: u32,
    pub sockets_per_tenant: usize,
    pub sockets_per_person: usize,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worker {
    pub enabled: bool,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub format: String,
    pub level: String,
}

/// See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backup {
    pub keep: usize,
    pub pg_dump: String,
    pub pg_restore: String,
}

impl Config {
    /// Defaults ← `file` ← environment ← `overrides` (`section.key`, TOML value or plain text). Unknown keys are refused.
    pub fn load(file: Option<&Path>, overrides: &[(&str, &str)]) -> Result<Self> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            if !file.is_file() {
                bail!("the configuration file {} cannot be read", file.display());
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment.merge(Env::prefixed("PORCHLIGHT__").split("__"));
        for (key, value) in overrides {
            let value: figment::value::Value = value.parse().unwrap_or_else(|_| figment::value::Value::from(*value));
            figment = figment.merge((*key, value));
        }
        let figment = with_secrets(figment)?;
        let mut config: Self = figment.extract().context("configuration")?;
        config.net.mail = config.mail.url.clone();
        config.net.mail_from = config.mail.from.clone();
        config.net.graph = config.whatsapp.clone();
        config.bus.secret = config.auth.secret.clone();
        Ok(config)
    }

    /// The same with these roles, if there are any.
    #[must_use]
    pub fn with_roles(mut self, roles: Vec<Role>) -> Self {
        if !roles.is_empty() {
            self.serve.roles = roles;
        }
        self
    }

    /// What this process does.
    pub fn roles(&self) -> Roles {
        Roles::of(&self.serve.roles)
    }

    /// Refuses what would lose data or could not work; says why in one line.
    pub fn check(&self) -> Result<()> {
        shape::check(self)
    }
}

/// The same with secrets out of their files.
fn with_secrets(figment: Figment) -> Result<Figment> {
    let mut all: Dict = figment.extract().context("configuration")?;
    let before = all.clone();
    let defaults: Dict = Figment::from(Toml::string(DEFAULTS)).extract().context("configuration")?;
    secret_files::read(&mut all, &defaults)?;
    // without files, errors still say in which file or variable a wrong value stands
    Ok(if all == before { figment } else { Figment::from(figment::providers::Serialized::defaults(all)) })
}

impl Listener {
    /// The configured origin, or the one of the address it would listen on: for who does not.
    pub fn origin_unbound(&self) -> Result<Origin> {
        let address = self.listen.parse();
        self.origin(address.with_context(|| format!("{:?} is not an address such as 127.0.0.1:8080", self.listen))?)
    }

    /// The configured origin, or the one of the bound address.
    pub fn origin(&self, bound: std::net::SocketAddr) -> Result<Origin> {
        let text = if self.url.is_empty() { format!("http://{bound}") } else { self.url.clone() };
        checked(&text)
    }
}

/// An origin browsers may be sent to.
fn checked(text: &str) -> Result<Origin> {
    let origin =
        Origin::parse(text).with_context(|| format!("{text:?} is not an origin such as https://chat.example.com"))?;
    if !origin.is_secure() && !origin.is_loopback() {
        bail!("{text} must start with https://: only this machine itself may be served over http");
    }
    Ok(origin)
}
