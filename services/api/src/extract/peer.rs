//! Where a request comes from, as far as it can be believed.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, ORIGIN, USER_AGENT};
use actix_web::{FromRequest, HttpRequest};
use kernel::{Error, Origin};

use crate::problem::Problem;
use crate::{Api, State};

/// The other end of a request.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Address; of the client when one of our proxies says so, never on a stranger's word.
    pub ip: IpAddr,
    /// `Origin` header as it was sent.
    origin: Option<String>,
    /// `User-Agent`, cut to 300 characters; reduced before it is stored.
    pub agent: String,
    csrf: bool,
}

impl Peer {
    /// The key limits count by: the address, of IPv6 the /64.
    pub fn limit_key(&self) -> IpAddr {
        match self.ip {
            IpAddr::V4(_) => self.ip,
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        }
    }

    /// The stated origin, if it is one.
    pub fn origin(&self) -> Option<Origin> {
        self.origin.as_deref().and_then(Origin::parse_header)
    }

    /// As it was sent, for counting refusals.
    pub fn origin_text(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// Refuses requests that a page of another origin could have made with our cookie.
    pub fn require_own_page(&self, own: &Origin) -> Result<(), Error> {
        if !self.csrf {
            return Err(Error::forbidden("csrf_header_missing", "Send the header X-Porchlight-CSRF: 1."));
        }
        self.require_origin(own)
    }

    /// Refuses pages of another origin; whoever states none, such as a program, may pass: nothing of a browser's own
    /// accord is relied upon where this is asked.
    pub fn refuse_foreign(&self, own: &Origin) -> Result<(), Error> {
        match self.origin {
            Some(_) => self.require_origin(own),
            None => Ok(()),
        }
    }

    /// Refuses any origin but `own`; none at all is refused too.
    pub fn require_origin(&self, own: &Origin) -> Result<(), Error> {
        match self.origin() {
            Some(origin) if origin == *own => Ok(()),
            _ => Err(Error::forbidden("foreign_origin", "This is only answered to our own pages.")),
        }
    }
}

impl FromRequest for Peer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = |name: &HeaderName| request.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let api = request.app_data::<State>().map(|data| data.get_ref());
        let agent = text(&USER_AGENT).unwrap_or_default().chars().take(300).collect();
        let csrf = request.headers().get("x-porchlight-csrf").is_some_and(|v| v == "1");
        ready(match address(request, api) {
            Some(ip) => Ok(Self { ip, origin: text(&ORIGIN), agent, csrf }),
            None => Err(Problem(Error::invalid("no_address", "The request has no peer address."))),
        })
    }
}

/// The connection's address, or, from one of our proxies, the last address in `X-Forwarded-For` that is not ours.
fn address(request: &HttpRequest, api: Option<&Api>) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    let ours = |ip: &IpAddr| api.is_some_and(|api| api.proxies.iter().any(|net| net.contains(ip)));
    if !ours(&peer) {
        return Some(peer);
    }
    let lines = request.headers().get_all("x-forwarded-for").filter_map(|line| line.to_str().ok());
    Some(nearest(lines, ours).unwrap_or(peer))
}

/// The address nearest to us that is not ours. Some proxies add a line of their own after the one a stranger sent, so all
/// lines are one chain; what stands before a word that is no address was written by nobody we know.
fn nearest<'a>(lines: impl Iterator<Item = &'a str>, ours: impl Fn(&IpAddr) -> bool) -> Option<IpAddr> {
    let chain: Vec<_> = lines.flat_map(|line| line.split(',')).map(|text| spoken(text.trim())).collect();
    chain.into_iter().rev().map_while(|ip| ip).find(|ip| !ours(ip))
}

/// An address, with the port some proxies write behind it.
fn spoken(text: &str) -> Option<IpAddr> {
    let ip = text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    ip.map(|ip: IpAddr| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lines: &[&str]) -> Option<String> {
        let ours = |ip: &IpAddr| ip.to_string().starts_with("10.");
        nearest(lines.iter().copied(), ours).map(|ip| ip.to_string())
    }

    #[test]
    fn the_last_address_that_is_not_ours_counts_however_the_proxy_wrote_it() {
        assert_eq!(found(&["203.0.113.9"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(found(&["198.51.100.1, 203.0.113.9, 10.0.0.7"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(found(&["198.51.100.1", "203.0.113.9"]).as_deref(), Some("203.0.113.9"), "a line of its own");
        assert_eq!(found(&["198.51.100.1, 203.0.113.9:4711"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(found(&["::ffff:203.0.113.9"]).as_deref(), Some("203.0.113.9"));
        assert_eq!(found(&["[2001:db8::1]:443"]).as_deref(), Some("2001:db8::1"));
    }

    #[test]
    fn rl_05_what_stands_before_nonsense_is_not_believed() {
        assert_eq!(found(&["198.51.100.1, unknown"]), None);
        assert_eq!(found(&["198.51.100.1, unknown, 10.0.0.7"]), None);
        assert_eq!(found(&[""]), None);
        assert_eq!(found(&[]), None);
    }
}
