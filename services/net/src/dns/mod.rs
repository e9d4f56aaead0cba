//! Questions to DNS, asked afresh each time: no cache stands between us and the owner's last change.
//!
//! A [`Dns`] holds one *voice* per configured resolver. TXT questions are put to every voice and the
//! answers are kept apart, so that agreement is judged on what each of them said ([`Lookup::weigh`]).
//! The AD bit is ignored: none of our paths to a resolver is trusted enough to believe it.

mod answer;
mod voice;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;

pub use answer::{Agreement, Fault, Lookup, Quorum, Said};
use voice::Voice;

use crate::Setup;
use crate::told::{self, Ended};

/// The configured resolvers.
#[derive(Clone)]
pub struct Dns {
    voices: Arc<[Voice]>,
}

impl Dns {
    /// `system` or `ip:port,ip:port,…`; see [`crate::NetConfig::dns`].
    pub(crate) fn new(source: &str, timeout: Duration) -> Result<Self, Setup> {
        let voices = match source.trim() {
            "system" => vec![Voice::system(timeout)],
            list => servers(list)?.into_iter().map(|server| Voice::server(server, timeout)).collect(),
        };
        Ok(Self { voices: voices.into() })
    }

    /// What every resolver says about the TXT records at `name`.
    pub async fn txt(&self, name: &str) -> Lookup {
        let ask = join_all(self.voices.iter().map(|voice| voice.txt(name)));
        let ended = |said: &Vec<Said>| match said
            .iter()
            .all(|said| said.outcome.as_ref().is_err_and(|fault| fault.is_soft()))
        {
            true => Ended::badly("silent"),
            false => Ended::well(),
        };
        Lookup { name: name.to_owned(), voices: told::call("dns", ended, ask).await }
    }

    /// All IPv4 and IPv6 addresses of `host`, from the first resolver that answers at all.
    pub async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Fault> {
        let ended = |found: &Result<Vec<IpAddr>, Fault>| match found {
            Err(fault) if fault.is_soft() => Ended::badly("silent"),
            _ => Ended::well(),
        };
        told::call("dns", ended, self.look_up(host)).await
    }

    async fn look_up(&self, host: &str) -> Result<Vec<IpAddr>, Fault> {
        let mut last = Fault::Unreachable;
        for voice in self.voices.iter() {
            match voice.addresses(host).await {
                Err(fault) if fault.is_soft() => last = fault,
                answer => return answer,
            }
        }
        Err(last)
    }
}

fn servers(list: &str) -> Result<Vec<SocketAddr>, Setup> {
    let read = |part: &str| {
        let part = part.trim();
        part.parse::<SocketAddr>().or_else(|_| part.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53)))
    };
    let servers: Result<Vec<_>, _> = list.split(',').map(read).collect();
    match servers {
        Ok(servers) if (1..=5).contains(&servers.len()) => Ok(servers),
        _ => Err(Setup::Dns(list.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolver_lists_are_read_and_nonsense_is_named() {
        assert_eq!(servers("1.1.1.1, [::1]:5353,9.9.9.9:53").map(|s| s.len()).ok(), Some(3));
        for bad in ["", "resolver.example", "1.1.1.1,,", "1,2", "1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1,1.1.1.1"] {
            assert!(servers(bad).is_err(), "{bad:?} was taken");
        }
    }
}
