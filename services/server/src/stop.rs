//! How a process leaves: it says so, sends its sockets elsewhere, finishes what it holds, and gives back what it cannot.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, sleep};

use crate::Running;
use crate::config::Http;
use crate::crew::FirstToEnd;
use crate::{observe, roles};

/// What is left at the end for giving jobs back and writing counts down.
const LAST: Duration = Duration::from_secs(2);

/// How long everything may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Time in which whoever asks hears that this process leaves, and is still served.
    unready: Duration,
    /// Time for all of it.
    all: Duration,
}

impl Patience {
    /// As configured.
    pub fn of(http: &Http) -> Self {
        Self { unready: Duration::from_secs(http.unready_seconds), all: Duration::from_secs(http.stop_seconds) }
    }
}

impl Running {
    /// Stops, in the reverse order of the start: `/readyz` says so at once; no new job is begun; after a moment in which
    /// proxies notice, sockets are sent elsewhere and requests finish; jobs finish or are given back; counts are written
    /// down.
    pub async fn stop(self) {
        let deadline = Instant::now() + self.patience.all;
        self.health.stop();
        if let Some(worker) = &self.worker {
            worker.leave(deadline - LAST.min(self.patience.all));
        }
        sleep(self.patience.unready).await;
        self.hub.drain().await;
        self.listening.finish().await;
        if let Some(worker) = &self.worker {
            worker.is_gone().await;
        }
        roles::api::write_down(&self.ctx).await;
        observe::leave(&self.ctx).await;
        self.crew.end();
    }
}

/// Why a process leaves.
enum Why {
    Asked,
    Failed(&'static str),
}

/// Serves until somebody asks the process to end, or a part of it fails; then stops. Asked a second time, or when
/// stopping takes too long, the process ends at once.
pub async fn until_asked(running: Running) -> Result<()> {
    let why = asked_or_failed(&mut running.first_to_fail()).await?;
    arm(running.patience.all);
    tokio::spawn(insist());
    tracing::info!("porchlight stops");
    running.stop().await;
    match why {
        Why::Asked => Ok(()),
        Why::Failed(part) => bail!("a part of the process failed: {part}; see the log above"),
    }
}

async fn asked_or_failed(first: &mut FirstToEnd) -> Result<Why> {
    tokio::select! {
        asked = asked() => asked.map(|()| Why::Asked),
        part = first.name() => Ok(Why::Failed(part)),
    }
}

/// Waits until somebody asks the process to end.
pub async fn asked() -> Result<()> {
    let mut term = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = term.recv() => (),
        done = tokio::signal::ctrl_c() => done?,
    }
    Ok(())
}

/// Who asks twice does not want to wait.
async fn insist() {
    if asked().await.is_ok() {
        tracing::warn!("asked to end a second time: leaving at once");
        std::process::exit(1);
    }
}

/// A thread, because a runtime that hangs could not keep its own deadline.
fn arm(all: Duration) {
    std::thread::spawn(move || {
        std::thread::sleep(all);
        tracing::error!(stop_seconds = all.as_secs(), "stopping took too long: leaving what is not done");
        std::process::exit(1);
    });
}
