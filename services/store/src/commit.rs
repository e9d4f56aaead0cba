//! Group commit: one commit for whatever has gathered while the last one was being written.
//!
//! A commit costs a flush, whatever it holds. Writes of the hot path are handed to a lane; the lane takes all that
//! wait, runs them as one unit, commits once and answers every caller. Idle, it commits at once: there is no timer.
//! What comes while a lane waits for its connection still joins the batch.
//! A batch that fails is run again one by one, so that one bad write never fails its neighbours.

use std::collections::BTreeSet;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use kernel::trace;
use kernel::{Error, Kind, Position, Result, TenantId};
use metrics::histogram;
use sea_orm::DbBackend;
use tokio::sync::{mpsc, oneshot};
use tracing::{Instrument, Span, debug_span};

use crate::{Db, Unit};

/// Most writes in one commit.
const MOST: usize = 512;
/// Writes that may wait in a lane before callers are told to come back.
const WAITING: usize = 4096;
/// How often a passing fault (lock, lost connection) is tried again.
const TRIES: u32 = 3;
/// Longest wait of a caller: one who is told to come back in time does not wait behind others for minutes.
const PATIENCE: Duration = Duration::from_millis(2_500);

/// How a batch of one kind of write is done.
pub trait Gather: Send + Sync + 'static {
    /// One write.
    type Item: Send + Sync + 'static;
    /// What its caller gets.
    type Done: Send + 'static;

    /// Whose row it is; `None` when that is not known yet.
    fn tenant(item: &Self::Item) -> Option<TenantId>;

    /// Does all of `items` in `unit`. The outer error fails the whole batch (it is then run one by one); an inner one
    /// is the answer to that item. `Some(index)` is the number of the item's event within the unit.
    fn run(
        &self,
        unit: &mut Unit,
        items: &[Self::Item],
    ) -> impl Future<Output = Result<Vec<Answer<Self::Done>>>> + Send;
}

/// One item's outcome and the number of the event that carries it.
pub type Answer<D> = Result<(D, Option<usize>)>;

/// One item's outcome and its place in the stream.
type Committed<D> = Result<(D, Option<Position>)>;

type Reply<D> = oneshot::Sender<Committed<D>>;

/// A write, whom to tell, and the work it is part of.
type Waiting<G> = (<G as Gather>::Item, (Reply<<G as Gather>::Done>, Span));

/// Lanes that gather writes of one kind.
pub struct Committer<G: Gather> {
    lanes: Vec<mpsc::Sender<Waiting<G>>>,
}

impl<G: Gather> Committer<G> {
    /// Starts `lanes` lanes; writes with the same key always share one, and so keep their order. SQLite has one writer:
    /// a second lane would only halve the batches.
    pub fn start(db: &Db, gather: G, lanes: usize) -> Self {
        let gather = Arc::new(gather);
        let most = if db.inner.pools.backend == DbBackend::Sqlite { 1 } else { lanes.max(1) };
        let lanes = (0..most)
            .map(|_| {
                let (sender, waiting) = mpsc::channel(WAITING);
                tokio::spawn(Lane { db: db.clone(), gather: gather.clone(), waiting }.run());
                sender
            })
            .collect();
        Self { lanes }
    }

    /// Hands a write over and waits for the commit that holds it, as long as [`PATIENCE`] allows. A write that has begun
    /// happens even when the caller stops waiting: who asks again with the same client id is told of it.
    pub async fn submit(&self, key: u64, item: G::Item) -> Committed<G::Done> {
        let lane = usize::try_from(key % self.lanes.len() as u64).unwrap_or(0);
        let (reply, answer) = oneshot::channel();
        let handed_over = async {
            match self.lanes[lane].send((item, (reply, trace::current()))).await {
                Ok(()) => answer.await.unwrap_or_else(|_| Err(stopping())),
                Err(_) => Err(stopping()),
            }
        };
        tokio::time::timeout(PATIENCE, handed_over).await.unwrap_or_else(|_| Err(busy()))
    }
}

fn busy() -> Error {
    Error::unavailable("store_busy", "Too much is being written just now; try again in a moment.")
}

fn stopping() -> Error {
    Error::unavailable("stopping", "The server is restarting; try again in a moment.")
}

struct Lane<G: Gather> {
    db: Db,
    gather: Arc<G>,
    waiting: mpsc::Receiver<Waiting<G>>,
}

impl<G: Gather> Lane<G> {
    async fn run(mut self) {
        let mut batch = Vec::with_capacity(MOST);
        while self.waiting.recv_many(&mut batch, MOST).await > 0 {
            let begun = self.db.begin().await;
            while batch.len() < MOST
                && let Ok(more) = self.waiting.try_recv()
            {
                batch.push(more);
            }
            // who was told to come back while they waited asks again, so nothing is done for them now
            batch.retain(|(_, (reply, _))| !reply.is_closed());
            if batch.is_empty() {
                continue;
            }
            let (items, callers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
            let (replies, spans): (Vec<_>, Vec<_>) = callers.into_iter().unzip();
            let (span, began) = (batch_of(&spans), Instant::now());
            let done = self.commit(begun, &items).instrument(span).await;
            histogram!("porchlight_store_batch_size").record(items.len() as f64);
            histogram!("porchlight_store_batch_seconds").record(began.elapsed().as_secs_f64());
            match done {
                Ok(answers) => replies.into_iter().zip(answers).for_each(|(reply, answer)| drop(reply.send(answer))),
                Err(error) if items.len() == 1 => {
                    replies.into_iter().for_each(|reply| drop(reply.send(Err(copy(&error)))))
                }
                Err(error) => {
                    tracing::warn!(%error, batch = items.len(), "batch failed, running it one by one");
                    self.one_by_one(items, replies).await;
                }
            }
        }
    }

    async fn one_by_one(&self, items: Vec<G::Item>, replies: Vec<Reply<G::Done>>) {
        for (item, reply) in items.into_iter().zip(replies).filter(|(_, reply)| !reply.is_closed()) {
            let answer = match self.commit(self.db.begin().await, std::slice::from_ref(&item)).await {
                Ok(mut answers) => answers.pop().unwrap_or_else(|| Err(stopping())),
                Err(error) => Err(error),
            };
            // a caller that is gone will ask again with the same client id
            let _ = reply.send(answer);
        }
    }

    async fn commit(&self, mut begun: Result<Unit>, items: &[G::Item]) -> Result<Vec<Committed<G::Done>>> {
        let mut tries = 0;
        loop {
            tries += 1;
            let done = match begun {
                Ok(unit) => self.attempt(unit, items).await,
                Err(error) => Err(error),
            };
            match done {
                Err(error) if error.kind() == Kind::Unavailable && tries < TRIES => {
                    tracing::debug!(%error, tries, "trying the batch again");
                    begun = self.db.begin().await;
                }
                done => return done,
            }
        }
    }

    async fn attempt(&self, mut unit: Unit, items: &[G::Item]) -> Result<Vec<Committed<G::Done>>> {
        if let Some(tenants) = tenants::<G>(items) {
            unit.narrow(&tenants).await?;
        }
        let answers = self.gather.run(&mut unit, items).await?;
        let committed = unit.commit().await?;
        let place = |event: Option<usize>| event.and_then(|n| committed.positions.get(n).copied());
        Ok(answers.into_iter().map(|answer| answer.map(|(done, event)| (done, place(event)))).collect())
    }
}

/// Whose rows a batch is about; `None` when one of them is nobody's yet.
fn tenants<G: Gather>(items: &[G::Item]) -> Option<Vec<TenantId>> {
    let all: Option<BTreeSet<_>> = items.iter().map(G::tenant).collect();
    all.map(|all| all.into_iter().collect())
}

/// The span of a batch: part of the first request that is traced, and every other one says that it has to do with it.
fn batch_of(callers: &[Span]) -> Span {
    let mut traced = callers.iter().filter(|span| trace::place(span).is_some());
    let Some(first) = traced.next() else { return Span::none() };
    let span = debug_span!(parent: first, "batch", batch.size = callers.len());
    if let Some(place) = trace::place(&span) {
        traced.for_each(|other| trace::link(other, &place));
    }
    span
}

/// The same refusal for another caller; the cause stays with the first.
pub(crate) fn copy(error: &Error) -> Error {
    Error::new(error.kind(), error.code(), error.detail().to_owned())
}
