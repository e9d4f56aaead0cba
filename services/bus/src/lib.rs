//! Tells everybody what was committed, in order, and what is only true for a moment.
//!
//! Promises: a listener hears every batch that was published in this process after it began to listen, in order, or hears
//! [`Heard::Behind`] once when it was too slow. Nothing here waits for a listener or a broker. Nothing here is durable:
//! what was missed is read again from the store. Other processes hear of commits as hints that say *look*, of moments as
//! they are, and of notes; all of that may be lost. Knows no database and no socket.

mod config;
mod nats;
mod nudge;
mod signal;

use std::sync::Arc;

use bytes::Bytes;
use kernel::{Clock, Id, Result, Stamped};
use nats::{Ears, Link, Parcel};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc::UnboundedReceiver;
use uuid::Uuid;

pub use config::BusConfig;
pub use nudge::{Nudge, Nudges};
pub use signal::{Hearers, Signal};

/// Batches and signals a slow listener may be behind before it is told to start over.
const DEPTH: usize = 4096;

#[derive(Clone)]
pub(crate) enum Carried {
    Events(Arc<[Stamped]>),
    Signal(Arc<Signal>),
    Note(Arc<Note>),
}

/// What this process hears from others, beside hints and notes: its log-in at the broker allows no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hears {
    /// Moments: whoever has sockets.
    pub signals: bool,
    /// That jobs were left: whoever works on them.
    pub jobs: bool,
}

/// Something one process tells all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub topic: String,
    /// Which process says it.
    pub from: Uuid,
    /// What.
    pub bytes: Bytes,
}

/// The way out of this process. A closed set: the product knows both.
enum Wire {
    Local,
    Nats(Link),
}

/// The bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus(Arc<Inner>);

struct Inner {
    node: Uuid,
    heard: broadcast::Sender<Carried>,
    nudges: broadcast::Sender<Nudge>,
    wire: Wire,
}

/// Only a name for ids.
enum Node {}

/// One listener's place on the bus.
pub struct Listener(broadcast::Receiver<Carried>);

/// What a listener hears.
#[derive(Debug)]
pub enum Heard {
    /// Committed events, in order.
    Events(Arc<[Stamped]>),
    /// Something that is gone when it is missed.
    Signal(Arc<Signal>),
    /// Another process says something.
    Note(Arc<Note>),
    /// Too slow: some of it was missed. Events are in the store, signals and notes are gone.
    Behind,
    /// The bus is gone.
    Over,
}

impl Bus {
    /// A bus within this process, as deep as the product needs it.
    pub fn local() -> Self {
        Self::with_depth(DEPTH)
    }

    /// As [`Bus::local`].
    pub fn new() -> Self {
        Self::local()
    }

    /// A bus within this process that tells listeners they are behind after `depth` batches.
    pub fn with_depth(depth: usize) -> Self {
        let (heard, nudges) = (broadcast::Sender::new(depth.max(1)), broadcast::Sender::new(nudge::DEPTH));
        Self(Arc::new(Inner { node: node(), heard, nudges, wire: Wire::Local }))
    }

    /// The bus the configuration names. A broker that is away is connected to later; until then, and whenever it is away
    /// again, this is a bus within the process.
    pub async fn connect(config: &BusConfig, hears: Hears) -> Result<Self> {
        if config.is_local() {
            return Ok(Self::local());
        }
        let (heard, nudges) = (broadcast::Sender::new(DEPTH), broadcast::Sender::new(nudge::DEPTH));
        let (node, ears) = (node(), Ears { heard: heard.downgrade(), nudges: nudges.clone() });
        let wire = Wire::Nats(Link::open(config, hears, node, ears).await?);
        Ok(Self(Arc::new(Inner { node, heard, nudges, wire })))
    }

    /// Which process this is, for others to tell apart. Another one after each start.
    pub fn node(&self) -> Uuid {
        self.0.node
    }

    /// Whether there may be other processes.
    pub fn is_shared(&self) -> bool {
        matches!(self.0.wire, Wire::Nats(_))
    }

    /// Listens to everything published from now on.
    pub fn listen(&self) -> Listener {
        Listener(self.0.heard.subscribe())
    }

    /// Hears from now on that others did something the database knows of.
    pub fn nudges(&self) -> Nudges {
        Nudges(self.0.nudges.subscribe())
    }

    /// Hands committed events on within this process. The caller keeps their order.
    pub fn publish(&self, events: Arc<[Stamped]>) {
        // nobody listening is nobody to tell
        let _ = self.0.heard.send(Carried::Events(events));
    }

    /// Says something that nobody needs to hear later, here and in every other process.
    pub fn signal(&self, signal: Signal) {
        let signal = Arc::new(signal);
        let _ = self.0.heard.send(Carried::Signal(signal.clone()));
        self.send(Parcel::Signal(signal));
    }

    /// Tells all other processes something; it may be lost, and never comes twice. Not heard in this process.
    pub fn note(&self, topic: &'static str, bytes: impl Into<Bytes>) {
        self.send(Parcel::Note { topic, bytes: bytes.into() });
    }

    /// Tells other processes how far a shard of events has come.
    pub fn hint(&self, shard: u16, n: i64) {
        self.send(Parcel::Hint { shard, n });
    }

    /// Tells other processes that jobs were left.
    pub fn hint_jobs(&self) {
        self.send(Parcel::Jobs);
    }

    fn send(&self, parcel: Parcel) {
        if let Wire::Nats(link) = &self.0.wire {
            link.send(parcel);
        }
    }

    /// Publishes what the store's tail brings, until the store is gone.
    pub async fn follow(self, mut tail: UnboundedReceiver<Arc<[Stamped]>>) {
        while let Some(events) = tail.recv().await {
            self.publish(events);
        }
    }
}

impl Default for Bus {
    fn default() -> Self {
        Self::new()
    }
}

fn node() -> Uuid {
    Id::<Node>::new(&Clock::System).uuid()
}

impl Listener {
    /// Waits for what comes next. Safe to cancel.
    pub async fn hear(&mut self) -> Heard {
        match self.0.recv().await {
            Ok(Carried::Events(events)) => Heard::Events(events),
            Ok(Carried::Signal(signal)) => Heard::Signal(signal),
            Ok(Carried::Note(note)) => Heard::Note(note),
            Err(RecvError::Lagged(_)) => Heard::Behind,
            Err(RecvError::Closed) => Heard::Over,
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{Audience, Clock, Position, TenantId, Timestamp};

    use super::*;

    fn batch(n: i64) -> Arc<[Stamped]> {
        let position = Position { epoch: 1, shard: 0, n };
        let tenant = TenantId::new(&Clock::System);
        let at = Timestamp::from_millis(n);
        Arc::new([Stamped { position, tenant, audience: Audience::Agents, at, body: "{}".into() }])
    }

    async fn next(listener: &mut Listener) -> i64 {
        match listener.hear().await {
            Heard::Events(events) => events[0].position.n,
            other => panic!("events were due, not {other:?}"),
        }
    }

    #[tokio::test]
    async fn batches_arrive_in_order_and_a_slow_listener_is_told_once() {
        let bus = Bus::with_depth(2);
        let mut listener = bus.listen();
        bus.publish(batch(1));
        assert_eq!(next(&mut listener).await, 1);
        for n in 2..=5 {
            bus.publish(batch(n));
        }
        assert!(matches!(listener.hear().await, Heard::Behind));
        assert_eq!((next(&mut listener).await, next(&mut listener).await), (4, 5));
        drop(bus);
        assert!(matches!(listener.hear().await, Heard::Over));
    }
}
