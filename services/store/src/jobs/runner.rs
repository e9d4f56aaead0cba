//! Runs due jobs, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use futures::future::{BoxFuture, join_all};
use kernel::{Error, Result};
use sea_orm::DatabaseConnection;
use tokio::task::JoinSet;

use crate::Db;
use crate::jobs::{Task, claim};

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
/// Jobs of one worker at once.
const AT_ONCE: usize = 16;
/// Longest sleep, so that a job of another process or a moved clock is seen.
const NAP: Duration = Duration::from_secs(1);

/// A worker with its list of handlers.
pub struct Runner<C> {
    db: Db,
    context: C,
    handlers: Vec<(&'static str, Handler<C>)>,
}

impl<C: Clone + Send + Sync + 'static> Runner<C> {
    /// A worker that knows these kinds.
    pub fn new(db: Db, context: C, handlers: Vec<(&'static str, Handler<C>)>) -> Self {
        Self { db, context, handlers }
    }

    /// Works until dropped. A job that takes its time keeps none of the others waiting, as long as there is a place.
    /// Each runs by itself: while this loop waits for the one connection that writes, that connection may be in the
    /// hands of a job that has to go on to give it back.
    pub async fn run(self) {
        let this = Arc::new(self);
        let mut busy = JoinSet::new();
        loop {
            let places = AT_ONCE - busy.len();
            match this.claim(places).await {
                Ok(tasks) => tasks.into_iter().for_each(|task| {
                    let this = this.clone();
                    busy.spawn(async move { this.run_one(task).await });
                }),
                Err(error) => tracing::warn!(%error, "cannot look for jobs"),
            }
            let has_place = busy.len() < AT_ONCE;
            let nap = if has_place { this.nap().await } else { NAP };
            tokio::select! {
                Some(done) = busy.join_next() => if let Err(error) = done.unwrap_or_else(|end| Err(Error::internal(end))) {
                    tracing::warn!(%error, "a job's outcome could not be written down; it will run again");
                },
                () = tokio::time::sleep(nap), if has_place => (),
                () = this.db.inner.jobs_left.notified(), if has_place => (),
            }
        }
    }

    async fn claim(&self, most: usize) -> Result<Vec<Task>> {
        match i64::try_from(most) {
            Ok(most @ 1..) => claim::claim(self.conn(), self.db.clock().now(), most).await,
            _ => Ok(Vec::new()),
        }
    }

    /// Runs everything that is due now; returns how many jobs ran.
    pub async fn run_due(&self) -> Result<usize> {
        let mut ran = 0;
        loop {
            let tasks = claim::claim(self.conn(), self.db.clock().now(), 8).await?;
            if tasks.is_empty() {
                return Ok(ran);
            }
            ran += tasks.len();
            for result in join_all(tasks.into_iter().map(|task| self.run_one(task))).await {
                result?;
            }
        }
    }

    async fn nap(&self) -> Duration {
        match claim::next_due(self.conn()).await {
            Ok(Some(due)) => due.since(self.db.clock().now()).clamp(Duration::from_millis(10), NAP),
            _ => NAP,
        }
    }

    fn conn(&self) -> &DatabaseConnection {
        &self.db.inner.pools.writer
    }

    async fn run_one(&self, task: Task) -> Result<()> {
        let Some((_, handler)) = self.handlers.iter().find(|(kind, _)| *kind == task.kind) else {
            return claim::give_up(self.conn(), &task, self.db.clock().now(), "no handler knows this kind").await;
        };
        // a handler that panics must not take the worker with it
        let mut running = tokio::spawn(handler(self.context.clone(), task.clone()));
        let outcome = loop {
            match tokio::time::timeout(claim::LEASE / 3, &mut running).await {
                Ok(ended) => break ended.unwrap_or_else(|panic| Err(Error::internal(panic))),
                Err(_) => self.hold_on(&task).await,
            }
        };
        self.settle(&task, outcome).await
    }

    /// Makes the lease of a job that is still worked on longer: another worker would begin it a second time.
    async fn hold_on(&self, task: &Task) {
        if let Err(error) = claim::extend(self.conn(), task, self.db.clock().now()).await {
            tracing::warn!(job.kind = task.kind, %error, "a lease could not be made longer; the job may run twice");
        }
    }

    async fn settle(&self, task: &Task, outcome: Result<Outcome>) -> Result<()> {
        let now = self.db.clock().now();
        match outcome {
            Ok(Outcome::Done) => claim::finish(self.conn(), task).await,
            Ok(Outcome::Again(after)) => claim::again(self.conn(), task, now.plus(after), true, None).await,
            Ok(Outcome::GiveUp(why)) => claim::give_up(self.conn(), task, now, &why).await,
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

/// 5 s, 10 s, 20 s … up to an hour.
fn back_off(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    Duration::from_secs((5 << doublings).min(3600))
}
