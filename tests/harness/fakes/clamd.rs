//! A virus scanner that answers as it is told to, also as none should.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How it behaves when a file comes.
#[derive(Clone, Debug)]
pub enum Mood {
    /// Reads all of it and says this.
    Says(&'static str),
    /// Reads all of it and keeps silent.
    Hangs,
    /// Reads nothing and keeps silent: the sender's buffers fill up.
    Deaf,
    /// Hangs up in the middle.
    Resets,
    /// Says that the stream is too long after its first bytes, and hangs up.
    Full,
    /// Answers slowly, one byte after the other, when it is let.
    Slow(Arc<tokio::sync::Semaphore>),
}

struct Script {
    mood: Mutex<Mood>,
    version: Mutex<String>,
    heard: Mutex<Vec<Vec<u8>>>,
}

/// A running scanner.
pub struct Clamd {
    port: u16,
    script: Arc<Script>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Clamd {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Clamd {
    /// A scanner in this mood, with fresh signatures as far as anybody asks.
    pub async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let version = Mutex::new("ClamAV 1.4.6/27819/Fri Nov 20 09:26:20 2026".to_owned());
        let script = Arc::new(Script { mood: Mutex::new(mood), version, heard: Mutex::default() });
        let server = tokio::spawn(serve(listener, script.clone()));
        Self { port, script, server }
    }

    /// `clamd://…`, as the configuration wants it.
    pub fn url(&self) -> String {
        format!("clamd://127.0.0.1:{}", self.port)
    }

    /// Changes its mood.
    pub fn be(&self, mood: Mood) {
        *self.script.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// What it says when it is asked for its version.
    pub fn has_version(&self, version: &str) {
        version.clone_into(&mut self.script.version.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// The files it was sent whole.
    pub fn heard(&self) -> Vec<Vec<u8>> {
        self.script.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn serve(listener: TcpListener, script: Arc<Script>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(answer(stream, script.clone()));
    }
}

async fn answer(mut stream: TcpStream, script: Arc<Script>) {
    let Some(command) = command(&mut stream).await else { return };
    if command == "zVERSION" {
        let version = script.version.lock().unwrap_or_else(PoisonError::into_inner).clone();
        return say(&mut stream, &version).await;
    }
    let mood = script.mood.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match mood {
        Mood::Deaf => return std::future::pending().await,
        Mood::Resets => return reset(stream).await,
        Mood::Full => return say(&mut stream, "INSTREAM size limit exceeded. ERROR").await,
        Mood::Says(_) | Mood::Hangs | Mood::Slow(_) => (),
    }
    let Some(file) = file(&mut stream).await else { return };
    script.heard.lock().unwrap_or_else(PoisonError::into_inner).push(file);
    match mood {
        Mood::Says(words) => say(&mut stream, words).await,
        Mood::Slow(gate) => slowly(&mut stream, &gate).await,
        _ => std::future::pending().await,
    }
}

async fn command(stream: &mut TcpStream) -> Option<String> {
    let mut heard = Vec::new();
    loop {
        match stream.read_u8().await.ok()? {
            0 => return String::from_utf8(heard).ok(),
            byte => heard.push(byte),
        }
    }
}

/// All chunks, when the stream ends as it should.
async fn file(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut file = Vec::new();
    loop {
        let length = stream.read_u32().await.ok()?;
        if length == 0 {
            return Some(file);
        }
        let start = file.len();
        file.resize(start + usize::try_from(length).ok()?, 0);
        stream.read_exact(&mut file[start..]).await.ok()?;
    }
}

/// Reads a little and hangs up with the rest unread, which the other side sees as a reset.
async fn reset(mut stream: TcpStream) {
    let _ = stream.read_u8().await;
}

async fn slowly(stream: &mut TcpStream, gate: &tokio::sync::Semaphore) {
    for byte in b"stream: OK\0" {
        let Ok(permit) = gate.acquire().await else { return };
        permit.forget();
        if stream.write_u8(*byte).await.is_err() {
            return;
        }
    }
}

async fn say(stream: &mut TcpStream, words: &str) {
    let _ = stream.write_all(&[words.as_bytes(), b"\0"].concat()).await;
    let _ = stream.shutdown().await;
}
