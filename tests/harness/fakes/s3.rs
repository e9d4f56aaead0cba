//! An S3 store on loopback: signatures are checked, objects are files, and a front before it can be away, hang, be
//! busy, be slow or break off.

mod front;
mod store;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use blobs::BlobsConfig;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use kernel::{Secret, random_token};
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use super::Asked;
use front::{Front, Weather};
use store::Store;

/// The one bucket.
const BUCKET: &str = "porchlight-files";

/// A running store with a bucket and a key of its own.
pub struct S3 {
    /// Name of the key.
    pub access_key: String,
    /// The secret that belongs to it.
    pub secret_key: String,
    front: Front,
    store: Store,
    folder: TempDir,
    server: JoinHandle<()>,
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl S3 {
    /// A store that works.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        let (access_key, secret_key) = (random_token("key"), random_token("secret"));
        let store = Store::new(folder.path());
        let mut service = S3ServiceBuilder::new(store.clone());
        service.set_auth(SimpleAuth::from_single(access_key.clone(), secret_key.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let behind = listener.local_addr().expect("a bound socket has an address");
        let server = tokio::spawn(serve(listener, service.build()));
        let front = Front::start(behind).await;
        Self { access_key, secret_key, front, store, folder, server }
    }

    /// Its port, the same after being away.
    pub fn port(&self) -> u16 {
        self.front.port()
    }

    /// What `blobs.url` is set to.
    pub fn url(&self) -> String {
        format!("s3://{BUCKET}/kept/here?endpoint=http://127.0.0.1:{}&region=eu-test-1", self.port())
    }

    /// Settings of a whole server.
    pub fn settings(&self) -> [(&'static str, String); 3] {
        [
            ("blobs.url", self.url()),
            ("blobs.access_key", self.access_key.clone()),
            ("blobs.secret_key", self.secret_key.clone()),
        ]
    }

    /// Configuration of a client that loses patience soon.
    pub fn config(&self) -> BlobsConfig {
        BlobsConfig {
            url: Secret::new(self.url()),
            access_key: Secret::new(self.access_key.clone()),
            secret_key: Secret::new(self.secret_key.clone()),
            connect_ms: 1_000,
            try_ms: 2_500,
            total_ms: 5_000,
            stall_ms: 1_000,
            tries: 2,
            ..BlobsConfig::default()
        }
    }

    /// Refuses connections until it is back.
    pub async fn away(&self) {
        self.front.close().await;
    }

    /// Accepts connections and says nothing, in the middle of a transfer too.
    pub fn hang(&self) {
        self.front.turn(Weather::Hang);
    }

    /// Answers everything with 503.
    pub fn busy(&self) {
        self.front.turn(Weather::Busy);
    }

    /// Waits so long before every 16 KiB.
    pub fn slow(&self, pause: Duration) {
        self.front.turn(Weather::Slow(pause));
    }

    /// Breaks every answer off after so many bytes.
    pub fn break_off_after(&self, bytes: usize) {
        self.front.turn(Weather::BreakOff(bytes));
    }

    /// Works again.
    pub async fn back(&self) {
        self.front.turn(Weather::Fine);
        self.front.open().await;
    }

    /// Heads of all requests so far, in the order in which they were sent.
    pub fn asked(&self) -> Vec<Asked> {
        self.front.asked()
    }

    /// The file behind an object, to look at and to spoil.
    pub fn file(&self, key: &blobs::Key) -> PathBuf {
        self.folder.path().join(BUCKET).join("kept/here").join(key.to_string())
    }

    /// Uploads that were begun and neither completed nor aborted.
    pub fn unfinished(&self) -> usize {
        self.store.unfinished()
    }

    /// Waits until no upload is unfinished.
    pub async fn settled(&self) {
        self.store.settled().await;
    }

    /// Waits until so many requests came that look so.
    pub async fn heard(&self, times: usize, looks: impl Fn(&Asked) -> bool) {
        self.front.heard(times, looks).await;
    }

    /// Takes the bucket away with all that is in it.
    pub fn lose_bucket(&self) {
        std::fs::remove_dir_all(self.folder.path().join(BUCKET)).expect("a bucket");
    }
}

async fn serve(listener: TcpListener, service: S3Service) {
    let http = Arc::new(Builder::new(TokioExecutor::new()));
    let mut connections = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        // the end of every answer would wait for the front's delayed acknowledgement
        let _ = socket.set_nodelay(true);
        let (http, service) = (Arc::clone(&http), service.clone());
        connections.spawn(async move {
            // clients leave in the middle: that is what many tests want
            let _ = http.serve_connection(TokioIo::new(socket), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}
