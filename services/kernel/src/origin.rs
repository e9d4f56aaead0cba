//! The origin a browser states: scheme, host and port in one canonical spelling.

use std::fmt;

use crate::Host;

/// `https://shop.example.com` or `http://localhost:3000`; compared whole, never by prefix or pattern.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    secure: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// Reads an `Origin` header or the origin part of a URL. `null`, other schemes, user names, addresses other
    /// than loopback, and hosts that strict IDNA refuses give `None`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 512 || text.bytes().any(|b| b.is_ascii_whitespace() || b == b'%' || b == b'\\') {
            return None;
        }
        let url = url::Url::parse(text).ok()?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let host = spelled(&url)?;
        Some(Self { secure, host, port: url.port_or_known_default()? })
    }

    /// The origin of a header that must be an origin and nothing more: no path, query or fragment.
    pub fn parse_header(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
        if rest.contains(['/', '?', '#', '@']) {
            return None;
        }
        Self::parse(text)
    }

    /// Whether it is https.
    pub const fn is_secure(&self) -> bool {
        self.secure
    }
    /// Host in canonical ASCII, or a loopback address.
    pub fn host(&self) -> &str {
        &self.host
    }
    /// Port, also when it is the scheme's own.
    pub const fn port(&self) -> u16 {
        self.port
    }
    /// Whether it names this machine: `localhost`, `127.0.0.1`, `[::1]`.
    pub fn is_loopback(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]")
    }
    /// Whether the port is the scheme's own.
    pub const fn has_default_port(&self) -> bool {
        self.port == if self.secure { 443 } else { 80 }
    }
}

fn spelled(url: &url::Url) -> Option<String> {
    match url.host()? {
        url::Host::Domain(name) => Host::canonical(name).ok().map(|host| host.as_str().to_owned()),
        url::Host::Ipv4(address) if address == std::net::Ipv4Addr::LOCALHOST => Some("127.0.0.1".to_owned()),
        url::Host::Ipv6(address) if address == std::net::Ipv6Addr::LOCALHOST => Some("[::1]".to_owned()),
        _ => None,
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        match self.has_default_port() {
            true => write!(f, "{scheme}://{}", self.host),
            false => write!(f, "{scheme}://{}:{}", self.host, self.port),
        }
    }
}
impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emb_07_one_origin_has_one_spelling() {
        let shop = Origin::parse_header("https://shop.test").expect("plain");
        for same in ["https://SHOP.test", "https://shop.test:443", "https://shop.test."] {
            assert_eq!(Origin::parse_header(same).as_ref(), Some(&shop), "{same}");
        }
        let unicode = Origin::parse_header("https://bücher.example").expect("unicode");
        assert_eq!(Origin::parse_header("https://xn--bcher-kva.example"), Some(unicode));
    }

    #[test]
    fn emb_02_to_05_look_alikes_differ_and_null_is_nothing() {
        let shop = Origin::parse_header("https://shop.test");
        for other in
            ["https://shop.test.evil.test", "https://evilshop.test", "https://shop.test:8443", "http://shop.test"]
        {
            assert_ne!(Origin::parse_header(other), shop, "{other}");
        }
        for nothing in [
            "null",
            "",
            "file://",
            "data:text/html,x",
            "https://",
            "https://a@shop.test",
            "https://shop.test/",
            "https://sh%6fp.test",
            "https://10.0.0.1",
        ] {
            assert_eq!(Origin::parse_header(nothing), None, "{nothing}");
        }
    }
}
