//! Hands committed events on in order, whoever committed them.
//!
//! Two commits of one process may report in the wrong order, and other processes do not report at all. Events wait
//! here until their number is due; what does not come by itself is read from the database: at once when somebody hints
//! that it is there, and a little later when nobody does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use crate::patience::Pool;
use kernel::Stamped;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};

use crate::outbox::hints::{self, Heads, Hints, Pace};
use crate::outbox::{Shard, replay, shards};

/// Batches of committed events, in order within each shard.
pub type Tail = UnboundedReceiver<Arc<[Stamped]>>;

/// How often other processes' commits are looked for. What was there at one look and has not been reported by the next
/// is read, so a hole is waited for twice as long at most; what this process commits just now is never read back.
const LOOK: Duration = Duration::from_millis(250);

pub(crate) struct Sequencer {
    reports: UnboundedSender<Vec<Stamped>>,
    shared: Arc<Shared>,
    hints: Arc<Hints>,
    heads: watch::Sender<Vec<i64>>,
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
    pub fn start(conn: Pool, shards: &[Shard]) -> Self {
        let (reports, inbox) = mpsc::unbounded_channel();
        let seen = shards.iter().map(|shard| AtomicI64::new(shard.head)).collect();
        let shared = Arc::new(Shared { seen, tails: Mutex::default() });
        let lanes = shards
            .iter()
            .map(|shard| Lane { shard: *shard, next: shard.head + 1, head: shard.head, early: BTreeMap::new() })
            .collect();
        let hints = Arc::new(Hints::new(shards.len()));
        let worker = Worker { conn, lanes, shared: Arc::downgrade(&shared), hints: hints.clone(), pace: Pace::new() };
        tokio::spawn(worker.run(inbox));
        Self { reports, shared, hints, heads: hints::heads(shards) }
    }

    /// Tells of events this process committed.
    pub fn committed(&self, events: Vec<Stamped>) {
        if !events.is_empty() {
            self.heads.send_modify(|heads| events.iter().for_each(|event| note(heads, event)));
            // the worker lives as long as we do; at shut-down nobody is left to be told
            let _ = self.reports.send(events);
        }
    }

    pub fn seen(&self, shard: u16) -> i64 {
        self.shared.seen.get(usize::from(shard)).map_or(0, |n| n.load(Ordering::Acquire))
    }

    /// Another process says a shard has come to `n`.
    pub fn hint(&self, shard: u16, n: i64) {
        if n > self.seen(shard) {
            self.hints.raise(shard, n);
        }
    }

    /// Hints were missed: looks at every shard at once.
    pub fn hint_all(&self) {
        self.hints.raise_all();
    }

    /// Where this process's commits bring the shards from now on.
    pub fn heads(&self) -> Heads {
        Heads::new(self.heads.subscribe())
    }

    #[expect(clippy::disallowed_methods, reason = "read by the bus, which never waits")]
    pub fn subscribe(&self) -> Tail {
        let (sender, tail) = mpsc::unbounded_channel();
        self.shared.tails.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        tail
    }
}

fn note(heads: &mut [i64], event: &Stamped) {
    if let Some(head) = heads.get_mut(usize::from(event.position.shard)) {
        *head = event.position.n.max(*head);
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
    conn: Pool,
    lanes: Vec<Lane>,
    shared: Weak<Shared>,
    hints: Arc<Hints>,
    pace: Pace,
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
                _ = look.tick() => drop(self.look(&[]).await),
                () = self.hints.due(&self.pace) => self.follow_hints(&mut inbox).await,
            }
            let Some(shared) = self.shared.upgrade() else { return };
            self.hand_on(&shared);
        }
    }

    fn take(&mut self, events: Vec<Stamped>) {
        for event in events {
            if let Some(lane) = self.lanes.get_mut(usize::from(event.position.shard)) {
                lane.put(event);
            }
        }
    }

    fn hand_on(&mut self, shared: &Shared) {
        self.lanes.iter_mut().for_each(|lane| lane.hand_on(shared));
    }

    /// Looks at the shards somebody says have moved, after what this process committed itself has been taken: most of
    /// what a late hint speaks of is there already.
    async fn follow_hints(&mut self, inbox: &mut UnboundedReceiver<Vec<Stamped>>) {
        while let Ok(events) = inbox.try_recv() {
            self.take(events);
        }
        if let Some(shared) = self.shared.upgrade() {
            self.hand_on(&shared);
        }
        let ahead = |lane: &&Lane| self.hints.take(lane.shard.number) >= lane.next;
        let hinted: Vec<_> = self.lanes.iter().filter(ahead).map(|lane| lane.shard.number).collect();
        if !hinted.is_empty() {
            let found = self.look(&hinted).await;
            self.pace.looked(found > 0);
        }
    }

    /// Reads what the counters say exists and nobody reported: in the shards that were hinted at whatever is there,
    /// in the others what was there at the last look. Gives how many events it found.
    async fn look(&mut self, hinted: &[u16]) -> usize {
        let heads = match shards(&self.conn).await {
            Ok(heads) => heads,
            Err(error) => {
                tracing::warn!(%error, "cannot look for events of other processes");
                return 0;
            }
        };
        let mut found = 0;
        for (lane, now) in self.lanes.iter_mut().zip(heads) {
            let before = std::mem::replace(&mut lane.head, now.head);
            let due = if hinted.contains(&now.number) { now.head } else { before };
            if due >= lane.next {
                found += lane.read(&self.conn, &self.hints).await;
            }
        }
        found
    }
}

impl Lane {
    /// Reads on; what did not fit into a page is read as soon as this is handed on.
    async fn read(&mut self, conn: &Pool, hints: &Hints) -> usize {
        match replay::of_shard(conn, &self.shard, self.next - 1).await {
            Ok(events) => {
                let found = events.len();
                events.into_iter().for_each(|event| self.put(event));
                if found >= replay::PAGE {
                    hints.raise(self.shard.number, self.head);
                }
                found
            }
            Err(error) => {
                tracing::warn!(%error, "cannot read events of other processes");
                0
            }
        }
    }

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
        metrics::counter!("porchlight_store_events_total").increment(due.len() as u64);
        let due: Arc<[Stamped]> = due.into();
        shared.tails.lock().unwrap_or_else(PoisonError::into_inner).retain(|tail| tail.send(due.clone()).is_ok());
    }
}
