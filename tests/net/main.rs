//! The guard, the resolver and the fetcher against real servers on loopback. Names carry the ids of
//! the list in `docs/SECURITY.md`.

mod names;
mod pages;

use std::net::IpAddr;

use harness::fakes::{Authority, Site, Zone};
use net::{Net, NetConfig};

/// A world of one name server and one site, and a `Net` that may dial loopback.
struct World {
    zone: Zone,
    site: Site,
    authority: Authority,
    config: NetConfig,
}

const HOST: &str = "shop.acme.com";

impl World {
    async fn new() -> Self {
        let zone = Zone::start().await;
        let authority = Authority::new();
        let site = Site::start(&authority, &[HOST, "www.acme.com"]).await;
        let config = NetConfig {
            dns: zone.address(),
            dns_timeout_ms: 400,
            allow: vec!["127.0.0.1/32".parse().expect("a network")],
            https_dial_port: site.port(),
            extra_ca: Some(authority.file()),
            http_total_ms: 1_500,
            help_url: "https://help.example.com/verify".to_owned(),
            ..NetConfig::default()
        };
        zone.address_of(HOST, loopback());
        Self { zone, site, authority, config }
    }

    fn net(&self) -> Net {
        Net::new(&self.config).expect("a configuration that can be built")
    }
}

fn loopback() -> IpAddr {
    IpAddr::from([127, 0, 0, 1])
}
