//! Sockets, bound before anything else so that a taken port is said first.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use socket2::SockRef;
use tokio::net::TcpSocket;

/// Connections that may wait to be accepted: many clients come back at once after a restart.
const BACKLOG: u32 = 4096;

/// How long sent bytes may go unacknowledged.
const UNHEARD: Duration = Duration::from_secs(20);

/// Binds `address`; a taken port is one clear line.
pub fn bind(address: &str) -> Result<(TcpListener, SocketAddr)> {
    let wanted: SocketAddr =
        address.parse().with_context(|| format!("{address:?} is not an address such as 127.0.0.1:8080"))?;
    let socket = if wanted.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    // accepted connections inherit it: a peer that acknowledges nothing is given up instead of held for minutes
    SockRef::from(&socket).set_tcp_user_timeout(Some(UNHEARD))?;
    match socket.bind(wanted).and_then(|()| socket.listen(BACKLOG)) {
        Ok(listener) => {
            let bound = listener.local_addr()?;
            Ok((listener.into_std()?, bound))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            bail!("port {} is taken by another program; stop it or choose another port", wanted.port())
        }
        Err(error) => bail!("cannot listen on {wanted}: {error}"),
    }
}
