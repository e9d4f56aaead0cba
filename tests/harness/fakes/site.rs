//! Web sites on loopback with real TLS, that answer byte for byte what a test tells them to.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What a site answers.
#[derive(Clone)]
pub enum Reply {
    /// These bytes, head and body, then the end.
    Bytes(Vec<u8>),
    /// The first bytes, then the second again and again with this pause between.
    Drip(Vec<u8>, Vec<u8>, Duration),
    /// 200 text/plain with the request's path as the body.
    Echo,
}

impl Reply {
    /// 200 with this type and body.
    pub fn page(content_type: &str, body: &str) -> Self {
        Self::with(200, &[("content-type", content_type)], body)
    }

    /// Any status with any header lines.
    pub fn with(status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut text = format!("HTTP/1.1 {status} So\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        Self::Bytes(format!("{text}\r\n{body}").into_bytes())
    }

    /// A redirect.
    pub fn to(status: u16, location: &str) -> Self {
        Self::with(status, &[("location", location)], "")
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Path and query.
    pub path: String,
    /// The whole head.
    pub head: String,
}

/// Which certificate a site shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Papers {
    /// Of the authority, for the site's names.
    Good,
    /// Of the authority, over since 2020.
    Expired,
    /// Signed by itself.
    SelfSigned,
    /// Of the authority, for another name.
    WrongName,
    /// No TLS at all.
    Plain,
}

/// A certificate authority of this test alone.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    file: PathBuf,
    _folder: tempfile::TempDir,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// Makes a fresh one.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a place for the authority");
        let file = folder.path().join("ca.pem");
        let mut params = CertificateParams::new(Vec::new()).expect("no names to refuse");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let root = params.self_signed(&key).expect("a root");
        std::fs::write(&file, root.pem()).expect("the root can be written");
        Self { issuer: Issuer::new(params, key), file, _folder: folder }
    }

    /// Where the root lies, for `net.extra_ca`.
    pub fn file(&self) -> PathBuf {
        self.file.clone()
    }

    fn acceptor(&self, names: &[&str], papers: Papers) -> Option<TlsAcceptor> {
        let names = match papers {
            Papers::Plain => return None,
            Papers::WrongName => vec!["somebody-else.com".to_owned()],
            _ => names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let mut params = CertificateParams::new(names).expect("names a certificate can hold");
        if papers == Papers::Expired {
            params.not_before = date_time_ymd(2019, 1, 1);
            params.not_after = date_time_ymd(2020, 1, 1);
        }
        let key = KeyPair::generate().expect("a key");
        let leaf = match papers {
            Papers::SelfSigned => params.self_signed(&key),
            _ => params.signed_by(&key, &self.issuer),
        };
        let leaf: CertificateDer<'static> = leaf.expect("a certificate").into();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider speaks TLS")
            .with_no_client_auth()
            .with_single_cert(vec![leaf], PrivatePkcs8KeyDer::from(key.serialize_der()).into())
            .expect("the key fits the certificate");
        Some(TlsAcceptor::from(Arc::new(config)))
    }
}

#[derive(Default)]
struct Script {
    pages: BTreeMap<String, Reply>,
    otherwise: Option<Reply>,
    asked: Vec<Asked>,
    connections: usize,
    open: usize,
    most_open: usize,
}

/// A running site. Clones share the pages.
#[derive(Clone)]
pub struct Site {
    port: u16,
    script: Arc<Mutex<Script>>,
    _server: Arc<Running>,
}

struct Running(tokio::task::JoinHandle<()>);
impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Site {
    /// A site with a good certificate for these names.
    pub async fn start(authority: &Authority, names: &[&str]) -> Self {
        Self::start_with(authority, names, Papers::Good).await
    }

    /// A site with these papers.
    pub async fn start_with(authority: &Authority, names: &[&str], papers: Papers) -> Self {
        let acceptor = authority.acceptor(names, papers);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let script = Arc::new(Mutex::new(Script::default()));
        let shared = Arc::clone(&script);
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, script) = (acceptor.clone(), Arc::clone(&shared));
                tokio::spawn(async move {
                    lock(&script).arrive();
                    match acceptor {
                        Some(acceptor) => {
                            if let Ok(stream) = acceptor.accept(socket).await {
                                serve(stream, &script).await;
                            }
                        }
                        None => serve(socket, &script).await,
                    }
                    lock(&script).open -= 1;
                });
            }
        });
        Self { port, script, _server: Arc::new(Running(task)) }
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Puts a page there; `path` with its query, if it has one.
    pub fn put(&self, path: &str, reply: Reply) {
        lock(&self.script).pages.insert(path.to_owned(), reply);
    }

    /// Takes a page away.
    pub fn remove(&self, path: &str) {
        lock(&self.script).pages.remove(path);
    }

    /// What every other path answers; 404 by itself.
    pub fn otherwise(&self, reply: Reply) {
        lock(&self.script).otherwise = Some(reply);
    }

    /// Every request so far.
    pub fn asked(&self) -> Vec<Asked> {
        lock(&self.script).asked.clone()
    }

    /// How many connections were opened, also those that never asked.
    pub fn connections(&self) -> usize {
        lock(&self.script).connections
    }

    /// The most connections that were open at one time.
    pub fn most_at_once(&self) -> usize {
        lock(&self.script).most_open
    }
}

impl Script {
    fn arrive(&mut self) {
        self.connections += 1;
        self.open += 1;
        self.most_open = self.most_open.max(self.open);
    }

    fn reply(&mut self, asked: &Asked) -> Reply {
        self.asked.push(asked.clone());
        let missing = || Reply::with(404, &[("content-type", "text/plain")], "nothing here");
        self.pages.get(&asked.path).or(self.otherwise.as_ref()).cloned().unwrap_or_else(missing)
    }
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, script: &Mutex<Script>) {
    let Some(asked) = read_head(&mut stream).await else { return };
    let reply = lock(script).reply(&asked);
    // the client may leave in the middle: that is what many tests want
    let _ = answer(&mut stream, reply, &asked).await;
    let _ = stream.shutdown().await;
}

async fn answer(stream: &mut (impl AsyncWrite + Unpin), reply: Reply, asked: &Asked) -> std::io::Result<()> {
    match reply {
        Reply::Bytes(bytes) => stream.write_all(&bytes).await,
        Reply::Echo => {
            let Reply::Bytes(bytes) = Reply::page("text/plain", &asked.path) else { return Ok(()) };
            stream.write_all(&bytes).await
        }
        Reply::Drip(head, again, pause) => {
            stream.write_all(&head).await?;
            loop {
                stream.write_all(&again).await?;
                stream.flush().await?;
                tokio::time::sleep(pause).await;
            }
        }
    }
}

async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.ok()?;
        head.push(byte);
        if head.len() > 64 * 1024 {
            return None;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    Some(Asked { path, head })
}
