//! Runs due jobs, a few at a time.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::patience::Pool;
use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use kernel::{Error, Kind, Result};
use tokio::task::{Id, JoinSet};
use tracing::Instrument;

use crate::Db;
use crate::jobs::claim::{self, Work};
use crate::jobs::turns::{self, Owner, Turns};
use crate::jobs::{Leaving, Task, told};

/// Does one kind of job.
pub type Handler<C> = fn(C, Task) -> BoxFuture<'static, Result<Outcome>>;

/// What a handler says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done; the job is gone.
    Done,
    /// Run again after this long, as if for the first time: schedules do this.
    Again(Duration),
    /// Never run again; kept for a human with the reason.
    GiveUp(String),
}

/// How often a failing job is tried before it becomes a dead letter.
const TRIES: i32 = 8;
/// Jobs of one worker at once; one tenant has half of the places at most.
const AT_ONCE: usize = 32;
/// Longest sleep, so that a job of another process or a moved clock is seen.
const NAP: Duration = Duration::from_secs(1);

/// Pauses before an outcome that could not be written down is written again.
const AGAIN: [Duration; 2] = [Duration::from_millis(50), Duration::from_millis(250)];

/// A worker with its list of handlers.
pub struct Runner<C> {
    db: Db,
    context: C,
    handlers: Vec<(&'static str, Handler<C>)>,
    kinds: Vec<&'static str>,
}

impl<C: Clone + Send + Sync + 'static> Runner<C> {
    /// A worker that knows these kinds.
    pub fn new(db: Db, context: C, handlers: Vec<(&'static str, Handler<C>)>) -> Self {
        let kinds = handlers.iter().map(|(kind, _)| *kind).collect();
        Self { db, context, handlers, kinds }
    }

    /// Works until it is told to leave, and then until nothing runs any more. A job that takes its time keeps none of the others waiting, as long as there is a place.
    /// Each runs by itself: while this loop waits for the one connection that writes, that connection may be in the
    /// hands of a job that has to go on to give it back.
    pub async fn run(self, mut leaving: Leaving) {
        let this = Arc::new(self);
        let (mut busy, mut turns) = (Busy::default(), Turns::default());
        while !leaving.is_asked() {
            match turns.claim(this.conn(), this.work(), AT_ONCE - busy.tasks.len()).await {
                Ok(tasks) => tasks.into_iter().for_each(|task| {
                    let (this, leaving) = (this.clone(), leaving.clone());
                    busy.spawn(task.tenant, async move { this.run_one(task, leaving).await });
                }),
                Err(error) => tracing::warn!(%error, "cannot look for jobs"),
            }
            let free = AT_ONCE - busy.tasks.len();
            let nap = if free == 0 { NAP } else { this.nap(turns.is_crowd(free)).await };
            tokio::select! {
                Some(owner) = busy.ended() => turns.ended(owner),
                _ = leaving.asked() => (),
                () = tokio::time::sleep(nap), if free > 0 => (),
                () = this.db.inner.jobs_left.rung(), if free > 0 => (),
            }
            // those that ended together make place together
            while let Some(owner) = busy.ended().now_or_never().flatten() {
                turns.ended(owner);
            }
        }
        while busy.ended().await.is_some() {}
    }

    fn work(&self) -> Work<'_> {
        Work { kinds: &self.kinds, now: self.db.clock().now() }
    }

    /// Runs everything that is due now; returns how many jobs ran.
    pub async fn run_due(&self) -> Result<usize> {
        let mut ran = 0;
        loop {
            let tasks = claim::claim(self.conn(), self.work(), 8).await?;
            if tasks.is_empty() {
                return Ok(ran);
            }
            ran += tasks.len();
            for result in join_all(tasks.into_iter().map(|task| self.run_one(task, Leaving::never()))).await {
                result?;
            }
        }
    }

    async fn nap(&self, is_crowd: bool) -> Duration {
        if is_crowd {
            return turns::LOOK;
        }
        match claim::next_due(self.conn(), &self.kinds).await {
            Ok(Some(due)) => due.since(self.db.clock().now()).clamp(Duration::from_millis(10), NAP),
            _ => NAP,
        }
    }

    fn conn(&self) -> &Pool {
        &self.db.inner.pools.writer
    }

    async fn run_one(&self, task: Task, mut leaving: Leaving) -> Result<()> {
        let Some((_, handler)) = self.handlers.iter().find(|(kind, _)| *kind == task.kind) else {
            // only known kinds are claimed
            return surely(|| claim::give_back(self.conn(), &task)).await;
        };
        let (span, began) = (told::span(&task), Instant::now());
        // a handler that panics must not take the worker with it
        let mut running = tokio::spawn(handler(self.context.clone(), task.clone()).instrument(span.clone()));
        let outcome = loop {
            tokio::select! {
                ended = &mut running => break ended.unwrap_or_else(|panic| Err(Error::internal(panic))),
                () = tokio::time::sleep(claim::BEAT) => if !self.hold_on(&task).await {
                    running.abort();
                    return Ok(());
                },
                () = leaving.over() => {
                    running.abort();
                    match running.await {
                        // it was done at the last moment
                        Ok(outcome) => break outcome,
                        Err(_) => return surely(|| claim::give_back(self.conn(), &task)).await,
                    }
                }
            }
        };
        told::ended(&span, &task, &outcome, began.elapsed());
        surely(|| self.settle(&task, &outcome)).instrument(span).await
    }

    /// Makes the lease of a job that is still worked on longer: another worker would begin it a second time. `false` when
    /// another has begun already, because this one was taken for dead.
    async fn hold_on(&self, task: &Task) -> bool {
        let held = claim::extend(self.conn(), task, self.db.clock().now()).await;
        match &held {
            Ok(true) => {}
            Ok(false) => tracing::warn!(job.kind = task.kind, job.id = %task.id, "a job is somebody else's by now"),
            Err(error) => {
                tracing::warn!(job.kind = task.kind, %error, "a lease could not be made longer; the job may run twice")
            }
        }
        held.unwrap_or(true)
    }

    async fn settle(&self, task: &Task, outcome: &Result<Outcome>) -> Result<()> {
        let now = self.db.clock().now();
        match outcome {
            Ok(Outcome::Done) => claim::finish(self.conn(), task).await,
            Ok(Outcome::Again(after)) => claim::again(self.conn(), task, now.plus(*after), true, None).await,
            Ok(Outcome::GiveUp(why)) => claim::give_up(self.conn(), task, now, why).await,
            Err(error) if task.attempts >= TRIES => {
                tracing::error!(job.kind = task.kind, job.id = %task.id, error = ?error, "job gave up");
                claim::give_up(self.conn(), task, now, &error.to_string()).await
            }
            Err(error) => {
                tracing::warn!(job.kind = task.kind, job.id = %task.id, error = ?error, "job failed, will be tried again");
                claim::again(self.conn(), task, now.plus(back_off(task.attempts)), false, Some(error.code())).await
            }
        }
    }
}

/// Jobs being done, and whose they are.
#[derive(Default)]
struct Busy {
    tasks: JoinSet<Result<()>>,
    owners: HashMap<Id, Owner>,
}

impl Busy {
    fn spawn(&mut self, owner: Owner, work: impl Future<Output = Result<()>> + Send + 'static) {
        let id = self.tasks.spawn(work).id();
        self.owners.insert(id, owner);
    }

    /// Waits for one to end; says whose it was. `None` when there is none. Safe to cancel.
    async fn ended(&mut self) -> Option<Owner> {
        let (id, done) = match self.tasks.join_next_with_id().await? {
            Ok((id, done)) => (id, done),
            Err(end) => (end.id(), Err(Error::internal(end))),
        };
        if let Err(error) = done {
            tracing::warn!(error = ?error, "a job's outcome could not be written down; it will run again");
        }
        Some(self.owners.remove(&id).flatten())
    }
}

/// Writes down what became of a job, and again when a connection broke meanwhile: else the job would stand still until its
/// lease is over, and be done twice. Whoever has taken the job over names another attempt, so a repeat finds nothing.
async fn surely<W: Future<Output = Result<()>>>(write: impl Fn() -> W) -> Result<()> {
    for pause in AGAIN {
        match write().await {
            Err(error) if error.kind() == Kind::Unavailable => tokio::time::sleep(pause).await,
            done => return done,
        }
    }
    write().await
}

/// 5 s, 10 s, 20 s … up to an hour.
fn back_off(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    Duration::from_secs((5 << doublings).min(3600))
}
