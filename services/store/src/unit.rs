//! One write: rows, events and jobs that commit together or not at all.

use kernel::{Audience, Draft, Event, Position, Result, TenantId, Timestamp};
use sea_orm::DatabaseTransaction;

use crate::jobs::{self, NewJob};
use crate::{Db, fault, outbox};

/// A write in progress. Dropped without `commit` it leaves nothing behind.
pub struct Unit {
    db: Db,
    transaction: DatabaseTransaction,
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
    pub(crate) fn new(db: Db, transaction: DatabaseTransaction) -> Self {
        Self { db, transaction, drafts: Vec::new(), jobs: Vec::new() }
    }

    /// The connection rows are written through.
    pub fn conn(&self) -> &DatabaseTransaction {
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
        let Self { db, transaction, drafts, jobs } = self;
        let at = db.clock().now();
        let stamped = outbox::stamp(&transaction, &db, &drafts, at).await?;
        jobs::store(&transaction, db.clock(), &jobs).await?;
        transaction.commit().await.map_err(fault)?;
        let positions = stamped.iter().map(|event| event.position).collect();
        db.inner.sequencer.committed(stamped);
        if !jobs.is_empty() {
            db.inner.jobs_left.notify_one();
        }
        Ok(Committed { positions })
    }

    /// Gives the write up at once instead of on drop.
    pub async fn abandon(self) -> Result<()> {
        self.transaction.rollback().await.map_err(fault)
    }
}
