//! A wire to the broker that loses, doubles and swaps three of ten messages.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rand::{RngExt, SeedableRng, rngs::StdRng};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// A proxy on loopback that understands what the broker says. Connections end with the test.
pub struct Lossy {
    pub address: SocketAddr,
    pub counts: Arc<Counts>,
}

/// What became of messages.
#[derive(Default)]
pub struct Counts {
    pub lost: AtomicU32,
    pub doubled: AtomicU32,
    pub swapped: AtomicU32,
    pub passed: AtomicU32,
}

impl Lossy {
    pub async fn to(port: u16, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let counts = Arc::<Counts>::default();
        let shared = counts.clone();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let Ok(far) = TcpStream::connect(("127.0.0.1", port)).await else { continue };
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(pass(near_in, far_out));
                tokio::spawn(spoil(far_in, near_out, StdRng::seed_from_u64(seed), shared.clone()));
            }
        });
        Self { address, counts }
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf) {
    let _ = tokio::io::copy(&mut from, &mut to).await;
}

/// Passes on what the broker says, line by line; a line that announces a message is followed by its payload.
async fn spoil(from: OwnedReadHalf, mut to: OwnedWriteHalf, mut dice: StdRng, counts: Arc<Counts>) {
    let mut from = BufReader::new(from);
    let mut held: Option<Vec<u8>> = None;
    loop {
        let mut said = Vec::new();
        if from.read_until(b'\n', &mut said).await.unwrap_or(0) == 0 {
            return;
        }
        let Some(length) = payload(&said) else {
            if to.write_all(&said).await.is_err() {
                return;
            }
            continue;
        };
        let start = said.len();
        said.resize(start + length + 2, 0);
        if from.read_exact(&mut said[start..]).await.is_err() {
            return;
        }
        let mut out = match dice.random_range(0..10) {
            0 => count(&counts.lost, Vec::new()),
            1 => count(&counts.doubled, said.repeat(2)),
            2 if held.is_none() => {
                held = Some(said);
                counts.swapped.fetch_add(1, Relaxed);
                continue;
            }
            _ => count(&counts.passed, said),
        };
        out.extend(held.take().unwrap_or_default());
        if to.write_all(&out).await.is_err() {
            return;
        }
    }
}

fn count(what: &AtomicU32, out: Vec<u8>) -> Vec<u8> {
    what.fetch_add(1, Relaxed);
    out
}

fn payload(line: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(line).ok()?;
    text.strip_prefix("MSG ")?.split_whitespace().next_back()?.parse().ok()
}
