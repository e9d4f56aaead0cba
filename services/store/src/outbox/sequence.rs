//! Hands committed events on in order, whoever committed them.
//!
//! Two commits of one process may report in the wrong order, and other processes do not report at all. Events wait
//! here until their number is due; what does not come by itself is read from the database.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use kernel::Stamped;
use sea_orm::DatabaseConnection;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{MissedTickBehavior, interval};

use crate::outbox::{Shard, replay, shards};

/// Batches of committed events, in order within each shard.
pub type Tail = UnboundedReceiver<Arc<[Stamped]>>;

/// How often other processes' commits are looked for. What was there at one look and has not been reported by the next
/// is read, so a hole is waited for twice as long at most; what this process commits just now is never read back.
const LOOK: Duration = Duration::from_millis(250);

pub(crate) struct Sequencer {
    reports: UnboundedSender<Vec<Stamped>>,
    shared: Arc<Shared>,
}

struct Shared {
    seen: Vec<AtomicI64>,
    tails: Mutex<Vec<UnboundedSender<Arc<[Stamped]>>>>,
}

impl Sequencer {
    #[expect(
        clippy::disallowed_methods,
        reason = "fed by commits, which are bounded; losing an event here would be worse"
    )]
    pub fn start(conn: DatabaseConnection, shards: &[Shard]) -> Self {
        let (reports, inbox) = mpsc::unbounded_channel();
        let seen = shards.iter().map(|shard| AtomicI64::new(shard.head)).collect();
        let shared = Arc::new(Shared { seen, tails: Mutex::default() });
        let lanes = shards
            .iter()
            .map(|shard| Lane { shard: *shard, next: shard.head + 1, head: shard.head, early: BTreeMap::new() })
            .collect();
        tokio::spawn(Worker { conn, lanes, shared: Arc::downgrade(&shared) }.run(inbox));
        Self { reports, shared }
    }

    /// Tells of events this process committed.
    pub fn committed(&self, events: Vec<Stamped>) {
        if !events.is_empty() {
            // the worker lives as long as we do; at shut-down nobody is left to be told
            let _ = self.reports.send(events);
        }
    }

    pub fn seen(&self, shard: u16) -> i64 {
        self.shared.seen.get(usize::from(shard)).map_or(0, |n| n.load(Ordering::Acquire))
    }

    #[expect(clippy::disallowed_methods, reason = "read by the bus, which never waits")]
    pub fn subscribe(&self) -> Tail {
        let (sender, tail) = mpsc::unbounded_channel();
        self.shared.tails.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        tail
    }
}

struct Lane {
    shard: Shard,
    next: i64,
    /// As it was at the last look.
    head: i64,
    early: BTreeMap<i64, Stamped>,
}

struct Worker {
    conn: DatabaseConnection,
    lanes: Vec<Lane>,
    shared: Weak<Shared>,
}

impl Worker {
    async fn run(mut self, mut inbox: UnboundedReceiver<Vec<Stamped>>) {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                report = inbox.recv() => match report {
                    Some(events) => self.take(events),
                    None => return,
                },
                _ = look.tick() => self.look().await,
            }
            let Some(shared) = self.shared.upgrade() else { return };
            for lane in &mut self.lanes {
                lane.hand_on(&shared);
            }
        }
    }

    fn take(&mut self, events: Vec<Stamped>) {
        for event in events {
            if let Some(lane) = self.lanes.get_mut(usize::from(event.position.shard)) {
                lane.put(event);
            }
        }
    }

    /// Reads what the counters say exists and nobody reported.
    async fn look(&mut self) {
        let heads = match shards(&self.conn).await {
            Ok(heads) => heads,
            Err(error) => return tracing::warn!(%error, "cannot look for events of other processes"),
        };
        for (lane, now) in self.lanes.iter_mut().zip(heads) {
            let head = std::mem::replace(&mut lane.head, now.head);
            if head < lane.next {
                continue;
            }
            match replay::of_shard(&self.conn, &lane.shard, lane.next - 1).await {
                Ok(events) => events.into_iter().for_each(|event| lane.put(event)),
                Err(error) => tracing::warn!(%error, "cannot read events of other processes"),
            }
        }
    }
}

impl Lane {
    fn put(&mut self, event: Stamped) {
        if event.position.n >= self.next {
            self.early.insert(event.position.n, event);
        }
    }

    fn hand_on(&mut self, shared: &Shared) {
        let mut due = Vec::new();
        while let Some(event) = self.early.remove(&self.next) {
            self.next += 1;
            due.push(event);
        }
        if due.is_empty() {
            return;
        }
        shared.seen[usize::from(self.shard.number)].store(self.next - 1, Ordering::Release);
        let due: Arc<[Stamped]> = due.into();
        shared.tails.lock().unwrap_or_else(PoisonError::into_inner).retain(|tail| tail.send(due.clone()).is_ok());
    }
}
