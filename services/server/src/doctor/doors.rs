//! The way in: origins, proxies, and whether a socket opens through the public address.

use std::net::SocketAddr;
use std::time::Duration;

use kernel::Origin;
use net::probe;

use super::Line;
use crate::Config;

pub async fn look(config: &Config) -> Vec<Line> {
    let mut lines = vec![origin(config), proxies(config)];
    if runs(&config.public.listen).await {
        lines.extend(through(config).await);
    } else {
        let says = format!("Nobody listens on {} here, so the way in was not tried.", config.public.listen);
        lines.push(Line::warn(
            "public_url",
            says,
            "Ask again while the server runs, if it should run on this machine.",
        ));
    }
    lines
}

fn public(config: &Config) -> Option<Origin> {
    config.public.origin_unbound().ok()
}

fn origin(config: &Config) -> Line {
    let todo = "Set public.url to the https address browsers see.";
    match config.public.origin_unbound() {
        Err(error) => Line::fail("origin", format!("public.url is not accepted: {error:#}."), todo),
        Ok(origin) if origin.is_secure() => Line::ok("origin", format!("Browsers reach this as {origin}.")),
        Ok(origin) => Line::warn("origin", format!("Browsers reach this as {origin}, from this machine only."), todo),
    }
}

/// TLS ends at a proxy, so an https origin has one.
fn proxies(config: &Config) -> Line {
    let is_behind = public(config).is_some_and(|origin| origin.is_secure());
    match (is_behind, config.http.proxies.len()) {
        (true, 0) => Line::warn(
            "proxies",
            "TLS ends at a proxy, but http.proxies is empty: all visitors look like one address and share its limits.",
            "Name the proxy's network in http.proxies, and have it set X-Forwarded-For.",
        ),
        (_, 0) => Line::ok("proxies", "No proxy's word on addresses is believed."),
        (_, number) => Line::ok("proxies", format!("X-Forwarded-For is believed from {number} network(s).")),
    }
}

async fn runs(listen: &str) -> bool {
    let Ok(address) = listen.parse::<SocketAddr>() else { return false };
    let connect = tokio::net::TcpStream::connect(address);
    matches!(tokio::time::timeout(Duration::from_secs(1), connect).await, Ok(Ok(_)))
}

async fn through(config: &Config) -> Vec<Line> {
    let Some(origin) = public(config) else { return Vec::new() };
    let todo = "Look at the proxy, its certificate, and the name in DNS.";
    let page = match probe::page(&config.net, &format!("{origin}/healthz")).await {
        Ok(200) => Line::ok("public_url", format!("{origin} leads here.")),
        Ok(421) => Line::fail(
            "public_url",
            format!("{origin} leads here under another name (421)."),
            "Have the proxy hand on the header Host.",
        ),
        Ok(status) => Line::fail("public_url", format!("{origin}/healthz answers with {status}."), todo),
        Err(why) => Line::fail("public_url", format!("{origin} cannot be reached: {why}."), todo),
    };
    let todo = "Have the proxy hand on Upgrade and Connection over HTTP/1.1, and keep silent connections for a minute or more.";
    let socket =
        match probe::socket(&config.net, &format!("{origin}/v1/live"), &origin.to_string(), "porchlight.v1").await {
            Ok(101) => Line::ok("sockets", "A WebSocket opens through the public address."),
            Ok(status) => Line::fail("sockets", format!("No WebSocket opens through {origin}: {status}."), todo),
            Err(why) => Line::fail("sockets", format!("No WebSocket opens through {origin}: {why}."), todo),
        };
    vec![page, socket]
}
