//! The outside world: guarded HTTP, DNS, mail, Meta's Graph API and the virus scanner. The only crate that names their clients.
//!
//! Promises:
//! - Nothing is dialled that [`Guard`] does not admit, and only addresses that were looked at.
//! - What the outside does to us is an outcome (a value), never an error: a name without a record,
//!   a page that is not there, a mailbox that does not exist. Errors exist at start only.
//! - Full evidence goes into the outcome for our own log; the closed reasons beside it are all that
//!   may be shown to the person who asked, so that we are nobody's port scanner.
//! - Everything has a time limit and a size limit.

mod collector;
mod config;
pub mod dns;
pub mod form;
pub mod graph;
mod guard;
pub mod http;
pub mod mail;
pub mod media;
pub mod probe;
pub mod scan;
mod told;
mod turnstile;

pub use collector::Collector;
pub use config::{NetConfig, Setup};
pub use dns::Dns;
pub use graph::{Graph, GraphConfig};
pub use guard::Guard;
pub use http::Http;
pub use mail::Mail;
pub use media::Media;
pub use scan::{ScanConfig, Scanned, Scanner};

/// Handle on the outside world; cheap to clone.
#[derive(Clone)]
pub struct Net {
    /// Names.
    pub dns: Dns,
    /// Pages that strangers run.
    pub http: Http,
    /// Letters.
    pub mail: Mail,
    /// Meta.
    pub graph: Graph,
    /// Files that wait at Meta.
    pub media: Media,
}

impl Net {
    /// Builds all of them from one configuration; says which key is wrong. Call it inside the runtime:
    /// the mail pool starts its housekeeping there.
    pub fn new(config: &NetConfig) -> Result<Self, Setup> {
        let dns = Dns::new(&config.dns, config.dns_timeout())?;
        let http = Http::new(config, dns.clone())?;
        let mail = Mail::new(config)?;
        let graph = Graph::new(config, dns.clone())?;
        let media = Media::new(config, dns.clone())?;
        Ok(Self { dns, http, mail, graph, media })
    }
}
