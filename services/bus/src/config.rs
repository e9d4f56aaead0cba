//! Where the bus goes.

use std::path::PathBuf;

use kernel::{Error, Result, Secret};
use serde::Deserialize;

/// Where the bus goes. See `deploy/config.default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BusConfig {
    /// `local`, `nats://user:password@host:port,host2:port` or the same with `tls://`.
    pub url: Secret<String>,
    /// A file whose first line is `user:password`; it wins over the URL's.
    pub credentials: Option<PathBuf>,
    /// A PEM file of authorities trusted beside the machine's own.
    pub tls_ca: Option<PathBuf>,
    /// What seals moments and notes: filled in from `auth.secret`, no key of its own.
    #[serde(skip, default = "nothing")]
    pub secret: Secret<String>,
}

fn nothing() -> Secret<String> {
    Secret::new(String::new())
}

/// Brokers and how to get in.
pub(crate) struct Brokers {
    /// Each as `nats://host:port`.
    pub servers: Vec<String>,
    /// Whether plain text is refused.
    pub is_tls: bool,
    /// User and password.
    pub login: Option<(String, String)>,
}

impl BusConfig {
    /// Whether everything stays in this process.
    pub fn is_local(&self) -> bool {
        matches!(self.url.reveal().as_str(), "" | "local")
    }

    pub(crate) fn brokers(&self) -> Result<Brokers> {
        let url = self.url.reveal();
        let (scheme, rest) = url.split_once("://").ok_or_else(malformed)?;
        if !matches!(scheme, "nats" | "tls") {
            return Err(malformed());
        }
        // a password may hold an @, a host may not
        let (login, hosts) = rest.rsplit_once('@').map_or((None, rest), |(login, hosts)| (Some(login), hosts));
        let hosts: Vec<_> = hosts.trim_end_matches('/').split(',').map(str::trim).collect();
        if hosts.iter().any(|host| host.is_empty() || host.contains('/')) {
            return Err(malformed());
        }
        let servers = hosts.iter().map(|host| format!("{scheme}://{host}")).collect();
        let login = match &self.credentials {
            Some(file) => Some(read(file)?),
            None => login.map(pair).transpose()?,
        };
        Ok(Brokers { servers, is_tls: scheme == "tls" || self.tls_ca.is_some(), login })
    }
}

fn pair(login: &str) -> Result<(String, String)> {
    let (user, password) = login.split_once(':').ok_or_else(malformed)?;
    Ok((user.to_owned(), password.to_owned()))
}

fn read(file: &std::path::Path) -> Result<(String, String)> {
    let unreadable = |cause: std::io::Error| {
        let detail = format!("bus.credentials: the file {} cannot be read ({cause}).", file.display());
        Error::invalid("bus_credentials", detail)
    };
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    let empty = || Error::invalid("bus_credentials", "bus.credentials: the file's first line must be user:password.");
    let line = text.lines().next().unwrap_or_default().trim();
    line.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned())).ok_or_else(empty)
}

fn malformed() -> Error {
    Error::invalid(
        "bus_url",
        "bus.url must be local, or like nats://user:password@host:4222,host2:4222 (tls:// for TLS).",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str) -> BusConfig {
        BusConfig { url: Secret::new(url.to_owned()), credentials: None, tls_ca: None, secret: nothing() }
    }

    #[test]
    fn several_brokers_share_one_login() {
        let brokers = at("nats://api:p@ss:word@one:4222,two:4223").brokers().expect("a good URL");
        assert_eq!(brokers.servers, ["nats://one:4222", "nats://two:4223"]);
        assert_eq!(brokers.login, Some(("api".to_owned(), "p@ss:word".to_owned())));
        assert!(!brokers.is_tls);
        assert!(at("tls://one:4222").brokers().expect("a good URL").is_tls);
    }

    #[test]
    fn what_is_no_address_is_refused_without_its_password() {
        for url in ["redis://one", "nats://", "nats://user@one", "nats://one,,two", "one:4222", "nats://one/path"] {
            let error = at(url).brokers().err().unwrap_or_else(|| panic!("{url} was taken"));
            assert_eq!(error.code(), "bus_url", "{url}");
        }
        assert!(!format!("{:?}", at("nats://api:canary@one")).contains("canary"));
    }

    #[test]
    fn a_file_of_credentials_wins() {
        let file = std::env::temp_dir().join(format!("porchlight-bus-login-{}", std::process::id()));
        std::fs::write(&file, "worker:from the file\nanything else").expect("a file");
        let config = BusConfig { credentials: Some(file.clone()), ..at("nats://api:old@one") };
        let login = config.brokers().expect("a good file").login;
        std::fs::remove_file(&file).expect("removed");
        assert_eq!(login, Some(("worker".to_owned(), "from the file".to_owned())));
        assert_eq!(config.brokers().err().map(|error| error.code()), Some("bus_credentials"));
    }
}
