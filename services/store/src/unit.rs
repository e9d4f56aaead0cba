//! One write: rows, events and jobs that commit together or not at all.

use std::time::Instant;

use kernel::{Audience, Draft, Event, Position, Result, TenantId, Timestamp};
use metrics::histogram;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use tracing::{Instrument, Span, debug_span};

use crate::jobs::{self, NewJob};
use crate::patience::Patient;
use crate::{Db, fault, outbox, wall};

/// A write in progress. Dropped without `commit` it leaves nothing behind.
pub struct Unit {
    db: Db,
    transaction: Patient<DatabaseTransaction>,
    drafts: Vec<(TenantId, Draft)>,
    jobs: Vec<NewJob>,
}

/// What a commit gave.
#[derive(Debug, Clone)]
pub struct Committed {
    /// The place of each emitted event, in the order of emission.
    pub positions: Vec<Position>,
}

impl Committed {
    /// The place of the last emitted event.
    pub fn last(&self) -> Option<Position> {
        self.positions.last().copied()
    }
}

impl Unit {
    pub(crate) fn new(db: Db, transaction: Patient<DatabaseTransaction>) -> Self {
        Self { db, transaction, drafts: Vec::new(), jobs: Vec::new() }
    }

    /// From here on the rows of these tenants alone are there (PostgreSQL).
    pub(crate) async fn narrow(&self, tenants: &[TenantId]) -> Result<()> {
        if self.db.is_walled() {
            self.transaction.execute_unprepared(&wall::narrowed(tenants)).await.map_err(fault)?;
        }
        Ok(())
    }

    /// The connection rows are written through.
    pub fn conn(&self) -> &Patient<DatabaseTransaction> {
        &self.transaction
    }

    /// The present moment, for those who are handed a unit and nothing else.
    pub fn now(&self) -> Timestamp {
        self.db.clock().now()
    }

    /// Says that something happened; it becomes visible with the commit. Returns its number within this unit.
    pub fn emit(&mut self, tenant: TenantId, audience: Audience, event: Event) -> usize {
        self.drafts.push((tenant, Draft { audience, event }));
        self.drafts.len() - 1
    }

    /// Leaves work for later; it exists only if the commit does.
    pub fn enqueue(&mut self, job: NewJob) {
        self.jobs.push(job);
    }

    /// Stamps the events, stores the jobs, commits, then wakes those who wait for them.
    pub async fn commit(self) -> Result<Committed> {
        // part of a request or a job; by itself it would be a trace that says nothing
        let span = match Span::current().is_none() {
            true => Span::none(),
            false => debug_span!("commit", db.events = self.drafts.len(), db.jobs = self.jobs.len()),
        };
        let began = Instant::now();
        let done = self.write_down().instrument(span).await;
        histogram!("porchlight_store_commit_seconds").record(began.elapsed().as_secs_f64());
        done
    }

    async fn write_down(self) -> Result<Committed> {
        let Self { db, transaction, drafts, jobs } = self;
        let at = db.clock().now();
        let stamped = outbox::stamp(&transaction, &db, &drafts, at).await?;
        jobs::store(&transaction, db.clock(), &jobs).await?;
        transaction.commit().await.map_err(fault)?;
        let positions = stamped.iter().map(|event| event.position).collect();
        db.inner.sequencer.committed(stamped);
        db.inner.jobs_left.ring(&jobs, at);
        Ok(Committed { positions })
    }

    /// Gives the write up at once instead of on drop.
    pub async fn abandon(self) -> Result<()> {
        self.transaction.rollback().await.map_err(fault)
    }
}
