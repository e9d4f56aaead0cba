//! What clients were promised, kept where a crash of ours could not reach it.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use serde_json::Value;
use tokio::sync::watch;
use tokio::time::Instant;

/// One acknowledged message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// The conversation.
    pub conversation: String,
    /// The name its sender gave it.
    pub client_id: String,
    /// The name the server gave it.
    pub id: String,
    /// Its place.
    pub seq: i64,
    /// Its words.
    pub body: String,
}

impl Ack {
    /// Reads an answer to a post.
    pub fn of(answer: &Value) -> Self {
        let text = |member: &str| answer["message"][member].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        Self {
            conversation: text("conversation_id"),
            client_id: text("client_id"),
            id: text("id"),
            body: text("body"),
            seq: answer["message"]["seq"].as_i64().unwrap_or_else(|| panic!("{answer}")),
        }
    }
}

/// The log: in memory for the check, and on the disk, flushed, as a client's own record would be.
#[derive(Clone)]
pub struct Acks {
    all: Arc<Mutex<Vec<Ack>>>,
    last: watch::Sender<Instant>,
    disk: mpsc::Sender<String>,
}

impl Acks {
    /// Starts a log in a temporary file.
    pub fn start() -> Self {
        let (disk, lines) = mpsc::channel::<String>();
        std::thread::spawn(move || write(&lines));
        Self { all: Arc::default(), last: watch::Sender::new(Instant::now()), disk }
    }

    /// Keeps one.
    pub fn keep(&self, ack: Ack) {
        let line = format!("{} {} {} {}\n", ack.conversation, ack.client_id, ack.id, ack.seq);
        self.disk.send(line).expect("the log's writer runs");
        self.all.lock().unwrap_or_else(PoisonError::into_inner).push(ack);
        self.last.send_replace(Instant::now());
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// When the first one comes from now on.
    pub async fn next(&self) -> Instant {
        let mut last = self.last.subscribe();
        last.changed().await.expect("we hold the sender");
        *last.borrow()
    }

    /// All of them.
    pub fn all(&self) -> Vec<Ack> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes whatever has gathered, then flushes: the log must not slow down what it watches.
fn write(lines: &mpsc::Receiver<String>) {
    let path: PathBuf = std::env::temp_dir().join(format!("porchlight-acks-{}.log", std::process::id()));
    let mut file = File::create(&path).expect("a file for acks");
    while let Ok(first) = lines.recv() {
        let gathered: String = std::iter::once(first).chain(lines.try_iter()).collect();
        file.write_all(gathered.as_bytes()).and_then(|()| file.sync_data()).expect("acks are kept");
    }
    let _ = std::fs::remove_file(path);
}
