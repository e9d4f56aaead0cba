//! What this process tells the others. Callers never wait: queues are bounded, and what finds no place is dropped and
//! counted. Hints do not queue behind moments.

use std::sync::Arc;
use std::time::Duration;

use async_nats::Client;
use async_nats::connection::State;
use bytes::Bytes;
use kernel::{Error, Result};
use tokio::sync::mpsc::{self, Receiver, Sender};
use uuid::Uuid;

use crate::Signal;
use crate::nats::meters::{self, Lost};
use crate::nats::seal::Seal;
use crate::nats::subject;

/// Hints that may wait; there are few, each shard's replaces its last.
const HINTS: usize = 256;
/// Moments and notes that may wait.
const MOMENTS: usize = 4096;
/// Bytes of a note at most; brokers refuse a megabyte.
const LARGEST: usize = 256 * 1024;
/// How long the broker may keep one waiting: what comes later is no moment any more.
const PATIENCE: Duration = Duration::from_secs(1);

/// Something to tell.
pub(crate) enum Parcel {
    Hint { shard: u16, n: i64 },
    Jobs,
    Signal(Arc<Signal>),
    Note { topic: &'static str, bytes: Bytes },
}

impl Parcel {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Hint { .. } => "hint",
            Self::Jobs => "jobs",
            Self::Signal(_) => "signal",
            Self::Note { .. } => "note",
        }
    }
}

/// The near end of both queues.
pub(crate) struct Outgoing {
    hints: Sender<Parcel>,
    moments: Sender<Parcel>,
}

/// The far end.
pub(crate) struct Post {
    hints: Receiver<Parcel>,
    moments: Receiver<Parcel>,
    client: Client,
    seal: Arc<Seal>,
    node: Uuid,
    number: u64,
}

impl Outgoing {
    pub fn new(client: Client, seal: Arc<Seal>, node: Uuid) -> (Self, Post) {
        let ((hints, hints_out), (moments, moments_out)) = (mpsc::channel(HINTS), mpsc::channel(MOMENTS));
        let post = Post { hints: hints_out, moments: moments_out, client, seal, node, number: 0 };
        (Self { hints, moments }, post)
    }

    pub fn send(&self, parcel: Parcel) {
        let kind = parcel.kind();
        let queue = match parcel {
            Parcel::Hint { .. } | Parcel::Jobs => &self.hints,
            Parcel::Signal(_) | Parcel::Note { .. } => &self.moments,
        };
        if queue.try_send(parcel).is_err() {
            meters::dropped(kind, Lost::Slow);
        }
    }
}

impl Post {
    /// Sends until the bus is gone.
    pub async fn run(mut self) {
        loop {
            let parcel = tokio::select! {
                biased;
                Some(parcel) = self.hints.recv() => parcel,
                Some(parcel) = self.moments.recv() => parcel,
                else => return,
            };
            let kind = parcel.kind();
            match self.carry(parcel).await {
                Ok(()) => meters::sent(kind),
                Err(why) => meters::dropped(kind, why),
            }
        }
    }

    async fn carry(&mut self, parcel: Parcel) -> Result<(), Lost> {
        // what waits for a broker that is away is old when it comes back; the store has it
        if self.client.connection_state() != State::Connected {
            return Err(Lost::Away);
        }
        let (subject, bytes) = self.wrap(parcel).map_err(|_| Lost::Large)?;
        match tokio::time::timeout(PATIENCE, self.client.publish(subject, bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Lost::Away),
            Err(_) => Err(Lost::Slow),
        }
    }

    fn wrap(&mut self, parcel: Parcel) -> Result<(String, Bytes)> {
        match parcel {
            Parcel::Hint { shard, n } => Ok((subject::hint(shard), n.to_string().into())),
            Parcel::Jobs => Ok((subject::JOBS.to_owned(), Bytes::new())),
            Parcel::Signal(signal) => {
                let bytes = serde_json::to_vec(&*signal).map_err(Error::internal)?;
                self.sealed(subject::signal(signal.tenant), &bytes)
            }
            Parcel::Note { topic, bytes } => self.sealed(subject::note(topic), &bytes),
        }
    }

    fn sealed(&mut self, subject: String, bytes: &[u8]) -> Result<(String, Bytes)> {
        if bytes.len() > LARGEST {
            return Err(Error::internal("too large for the bus"));
        }
        self.number += 1;
        let sealed = self.seal.seal(&subject, (self.node, self.number), bytes)?;
        Ok((subject, sealed.into()))
    }
}
