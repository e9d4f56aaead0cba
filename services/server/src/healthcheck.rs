//! `porchlight healthcheck`: asks the process beside this one whether it is there, where there is no shell and no curl.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Config;

/// Longer than `/readyz` takes to find out that it cannot say yes.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks the operators' listener; `ready` asks whether a message could be acknowledged, too. An error unless it says 200.
pub async fn run(config: &Config, ready: bool) -> Result<()> {
    let path = if ready { "/readyz" } else { "/healthz" };
    let address = near(&config.operator.listen)?;
    let first = tokio::time::timeout(PATIENCE, ask(address, path)).await;
    let first = first.with_context(|| format!("{address} does not answer"))?.context(address.to_string())?;
    match first.split(' ').nth(1) {
        Some("200") => Ok(()),
        _ => bail!("{address}{path} says: {first}"),
    }
}

/// Where it is reached from here: whoever listens everywhere listens on loopback.
fn near(listen: &str) -> Result<SocketAddr> {
    let address: SocketAddr =
        listen.parse().with_context(|| format!("{listen:?} is not an address such as 127.0.0.1:8081"))?;
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    Ok(SocketAddr::new(ip, address.port()))
}

/// The first line of the answer.
async fn ask(address: SocketAddr, path: &str) -> Result<String> {
    let mut there = TcpStream::connect(address).await?;
    there.write_all(format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = Vec::new();
    there.take(4096).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_asked_on_loopback() {
        let near = |listen| near(listen).map(|address| address.to_string()).ok();
        assert_eq!(near("0.0.0.0:8081").as_deref(), Some("127.0.0.1:8081"));
        assert_eq!(near("[::]:8081").as_deref(), Some("[::1]:8081"));
        assert_eq!(near("10.1.2.3:8081").as_deref(), Some("10.1.2.3:8081"));
        assert_eq!(near("operator:8081"), None);
    }

    #[tokio::test]
    async fn only_a_200_is_a_yes() {
        for (line, is_well) in [("HTTP/1.1 200 OK", true), ("HTTP/1.1 503 Service Unavailable", false), ("", false)] {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let config =
                Config::load(None, &[("operator.listen", &listener.local_addr().expect("an address").to_string())]);
            let answer = async {
                let (mut asked, _) = listener.accept().await.expect("somebody");
                let mut request = [0; 512];
                let read = asked.read(&mut request).await.expect("a request");
                assert!(request[..read].starts_with(b"GET /readyz HTTP/1.1\r\n"));
                asked.write_all(format!("{line}\r\n\r\n").as_bytes()).await.expect("sent");
            };
            let config = config.expect("settings");
            let (said, ()) = tokio::join!(run(&config, true), answer);
            assert_eq!(said.is_ok(), is_well, "{line}: {said:?}");
        }
    }
}
