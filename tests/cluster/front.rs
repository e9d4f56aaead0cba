//! The proxies of `deploy/proxy` as they are shipped, with nothing but names, addresses and paths put in their place; and
//! a way through their TLS for people who speak without.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use harness::{Doors, Http, PATIENCE};
use rcgen::{CertificateParams, KeyPair};
use reqwest::Method;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Duration, Instant, sleep};
use tokio_rustls::TlsConnector;

use crate::node::Node;
use crate::stage::free_port;

/// Which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Nginx,
    /// nginx with a cache that keeps whatever answers allow to be kept, whoever asked.
    GreedyNginx,
    Haproxy,
    Caddy,
}

/// Where a proxy will be, known before there is anything behind it.
pub struct Place {
    /// What browsers see.
    pub url: String,
    /// `name:port` of it.
    pub host: String,
    plain: TcpListener,
    port: u16,
    trust: TlsConnector,
    folder: PathBuf,
}

/// A proxy that runs.
pub struct Front {
    /// Where people go.
    pub doors: Doors,
    child: Child,
    port: u16,
    trust: TlsConnector,
    folder: PathBuf,
}

impl Place {
    /// A free one, with a certificate in `folder`.
    pub async fn find(folder: &Path) -> Self {
        let folder = folder.join("front");
        std::fs::create_dir(&folder).expect("a folder");
        let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let host = format!("localhost:{}", plain.local_addr().expect("an address").port());
        let trust = certificate(&folder);
        Self { url: format!("https://{host}"), host, plain, port: free_port(), trust, folder }
    }

    /// Starts the proxy before these two.
    pub async fn open(self, kind: Kind, api: &Node, realtime: &Node) -> Front {
        let behind = [api, realtime].map(|node| node.doors.public.replace("http://", ""));
        let child = self.start(kind, &behind);
        let (plain, trust) = (self.plain, self.trust.clone());
        tokio::spawn(lead(plain, Ipv4Addr::LOCALHOST, self.port, trust));
        let doors = Doors { public: format!("http://{}", self.host), public_url: self.url, ..api.doors.clone() };
        let front = Front { doors, child, port: self.port, trust: self.trust, folder: self.folder };
        front.is_open(kind).await;
        front
    }

    fn start(&self, kind: Kind, behind: &[String; 2]) -> Child {
        let text = self.adapted(kind, behind);
        let file = self.folder.join("proxy.conf");
        std::fs::write(&file, text).expect("a file");
        let log = std::fs::File::create(self.folder.join("log")).expect("a log");
        let mut command = match kind {
            Kind::Nginx | Kind::GreedyNginx => program("nginx", &["-c"]),
            Kind::Haproxy => program("haproxy", &["-f"]),
            Kind::Caddy => program("caddy", &["run", "--adapter", "caddyfile", "--config"]),
        };
        command.arg(&file).env("HOME", &self.folder).env("XDG_DATA_HOME", &self.folder);
        let out = log.try_clone().expect("the log again");
        let child = command.stdin(Stdio::null()).stdout(out).stderr(log).spawn();
        child.unwrap_or_else(|error| panic!("{kind:?} cannot be started: {error}; cargo xtask test installs it"))
    }

    /// The shipped file with our names, addresses and paths.
    fn adapted(&self, kind: Kind, behind: &[String; 2]) -> String {
        let (folder, port, host) = (self.folder.display(), self.port, &self.host);
        let own = match kind {
            Kind::Nginx | Kind::GreedyNginx => vec![
                ("chat.example.com", "localhost".to_owned()),
                ("/etc/ssl/localhost/fullchain.pem", format!("{folder}/chain.pem")),
                ("/etc/ssl/localhost/privkey.pem", format!("{folder}/key.pem")),
                ("/var/log/nginx/porchlight.log", format!("{folder}/access.log")),
                ("listen 443", format!("listen 127.0.0.1:{port}")),
                ("listen 80", format!("listen 127.0.0.1:{}", free_port())),
            ],
            Kind::Haproxy => vec![
                ("chat.example.com", host.clone()),
                ("/etc/haproxy/certs/", format!("{folder}/both.pem")),
                ("bind :443", format!("bind 127.0.0.1:{port}")),
                // each is two open files, and tests may open few
                ("maxconn 50000", "maxconn 500".to_owned()),
                ("bind :80", format!("bind 127.0.0.1:{}", free_port())),
            ],
            Kind::Caddy => vec![
                (
                    "\nchat.example.com {",
                    format!("\nlocalhost {{\n\tbind 127.0.0.1\n\ttls {folder}/chain.pem {folder}/key.pem"),
                ),
                ("Host chat.example.com", format!("Host {host}")),
            ],
        };
        let text = own.iter().fold(shipped(kind), |text, (from, to)| put(&text, from, to));
        let text = pointed(&text, behind);
        match kind {
            Kind::Nginx => whole(&folder.to_string(), "", &text),
            Kind::GreedyNginx => whole(&folder.to_string(), &greedy(&folder.to_string()), &text),
            Kind::Haproxy => text,
            // what a command line cannot say: other ports than 80 and 443, and nobody to be reconfigured by
            Kind::Caddy => {
                let plain = free_port();
                format!(
                    "{{\n\tadmin off\n\tauto_https disable_redirects\n\thttp_port {plain}\n\thttps_port {port}\n}}\n{text}"
                )
            }
        }
    }
}

impl Front {
    /// The same people, coming to the proxy from another address. They say the name of the first way in.
    pub async fn from(&self, address: Ipv4Addr) -> Http {
        let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let base = format!("http://{}", plain.local_addr().expect("an address"));
        tokio::spawn(lead(plain, address, self.port, self.trust.clone()));
        Http::to(base).with("host", self.doors.public.trim_start_matches("http://"))
    }

    /// What it wrote about those who came.
    pub fn log(&self) -> String {
        let text = |name: &str| std::fs::read_to_string(self.folder.join(name)).unwrap_or_default();
        text("access.log") + &text("log")
    }

    async fn is_open(&self, kind: Kind) {
        let began = Instant::now();
        loop {
            let http = self.doors.http().with("origin", &self.doors.public_url);
            // a socket without an upgrade is a mistake of the caller's, told by a process that knows sockets
            let answers = [status(&http, "/healthz").await, status(&http, "/v1/live").await];
            if answers == [200, 400] {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "{kind:?} says {answers:?}\n{}", self.log());
            // it finds out by itself who is behind it
            sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn status(http: &Http, path: &str) -> u16 {
    http.attempt(Method::GET, path, None).await.map_or(0, |answer| answer.status)
}

impl Drop for Front {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the proxy said:\n{}", self.log());
        }
        // nginx and haproxy take their workers with them when they are asked
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// The file operators are given.
pub fn shipped(kind: Kind) -> String {
    let name = match kind {
        Kind::Nginx | Kind::GreedyNginx => "nginx.conf",
        Kind::Haproxy => "haproxy.cfg",
        Kind::Caddy => "Caddyfile",
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout");
    std::fs::read_to_string(root.join("deploy/proxy").join(name)).expect("the file")
}

fn put(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "the shipped file no longer says {from:?}: mend this test");
    text.replace(from, to)
}

/// Everything is behind one address in the shipped files; the block that speaks of sockets gets the second.
fn pointed(text: &str, [api, realtime]: &[String; 2]) -> String {
    let mut is_live = false;
    let lines = text.lines().map(|line| {
        if ["upstream ", "backend ", "handle"].iter().any(|word| line.trim_start().starts_with(word)) {
            is_live = line.contains("realtime") || line.contains("live");
        }
        line.replace("127.0.0.1:8080", if is_live { realtime } else { api })
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// What /etc/nginx/nginx.conf is around a site.
fn whole(folder: &str, more: &str, site: &str) -> String {
    let kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let kept: String = kept.iter().map(|name| format!("{name}_temp_path {folder}/{name};\n")).collect();
    format!(
        "user root;\ndaemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log {folder}/log;\n\
         events {{ worker_connections 256; }}\nhttp {{\n{kept}{more}{site}}}\n"
    )
}

fn greedy(folder: &str) -> String {
    format!(
        "proxy_cache_path {folder}/cache keys_zone=all:1m;\nproxy_cache all;\nproxy_cache_key $host$request_uri;\n\
         proxy_cache_valid any 10m;\nadd_header X-Cached $upstream_cache_status always;\n"
    )
}

/// Debian keeps programs of administrators off the PATH of people.
fn program(name: &str, arguments: &[&str]) -> Command {
    let kept = Path::new("/usr/sbin").join(name);
    let mut command = Command::new(if kept.is_file() { kept } else { PathBuf::from(name) });
    command.args(arguments);
    command
}

/// Leaves a certificate for `localhost`; gives who believes it and nobody else.
fn certificate(folder: &Path) -> TlsConnector {
    let key = KeyPair::generate().expect("a key");
    let made = CertificateParams::new(["localhost".to_owned()]).expect("names").self_signed(&key).expect("signed");
    let (chain, key) = (made.pem(), key.serialize_pem());
    for (name, text) in [("chain.pem", &chain), ("key.pem", &key), ("both.pem", &format!("{chain}{key}"))] {
        std::fs::write(folder.join(name), text).expect("a file");
    }
    let mut roots = RootCertStore::empty();
    roots.add(made.der().clone()).expect("a root");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Takes whoever comes through TLS to the proxy, from this address.
async fn lead(plain: TcpListener, from: Ipv4Addr, port: u16, trust: TlsConnector) {
    while let Ok((person, _)) = plain.accept().await {
        tokio::spawn(pass(person, from, port, trust.clone()));
    }
}

async fn pass(mut person: TcpStream, from: Ipv4Addr, port: u16, trust: TlsConnector) -> std::io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((from, 0).into())?;
    let there = socket.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    let mut there = trust.connect(name, there).await?;
    copy_bidirectional(&mut person, &mut there).await.map(drop)
}
