//! One resolver: asks by UDP, again by TCP, and follows aliases itself so that they can be counted.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverOpts};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::xfer::FirstAnswer;
use hickory_resolver::net::{DnsError, DnsHandle, NetError};
use hickory_resolver::proto::op::{DnsRequestOptions, DnsResponse, Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{NameServerPool, PoolContext, TlsConfig, system_conf};

use super::answer::{Fault, Said};

/// Aliases in a row we follow.
const MAX_LINKS: usize = 5;
/// TXT records at one name we read.
const MAX_RECORDS: usize = 50;
/// Bytes of TXT at one name we read.
const MAX_BYTES: usize = 4 * 1024;

type Pool = NameServerPool<TokioRuntimeProvider>;

pub(super) struct Voice {
    label: String,
    /// UDP first; a truncated answer is asked for again by TCP.
    quick: Pool,
    /// TCP alone, for the second try.
    stubborn: Pool,
    timeout: Duration,
}

impl Voice {
    /// The machine's own resolver; without one configured, the one libc would use.
    pub(super) fn system(timeout: Duration) -> Self {
        let configured = system_conf::read_system_conf().map(|(config, _)| config.into_parts().2);
        let servers = match configured {
            Ok(servers) if !servers.is_empty() => servers.iter().map(|server| SocketAddr::new(server.ip, 53)).collect(),
            _ => {
                tracing::warn!("no resolver is configured on this machine; asking 127.0.0.1");
                vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 53))]
            }
        };
        Self::new("system".to_owned(), &servers, timeout)
    }

    pub(super) fn server(server: SocketAddr, timeout: Duration) -> Self {
        Self::new(server.to_string(), &[server], timeout)
    }

    fn new(label: String, servers: &[SocketAddr], timeout: Duration) -> Self {
        let quick = pool(servers, &[ConnectionConfig::udp(), ConnectionConfig::tcp()], timeout);
        let stubborn = pool(servers, &[ConnectionConfig::tcp()], timeout);
        Self { label, quick, stubborn, timeout }
    }

    pub(super) async fn txt(&self, name: &str) -> Said {
        let mut chain = Vec::new();
        let outcome = match absolute(name) {
            Some(name) => self.limited(name, RecordType::TXT, &mut chain).await.and_then(|records| texts(&records)),
            None => Err(Fault::BadName),
        };
        Said { resolver: self.label.clone(), outcome, chain: chain.iter().map(Name::to_ascii).collect() }
    }

    /// Both families. An empty family is no fault; a family that could not be asked is, because the
    /// address that would have been refused may be hiding in it.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Fault> {
        let name = absolute(host).ok_or(Fault::BadName)?;
        let (mut chain4, mut chain6) = (Vec::new(), Vec::new());
        let (v4, v6) = tokio::join!(
            self.limited(name.clone(), RecordType::A, &mut chain4),
            self.limited(name.clone(), RecordType::AAAA, &mut chain6)
        );
        let v4 = or_empty(v4)?;
        let v6 = or_empty(v6)?;
        let found: Vec<IpAddr> = v4.iter().chain(&v6).filter_map(RData::ip_addr).collect();
        if found.is_empty() { Err(Fault::NoData) } else { Ok(found) }
    }

    /// A whole chain of aliases may take as long as two questions that both need their second try.
    async fn limited(&self, name: Name, kind: RecordType, chain: &mut Vec<Name>) -> Result<Vec<RData>, Fault> {
        let limit = self.timeout * 4;
        tokio::time::timeout(limit, self.follow(name, kind, chain)).await.unwrap_or(Err(Fault::Timeout))
    }

    async fn follow(&self, name: Name, kind: RecordType, chain: &mut Vec<Name>) -> Result<Vec<RData>, Fault> {
        let mut at = name.clone();
        loop {
            let answer = self.ask(&at, kind).await?;
            let asked = at.clone();
            // only records of the very name we stand at count: anything else in the answer is out of bailiwick
            loop {
                let here = records_at(&answer, &at, kind);
                if !here.is_empty() {
                    return Ok(here);
                }
                let Some(target) = alias_at(&answer, &at) else { break };
                if target == name || chain.contains(&target) {
                    return Err(Fault::CnameLoop);
                }
                chain.push(target.clone());
                if chain.len() > MAX_LINKS {
                    return Err(Fault::CnameTooLong);
                }
                at = target;
            }
            match answer.response_code {
                ResponseCode::NXDomain => return Err(Fault::NxDomain),
                _ if at == asked => return Err(Fault::NoData),
                _ => {}
            }
        }
    }

    async fn ask(&self, name: &Name, kind: RecordType) -> Result<DnsResponse, Fault> {
        match once(&self.quick, name, kind, self.timeout).await {
            Err(Fault::Timeout | Fault::Unreachable | Fault::Malformed) => {
                once(&self.stubborn, name, kind, self.timeout).await
            }
            answer => answer,
        }
    }
}

fn pool(servers: &[SocketAddr], ways: &[ConnectionConfig], timeout: Duration) -> Pool {
    let mut options = ResolverOpts::default();
    options.timeout = timeout;
    options.attempts = 1;
    options.cache_size = 0;
    // letters in random case make a blind forger guess more than the id and the port
    options.case_randomization = true;
    let server = |server: &SocketAddr| {
        let ways = ways.iter().cloned().map(|mut way| {
            way.port = server.port();
            way
        });
        NameServerConfig::new(server.ip(), true, ways.collect())
    };
    let configs: Vec<_> = servers.iter().map(server).collect();
    let tls = TlsConfig::new().expect("no TLS feature of the resolver is on, so there is nothing to load");
    Pool::from_config(configs, Arc::new(PoolContext::new(options, tls)), TokioRuntimeProvider::default())
}

async fn once(pool: &Pool, name: &Name, kind: RecordType, timeout: Duration) -> Result<DnsResponse, Fault> {
    let query = Query::query(name.clone(), kind);
    let answer = pool.lookup(query, DnsRequestOptions::default()).first_answer();
    match tokio::time::timeout(timeout, answer).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(fault(&error)),
        Err(_) => Err(Fault::Timeout),
    }
}

fn fault(error: &NetError) -> Fault {
    match error {
        NetError::Dns(DnsError::NoRecordsFound(none)) if none.response_code == ResponseCode::NXDomain => {
            Fault::NxDomain
        }
        NetError::Dns(DnsError::NoRecordsFound(_)) => Fault::NoData,
        NetError::Dns(DnsError::ResponseCode(ResponseCode::Refused)) => Fault::Refused,
        NetError::Dns(_) => Fault::ServFail,
        NetError::Timeout => Fault::Timeout,
        NetError::Io(_) | NetError::NoConnections | NetError::Busy => Fault::Unreachable,
        _ => Fault::Malformed,
    }
}

fn absolute(name: &str) -> Option<Name> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    Some(name)
}

fn records_at(answer: &DnsResponse, at: &Name, kind: RecordType) -> Vec<RData> {
    let mine = answer.answers.iter().filter(|record| record.name == *at && record.record_type() == kind);
    mine.map(|record| record.data.clone()).collect()
}

fn alias_at(answer: &DnsResponse, at: &Name) -> Option<Name> {
    answer.answers.iter().filter(|record| record.name == *at).find_map(|record| match &record.data {
        RData::CNAME(target) => Some(target.0.clone()),
        _ => None,
    })
}

fn or_empty(answer: Result<Vec<RData>, Fault>) -> Result<Vec<RData>, Fault> {
    match answer {
        Err(Fault::NoData) => Ok(Vec::new()),
        other => other,
    }
}

fn texts(records: &[RData]) -> Result<Vec<String>, Fault> {
    let joined: Vec<Vec<u8>> = records
        .iter()
        .filter_map(|record| match record {
            RData::TXT(txt) => Some(txt.txt_data.concat()),
            _ => None,
        })
        .collect();
    match joined.iter().map(Vec::len).sum::<usize>() {
        _ if joined.len() > MAX_RECORDS => Err(Fault::TooMany),
        bytes if bytes > MAX_BYTES => Err(Fault::TooLarge),
        _ => Ok(joined.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()),
    }
}
