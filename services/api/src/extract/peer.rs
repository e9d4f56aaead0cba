//! Where a request comes from, as far as it can be believed.

use std::future::{Ready, ready};
use std::net::{IpAddr, Ipv6Addr};

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
    let chain = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let client = chain.rsplit(',').filter_map(|text| text.trim().parse::<IpAddr>().ok()).find(|ip| !ours(ip));
    Some(client.unwrap_or(peer).to_canonical())
}
