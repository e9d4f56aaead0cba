//! What stands between a client and the store: bytes are handed on, or not.

use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::RngExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::fakes::Asked;

/// How it is just now.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Weather {
    Fine,
    Hang,
    Busy,
    Slow(Duration),
    BreakOff(usize),
}

/// Read and handed on at once.
const PIECE: usize = 16 * 1024;

pub(super) struct Front {
    port: u16,
    passing: Passing,
    accepting: Mutex<Option<JoinHandle<()>>>,
}

/// What every connection knows.
#[derive(Clone)]
struct Passing {
    behind: SocketAddr,
    weather: watch::Sender<Weather>,
    asked: watch::Sender<Vec<Asked>>,
}

impl Drop for Front {
    fn drop(&mut self) {
        if let Some(task) = lock(&self.accepting).take() {
            task.abort();
        }
    }
}

impl Front {
    /// Below the ports that the system gives to connections, so that nobody takes ours while we are away.
    pub(super) async fn start(behind: SocketAddr) -> Self {
        let (weather, _) = watch::channel(Weather::Fine);
        let passing = Passing { behind, weather, asked: watch::Sender::default() };
        for _ in 0..100 {
            let port = rand::rng().random_range(20_000..32_768);
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)).await {
                let task = tokio::spawn(accept(listener, passing.clone()));
                return Self { port, passing, accepting: Mutex::new(Some(task)) };
            }
        }
        panic!("there is no free port");
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.passing.asked.borrow().clone()
    }

    /// Waits until so many requests came that look so.
    pub(super) async fn heard(&self, times: usize, looks: impl Fn(&Asked) -> bool) {
        let mut asked = self.passing.asked.subscribe();
        let _ = asked.wait_for(|asked| asked.iter().filter(|asked| looks(asked)).count() >= times).await;
    }

    pub(super) fn turn(&self, weather: Weather) {
        self.passing.weather.send_replace(weather);
    }

    /// Stops listening and cuts every connection; done when it answers.
    pub(super) async fn close(&self) {
        let task = lock(&self.accepting).take();
        if let Some(task) = task {
            task.abort();
            let _ = task.await;
        }
    }

    /// Listens again, on the same port.
    pub(super) async fn open(&self) {
        if lock(&self.accepting).is_some() {
            return;
        }
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("the port is still ours");
        *lock(&self.accepting) = Some(tokio::spawn(accept(listener, self.passing.clone())));
    }
}

/// The connections end with the task that holds them.
async fn accept(listener: TcpListener, passing: Passing) {
    let mut connections = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let _ = client.set_nodelay(true);
        connections.spawn(connection(client, passing.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(client: TcpStream, passing: Passing) {
    let mut weather = passing.weather.subscribe();
    if *weather.borrow() == Weather::Busy {
        return busy(client, &passing).await;
    }
    let Ok(store) = TcpStream::connect(passing.behind).await else { return };
    let _ = store.set_nodelay(true);
    let (from_client, to_client) = client.into_split();
    let (from_store, to_store) = store.into_split();
    let heads = Some((Heads::default(), passing.asked.clone()));
    tokio::select! {
        () = carry(from_client, to_store, passing.weather.subscribe(), heads) => {}
        () = carry(from_store, to_client, passing.weather.subscribe(), None) => {}
        // what is open goes, so that the next try meets the 503
        _ = weather.wait_for(|weather| *weather == Weather::Busy) => {}
    }
}

type Listener = Option<(Heads, watch::Sender<Vec<Asked>>)>;

/// Hands bytes on in one direction. `heads` listens to what the client says; without, it is the store that speaks.
async fn carry(
    mut from: impl tokio::io::AsyncRead + Unpin,
    mut to: impl tokio::io::AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
    mut heads: Listener,
) {
    let (mut piece, mut passed) = (vec![0; PIECE], 0);
    while let Ok(count @ 1..) = from.read(&mut piece).await {
        let now = match weather.wait_for(|weather| *weather != Weather::Hang).await {
            Ok(now) => *now,
            Err(_) => return,
        };
        if let Weather::Slow(pause) = now {
            tokio::time::sleep(pause).await;
        }
        if let Some((heads, asked)) = &mut heads {
            heads.hear(&piece[..count], asked);
        }
        let last = match now {
            Weather::BreakOff(most) if heads.is_none() => count.min(most.saturating_sub(passed)),
            _ => count,
        };
        if to.write_all(&piece[..last]).await.is_err() || last < count {
            return;
        }
        passed += if matches!(now, Weather::BreakOff(_)) { count } else { 0 };
    }
}

/// Reads one request to its end and says 503 to it, as an overloaded store does.
async fn busy(mut client: TcpStream, passing: &Passing) {
    let (mut heads, mut piece) = (Heads::default(), vec![0; PIECE]);
    loop {
        let Ok(count @ 1..) = client.read(&mut piece).await else { return };
        heads.hear(&piece[..count], &passing.asked);
        if heads.complete() {
            break;
        }
    }
    let body = "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
    let head = "HTTP/1.1 503 Slow Down\r\ncontent-type: application/xml\r\nconnection: close\r\ncontent-length:";
    let _ = client.write_all(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    let _ = client.shutdown().await;
}

/// Finds the heads of requests in what a client sends; bodies of a stated length are passed over.
#[derive(Default)]
struct Heads {
    head: Vec<u8>,
    body: usize,
    heard: usize,
    /// A body without a stated length: what follows cannot be told apart.
    lost: bool,
}

impl Heads {
    fn hear(&mut self, mut bytes: &[u8], asked: &watch::Sender<Vec<Asked>>) {
        while !bytes.is_empty() && !self.lost {
            let skipped = self.body.min(bytes.len());
            self.body -= skipped;
            bytes = &bytes[skipped..];
            let Some((first, rest)) = bytes.split_first() else { return };
            self.head.push(*first);
            bytes = rest;
            if self.head.ends_with(b"\r\n\r\n") {
                self.note(asked);
            }
        }
    }

    fn note(&mut self, asked: &watch::Sender<Vec<Asked>>) {
        let head = String::from_utf8_lossy(&std::mem::take(&mut self.head)).into_owned();
        let says = |name: &str| {
            let lines = head.lines().filter_map(|line| line.split_once(':'));
            lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned()).next()
        };
        self.body = says("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        self.lost = says("transfer-encoding").is_some();
        self.heard += 1;
        let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
        asked.send_modify(|asked| asked.push(Asked { path, head }));
    }

    fn complete(&self) -> bool {
        self.heard > 0 && self.body == 0 && self.head.is_empty()
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
