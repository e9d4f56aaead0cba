//! Tells everybody in this process what was committed, in order, and what is only true for a moment.
//!
//! Promises: a listener hears every batch that was published after it began to listen, in order, or hears
//! [`Heard::Behind`] once when it was too slow. Nothing here waits for a listener. Nothing here is durable: what was
//! missed is read again from the store. Knows no database and no socket.

mod signal;

use std::sync::Arc;

use kernel::Stamped;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc::UnboundedReceiver;

pub use signal::{Hearers, Signal};

/// Batches and signals a slow listener may be behind before it is told to start over.
const DEPTH: usize = 4096;

#[derive(Clone)]
enum Carried {
    Events(Arc<[Stamped]>),
    Signal(Arc<Signal>),
}

/// The process's own bus. Cheap to clone.
#[derive(Clone)]
pub struct Bus(broadcast::Sender<Carried>);

/// One listener's place on the bus.
pub struct Listener(broadcast::Receiver<Carried>);

/// What a listener hears.
#[derive(Debug)]
pub enum Heard {
    /// Committed events, in order.
    Events(Arc<[Stamped]>),
    /// Something that is gone when it is missed.
    Signal(Arc<Signal>),
    /// Too slow: some of both was missed. Events are in the store, signals are gone.
    Behind,
    /// The bus is gone.
    Over,
}

impl Bus {
    /// A bus as deep as the product needs it.
    pub fn new() -> Self {
        Self::with_depth(DEPTH)
    }

    /// A bus that tells listeners they are behind after `depth` batches.
    pub fn with_depth(depth: usize) -> Self {
        Self(broadcast::Sender::new(depth.max(1)))
    }

    /// Listens to everything published from now on.
    pub fn listen(&self) -> Listener {
        Listener(self.0.subscribe())
    }

    /// Hands committed events on. The caller keeps their order.
    pub fn publish(&self, events: Arc<[Stamped]>) {
        // nobody listening is nobody to tell
        let _ = self.0.send(Carried::Events(events));
    }

    /// Says something that nobody needs to hear later.
    pub fn signal(&self, signal: Signal) {
        let _ = self.0.send(Carried::Signal(Arc::new(signal)));
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

impl Listener {
    /// Waits for what comes next. Safe to cancel.
    pub async fn hear(&mut self) -> Heard {
        match self.0.recv().await {
            Ok(Carried::Events(events)) => Heard::Events(events),
            Ok(Carried::Signal(signal)) => Heard::Signal(signal),
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
