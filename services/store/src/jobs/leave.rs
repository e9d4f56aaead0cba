//! How a worker is told to go home.

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Tells a runner to leave.
pub struct Leave(watch::Sender<Option<Instant>>);

/// The runner's end of it.
#[derive(Clone)]
pub struct Leaving(watch::Receiver<Option<Instant>>);

impl Leave {
    /// Both ends.
    pub fn new() -> (Self, Leaving) {
        let (sender, receiver) = watch::channel(None);
        (Self(sender), Leaving(receiver))
    }

    /// No job is begun from now on; those that still run at `deadline` are given back.
    pub fn by(&self, deadline: Instant) {
        self.0.send_replace(Some(deadline));
    }

    /// Waits until the runner is gone.
    pub async fn is_done(&self) {
        self.0.closed().await;
    }
}

impl Leaving {
    /// A runner that is never told.
    pub(super) fn never() -> Self {
        Self(watch::channel(None).1)
    }

    pub(super) fn is_asked(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until it is asked.
    pub(super) async fn asked(&mut self) -> Instant {
        match self.0.wait_for(Option::is_some).await.map(|deadline| *deadline) {
            Ok(Some(deadline)) => deadline,
            // nobody is left who could ask
            _ => std::future::pending().await,
        }
    }

    /// Waits until time is up.
    pub(super) async fn over(&mut self) {
        let deadline = self.asked().await;
        sleep_until(deadline).await;
    }
}
