//! What is kept of where a log-in comes from: a browser's name and half an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The other end of a log-in.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Address.
    pub ip: IpAddr,
    /// `User-Agent` as it was sent.
    pub agent: String,
}

impl Caller {
    /// Such as "Chrome on Linux".
    pub(crate) fn device(&self) -> String {
        device(&self.agent)
    }
    /// The network, not the house: /24 or /48.
    pub(crate) fn network(&self) -> String {
        network(self.ip)
    }
}

// the first that fits wins: browsers name their ancestors too
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

fn device(agent: &str) -> String {
    let first =
        |list: &[(&str, &'static str)]| list.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name);
    match (first(BROWSERS), first(SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => format!("{}/24", Ipv4Addr::from_bits(v4.to_bits() & 0xffff_ff00)),
        IpAddr::V6(v6) => format!("{}/48", Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 80))),
    }
}

/// What limits count by: the whole v4 address, the /64 of a v6 one.
pub(crate) fn network_for_limits(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ses_06_devices_are_named_without_versions() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0";
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile Safari/604.1";
        assert_eq!(device(chrome), "Chrome on Linux");
        assert_eq!(device(edge), "Edge on Windows");
        assert_eq!(device(iphone), "Safari on iPhone");
        assert_eq!(device("<script>alert(1)</script>"), "Unknown device");
    }

    #[test]
    fn ses_07_addresses_lose_their_end() {
        assert_eq!(network("203.0.113.77".parse().expect("v4")), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.77".parse().expect("mapped")), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2:3:4:5:6".parse().expect("v6")), "2001:db8:1::/48");
    }
}
