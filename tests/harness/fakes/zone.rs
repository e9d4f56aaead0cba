//! A name server whose records a test writes and rewrites while it runs.
//!
//! The wire is hickory-server's; what it says is ours, so that it can also lie, stay silent, fail and
//! change its mind from one question to the next. Clones share the records.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hickory_proto::op::{Header, HeaderCounts, Metadata, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME, NULL, TXT};
use hickory_proto::rr::{Name, RData, Record, RecordType};
use hickory_server::Server;
use hickory_server::net::runtime::Time;
use hickory_server::net::xfer::Protocol;
use hickory_server::server::{Request, RequestHandler, ResponseHandler, ResponseInfo};
use hickory_server::zone_handler::MessageResponseBuilder;
use tokio::net::{TcpListener, UdpSocket};

/// The type of a record that renames a whole tree; the library has no name for it.
const DNAME: u16 = 39;

/// How a name misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers with this code and nothing else.
    Code(ResponseCode),
    /// Does not answer.
    Silent,
    /// Says over UDP that the answer does not fit.
    Truncated,
    /// Sets the AD bit on its answers.
    ClaimsAuthentic,
}

#[derive(Default)]
struct Script {
    records: BTreeMap<String, Vec<RData>>,
    /// Answers used up one by one before `records` is looked at.
    once: BTreeMap<String, VecDeque<Vec<RData>>>,
    behaviours: BTreeMap<String, Behaviour>,
    /// Records of other names pushed into every answer.
    stray: Vec<Record>,
    asked: Vec<(String, RecordType)>,
}

/// A running name server.
#[derive(Clone)]
pub struct Zone {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    _server: Arc<Running>,
}

struct Running(tokio::task::JoinHandle<()>);
impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Zone {
    /// Listens on UDP and TCP, on the same port of loopback.
    pub async fn start() -> Self {
        let (udp, tcp) = same_port().await;
        Self::serve(udp, Some(tcp))
    }

    /// Listens on UDP; its TCP port refuses.
    pub async fn start_udp_only() -> Self {
        let (udp, tcp) = same_port().await;
        drop(tcp);
        Self::serve(udp, None)
    }

    fn serve(udp: UdpSocket, tcp: Option<TcpListener>) -> Self {
        let address = udp.local_addr().expect("a bound socket has an address");
        let script = Arc::new(Mutex::new(Script::default()));
        let mut server = Server::new(Handler(Arc::clone(&script)));
        server.register_socket(udp);
        if let Some(tcp) = tcp {
            server.register_listener(tcp, Duration::from_secs(5), 64 * 1024);
        }
        let task = tokio::spawn(async move {
            let _ = server.block_until_done().await;
        });
        Self { address, script, _server: Arc::new(Running(task)) }
    }

    /// Where it listens, as the configuration writes it.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Adds a TXT record of one string.
    pub fn txt(&self, name: &str, text: &str) {
        self.add(name, RData::TXT(TXT::new(vec![text.to_owned()])));
    }

    /// Adds a TXT record of several character-strings of any bytes.
    pub fn txt_parts(&self, name: &str, parts: &[&[u8]]) {
        self.add(name, RData::TXT(TXT::from_bytes(parts.to_vec())));
    }

    /// Adds an address record of either family.
    pub fn address_of(&self, name: &str, address: IpAddr) {
        self.add(name, address_data(address));
    }

    /// Adds an alias.
    pub fn alias(&self, name: &str, target: &str) {
        self.add(name, RData::CNAME(CNAME(fqdn(target))));
    }

    /// The next question for the name gets these addresses, the one after that the following set.
    pub fn addresses_once(&self, name: &str, addresses: &[IpAddr]) {
        let set = addresses.iter().copied().map(address_data).collect();
        self.script().once.entry(key(name)).or_default().push_back(set);
    }

    /// Makes the name misbehave.
    pub fn behave(&self, name: &str, behaviour: Behaviour) {
        self.script().behaviours.insert(key(name), behaviour);
    }

    /// Pushes a TXT record of another name into every answer.
    pub fn stray_txt(&self, owner: &str, text: &str) {
        let data = RData::TXT(TXT::new(vec![text.to_owned()]));
        self.script().stray.push(Record::from_rdata(fqdn(owner), 60, data));
    }

    /// Puts a DNAME into every answer, as a resolver does beside the CNAME it makes from it.
    pub fn renamed_tree(&self, owner: &str, target: &str) {
        let mut wire = Vec::new();
        for label in target.split('.') {
            wire.push(u8::try_from(label.len()).expect("a label has 63 bytes at most"));
            wire.extend(label.as_bytes());
        }
        wire.push(0);
        let data = RData::Unknown { code: RecordType::Unknown(DNAME), rdata: NULL::with(wire) };
        self.script().stray.push(Record::from_rdata(fqdn(owner), 60, data));
    }

    /// Forgets everything about the name.
    pub fn clear(&self, name: &str) {
        let mut script = self.script();
        script.records.remove(&key(name));
        script.once.remove(&key(name));
        script.behaviours.remove(&key(name));
    }

    /// How often this name and type were asked for.
    pub fn times_asked(&self, name: &str, kind: RecordType) -> usize {
        self.script().asked.iter().filter(|(asked, what)| *asked == key(name) && *what == kind).count()
    }

    fn add(&self, name: &str, data: RData) {
        self.script().records.entry(key(name)).or_default().push(data);
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The kernel gives any free UDP port; its TCP twin may be taken, so several are tried.
async fn same_port() -> (UdpSocket, TcpListener) {
    for _ in 0..50 {
        let udp = UdpSocket::bind("127.0.0.1:0").await.expect("a free UDP port");
        let address = udp.local_addr().expect("a bound socket has an address");
        if let Ok(tcp) = TcpListener::bind(address).await {
            return (udp, tcp);
        }
    }
    panic!("no port was free for UDP and TCP at once in 50 tries");
}

fn key(name: &str) -> String {
    name.trim_end_matches('.').to_ascii_lowercase()
}

fn fqdn(name: &str) -> Name {
    Name::from_ascii(format!("{}.", name.trim_end_matches('.'))).expect("a name in a test")
}

fn address_data(address: IpAddr) -> RData {
    match address {
        IpAddr::V4(v4) => RData::A(A(v4)),
        IpAddr::V6(v6) => RData::AAAA(AAAA(v6)),
    }
}

impl Script {
    /// The records at a name; a `*.parent` entry answers for what is not written itself.
    fn at(&self, name: &str) -> Option<&Vec<RData>> {
        self.records.get(name).or_else(|| {
            let parent = name.split_once('.')?.1;
            self.records.get(&format!("*.{parent}"))
        })
    }

    fn exists(&self, name: &str) -> bool {
        let below = format!(".{name}");
        self.at(name).is_some() || self.records.keys().any(|known| known.ends_with(&below))
    }

    fn answer(&mut self, name: &str, kind: RecordType) -> (ResponseCode, Vec<Record>) {
        if kind == RecordType::A
            && let Some(set) = self.once.get_mut(name).and_then(VecDeque::pop_front)
        {
            let records = set.into_iter().filter(|data| data.record_type() == kind);
            return (ResponseCode::NoError, records.map(|data| Record::from_rdata(fqdn(name), 0, data)).collect());
        }
        let mut answers = self.stray.clone();
        let mut at = name.to_owned();
        // as a resolver does, the whole chain of aliases goes into one answer
        for _ in 0..16 {
            let Some(here) = self.at(&at) else { break };
            let wanted = here.iter().filter(|data| data.record_type() == kind || matches!(data, RData::CNAME(_)));
            answers.extend(wanted.clone().map(|data| Record::from_rdata(fqdn(&at), 60, data.clone())));
            let mut target =
                wanted.filter_map(|data| if let RData::CNAME(c) = data { Some(c.0.to_ascii()) } else { None });
            match target.next_back() {
                Some(target) => at = key(&target),
                None => break,
            }
        }
        let code = if self.exists(&at) { ResponseCode::NoError } else { ResponseCode::NXDomain };
        (code, answers)
    }
}

struct Handler(Arc<Mutex<Script>>);

#[async_trait::async_trait]
impl RequestHandler for Handler {
    async fn handle_request<R: ResponseHandler, T: Time>(&self, request: &Request, mut handle: R) -> ResponseInfo {
        let mut metadata = Metadata::response_from_request(&request.metadata);
        let Ok(info) = request.request_info() else { return untold(metadata) };
        // as it went over the wire: printed, an international name would be decoded
        let name = key(&Name::from(info.query.name().clone()).to_ascii());
        let kind = info.query.query_type();
        let (behaviour, (code, answers)) = {
            let mut script = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            script.asked.push((name.clone(), kind));
            (script.behaviours.get(&name).copied(), script.answer(&name, kind))
        };
        metadata.response_code = code;
        metadata.recursion_available = true;
        let mut said = answers;
        match behaviour {
            Some(Behaviour::Silent) => return untold(metadata),
            Some(Behaviour::Code(code)) => {
                metadata.response_code = code;
                said.clear();
            }
            Some(Behaviour::Truncated) if info.protocol == Protocol::Udp => {
                metadata.truncation = true;
                said.clear();
            }
            Some(Behaviour::ClaimsAuthentic) => metadata.authentic_data = true,
            _ => {}
        }
        let builder = MessageResponseBuilder::from_message_request(request);
        let none: [&Record; 0] = [];
        let response = builder.build(metadata, &said, none, none, none);
        handle.send_response(response).await.unwrap_or_else(|_| untold(metadata))
    }
}

fn untold(metadata: Metadata) -> ResponseInfo {
    ResponseInfo::from(Header { metadata, counts: HeaderCounts::default() })
}
