//! A wire that can go bad: bytes between two ends, passed on, late, slowly, not at all, or cut.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

/// Most bytes passed on at once.
const CHUNK: usize = 16 * 1024;
/// Chunks under way in one direction.
const UNDER_WAY: usize = 256;

/// What the wire is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Everything is passed on at once.
    Clear,
    /// Nothing is passed on, and nobody is told: what is sent waits, an end that goes is not missed by the other.
    Blackhole,
    /// Every byte takes this much longer, in both directions.
    Late(Duration),
    /// So many bytes a second in each direction.
    Narrow(u32),
}

/// A proxy on loopback. Connections end when it is dropped.
pub struct FaultProxy {
    /// Where to connect.
    pub address: SocketAddr,
    wire: watch::Sender<Wire>,
    cuts: watch::Sender<u64>,
    open: watch::Sender<usize>,
    server: JoinHandle<()>,
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.server.abort();
        self.cut();
    }
}

impl FaultProxy {
    /// Leads to `behind`.
    pub async fn to(behind: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let (wire, cuts, open) = (watch::Sender::new(Wire::Clear), watch::Sender::new(0), watch::Sender::new(0));
        let server = tokio::spawn(accept(listener, behind, wire.clone(), cuts.clone(), open.clone()));
        Self { address, wire, cuts, open, server }
    }

    /// Changes the wire, for connections that are there too.
    pub fn set(&self, wire: Wire) {
        self.wire.send_replace(wire);
    }

    /// Resets every connection that is there.
    pub fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }

    /// How many connections lead through it now.
    pub fn open(&self) -> usize {
        *self.open.borrow()
    }
}

async fn accept(
    listener: TcpListener,
    behind: SocketAddr,
    wire: watch::Sender<Wire>,
    cuts: watch::Sender<u64>,
    open: watch::Sender<usize>,
) {
    while let Ok((near, _)) = listener.accept().await {
        let (mut wire, mut cuts, open) = (wire.subscribe(), cuts.subscribe(), open.clone());
        cuts.mark_unchanged();
        tokio::spawn(async move {
            // a connection made into a black hole leads nowhere before it is clear
            tokio::select! {
                _ = wire.wait_for(|wire| *wire != Wire::Blackhole) => (),
                _ = cuts.changed() => return reset(&near),
            }
            let Ok(far) = TcpStream::connect(behind).await else { return reset(&near) };
            open.send_modify(|open| *open += 1);
            join(near, far, &wire, cuts).await;
            open.send_modify(|open| *open -= 1);
        });
    }
}

fn reset(stream: &TcpStream) {
    // closing it then sends RST instead of a polite end
    let _ = stream.set_zero_linger();
}

async fn join(near: TcpStream, far: TcpStream, wire: &watch::Receiver<Wire>, mut cuts: watch::Receiver<u64>) {
    let _ = (near.set_nodelay(true), far.set_nodelay(true));
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    let there = tokio::spawn(pass(near_in, far_out, wire.clone()));
    let back = tokio::spawn(pass(far_in, near_out, wire.clone()));
    let (stop_there, stop_back) = (there.abort_handle(), back.abort_handle());
    let both = async { tokio::join!(there, back) };
    tokio::pin!(both);
    tokio::select! {
        _ = &mut both => (),
        _ = cuts.changed() => {
            stop_there.abort();
            stop_back.abort();
            let _ = both.await;
        }
    }
}

/// Reads at once, hands over when it is time. Dropped in the middle, it resets both ends.
async fn pass(from: OwnedReadHalf, to: OwnedWriteHalf, wire: watch::Receiver<Wire>) {
    let mut ends = Ends { from, to, is_over: false };
    let (sender, receiver) = mpsc::channel(UNDER_WAY);
    let Ends { from, to, .. } = &mut ends;
    let (_, sent) = tokio::join!(take(from, sender, wire.clone()), give(to, receiver, wire));
    ends.is_over = sent;
    let _ = ends.to.shutdown().await;
}

struct Ends {
    from: OwnedReadHalf,
    to: OwnedWriteHalf,
    is_over: bool,
}

impl Drop for Ends {
    fn drop(&mut self) {
        if !self.is_over {
            reset(self.from.as_ref());
            reset(self.to.as_ref());
        }
    }
}

async fn take(from: &mut OwnedReadHalf, sender: mpsc::Sender<(Instant, Vec<u8>)>, mut wire: watch::Receiver<Wire>) {
    let mut chunk = vec![0; CHUNK];
    loop {
        if wire.wait_for(|wire| *wire != Wire::Blackhole).await.is_err() {
            return;
        }
        let read = tokio::select! {
            read = from.read(&mut chunk) => read.unwrap_or(0),
            _ = wire.changed() => continue,
        };
        let due = match *wire.borrow() {
            Wire::Late(by) => Instant::now() + by,
            _ => Instant::now(),
        };
        if read == 0 || sender.send((due, chunk[..read].to_vec())).await.is_err() {
            return;
        }
    }
}

/// Says whether everything that came was handed over.
async fn give(
    to: &mut OwnedWriteHalf,
    mut chunks: mpsc::Receiver<(Instant, Vec<u8>)>,
    mut wire: watch::Receiver<Wire>,
) -> bool {
    while let Some((due, chunk)) = chunks.recv().await {
        sleep_until(due).await;
        if wire.wait_for(|wire| *wire != Wire::Blackhole).await.is_err() || to.write_all(&chunk).await.is_err() {
            chunks.close();
            return false;
        }
        let now = *wire.borrow();
        if let Wire::Narrow(rate) = now {
            sleep(Duration::from_secs_f64(chunk.len() as f64 / f64::from(rate.max(1)))).await;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends back what it gets.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        address
    }

    async fn asked(stream: &mut TcpStream) -> std::io::Result<Duration> {
        let (began, mut answer) = (Instant::now(), [0; 5]);
        stream.write_all(b"hello").await?;
        stream.read_exact(&mut answer).await?;
        Ok(began.elapsed())
    }

    #[tokio::test]
    async fn a_wire_is_clear_late_dead_clear_again_and_cut() {
        let proxy = FaultProxy::to(echo().await).await;
        let mut stream = TcpStream::connect(proxy.address).await.expect("connected");
        asked(&mut stream).await.expect("an echo");
        proxy.set(Wire::Late(Duration::from_millis(60)));
        assert!(asked(&mut stream).await.expect("an echo") >= Duration::from_millis(120));
        proxy.set(Wire::Blackhole);
        stream.write_all(b"there?").await.expect("the kernel takes it");
        let mut answer = [0; 6];
        let waited = tokio::time::timeout(Duration::from_millis(150), stream.read_exact(&mut answer)).await;
        assert!(waited.is_err(), "something came out of a black hole");
        proxy.set(Wire::Clear);
        stream.read_exact(&mut answer).await.expect("what waited is passed on");
        assert_eq!((&answer, proxy.open()), (b"there?", 1));
        proxy.cut();
        assert!(asked(&mut stream).await.is_err(), "a cut wire carries nothing");
    }
}
