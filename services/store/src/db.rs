//! The handle to the database.

use std::sync::Arc;
use std::time::Instant;

use kernel::{Clock, Error, Position, Result, Scope, TenantId};
use metrics::histogram;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions,
};

use crate::connect::{self, Pools, StoreConfig};
use crate::jobs::Bell;
use crate::lag::Lag;
use crate::outbox::{self, Sequencer};
use crate::patience::{Patient, Pool};
use crate::ready::Ready;
use crate::{Reader, Replay, Tail, Unit, Whose, fault, wall};

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(crate) inner: Arc<Inner>,
    /// Whether nobody waits for what is read and written through this handle.
    is_background: bool,
}

pub(crate) struct Inner {
    pub pools: Pools,
    pub clock: Clock,
    pub shards: Vec<outbox::Shard>,
    pub sequencer: Sequencer,
    /// How far the copy is behind.
    pub lag: Lag,
    /// Rung when a commit left jobs behind.
    pub jobs_left: Bell,
    /// What was found when somebody last asked whether messages can be acknowledged.
    pub ready: Ready,
}

impl Db {
    /// Connects as the owner of the tables, without looking at them: for migrations.
    pub async fn connect(config: &StoreConfig) -> Result<DatabaseConnection> {
        connect::owner(config).await
    }

    /// Opens a migrated database and starts numbering events.
    pub async fn open(config: &StoreConfig, clock: Clock) -> Result<Self> {
        let pools = connect::open(config).await?;
        let shards = outbox::shards(&pools.reader).await?;
        let sequencer = Sequencer::start(pools.reader.clone(), &shards);
        let lag = Lag::watch(pools.replica.clone());
        let inner = Inner { pools, clock, shards, sequencer, lag, jobs_left: Bell::new(), ready: Ready::default() };
        Ok(Self { inner: Arc::new(inner), is_background: false })
    }

    /// The same database for work nobody waits for: it has connections of its own, so that it can use up no others.
    pub fn in_background(&self) -> Self {
        Self { inner: self.inner.clone(), is_background: true }
    }

    /// The clock everything here is stamped with.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// Reads one tenant's rows, and on PostgreSQL no others.
    pub fn read(&self, whose: impl Into<TenantId>) -> Reader<'_> {
        self.walled(self.reads(), whose.into())
    }

    /// As [`Db::read`], for lists and searches that may be a moment old: from the copy of the database, if there is one
    /// and it keeps up.
    pub fn read_lately(&self, whose: impl Into<TenantId>) -> Reader<'_> {
        let lately = self.inner.pools.replica.as_ref().filter(|_| self.inner.lag.is_small());
        self.walled(lately.unwrap_or(self.reads()), whose.into())
    }

    /// A connection for reading the tables that have no tenant, or before the tenant is known: log-ins, tickets, widgets by key.
    pub fn platform(&self) -> &Pool {
        self.reads()
    }

    /// Begins a write. Short: no network, no hashing, no file inside.
    pub async fn write(&self, whose: impl Into<Whose>) -> Result<Unit> {
        let unit = self.begin().await?;
        if let Whose::Tenants(tenants) = whose.into() {
            unit.narrow(&tenants).await?;
        }
        Ok(unit)
    }

    /// Begins a write whose tenants are said later.
    pub(crate) async fn begin(&self) -> Result<Unit> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let pool = if self.is_background { &self.inner.pools.background } else { &self.inner.pools.writer };
        let began = Instant::now();
        let transaction = pool.begun(options).await.map_err(fault)?;
        let name = if self.is_background { "background" } else { "write" };
        histogram!("porchlight_store_wait_seconds", "pool" => name).record(began.elapsed().as_secs_f64());
        Ok(Unit::new(self.clone(), transaction))
    }

    fn reads(&self) -> &Pool {
        match self.is_background && self.is_walled() {
            true => &self.inner.pools.background,
            false => &self.inner.pools.reader,
        }
    }

    fn walled<'a>(&self, pool: &'a Pool, tenant: TenantId) -> Reader<'a> {
        match self.is_walled() {
            true => Reader::walled(pool, &wall::narrowed(&[tenant])),
            false => Reader::open(pool),
        }
    }

    pub(crate) fn is_walled(&self) -> bool {
        self.inner.pools.backend == DbBackend::Postgres
    }

    /// A consistent view with its exact place in the stream: state read here plus every later event is fresh state.
    pub async fn snapshot(&self, scope: &Scope) -> Result<Snapshot> {
        let options = match self.inner.pools.backend {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
            _ => TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred),
                ..Default::default()
            },
        };
        let view = self.reads().begun(options).await.map_err(fault)?;
        if self.is_walled() {
            view.execute_unprepared(&wall::narrowed(&[scope.tenant()])).await.map_err(fault)?;
        }
        let position = outbox::head(&view, self.shard(scope.tenant())).await?;
        Ok(Snapshot { view, position })
    }

    /// Where the tenant's stream ends now, as far as this process has been told.
    pub fn head(&self, tenant: TenantId) -> Position {
        let shard = self.shard(tenant);
        Position { epoch: shard.epoch, shard: shard.number, n: self.inner.sequencer.seen(shard.number) }
    }

    /// Up to `limit` events after `after`, oldest first, for one tenant.
    pub async fn replay(&self, tenant: TenantId, after: Position, limit: u64) -> Result<Replay> {
        outbox::replay(self, self.shard(tenant), tenant, after, limit).await
    }

    /// All events committed from now on, by any process, in order within each shard.
    pub fn tail(&self) -> Tail {
        self.inner.sequencer.subscribe()
    }

    /// Forgets events older than `before`; clients that were away longer start over.
    pub async fn forget_events(&self, before: kernel::Timestamp) -> Result<u64> {
        outbox::forget(&self.inner.pools.background, &self.inner.shards, before).await
    }

    /// Takes what a deleted conversation said out of the stream: each of its events, none older than `since`, becomes the
    /// news that it is gone. Positions and audiences stay, so nobody who comes back is told to start over. May run twice.
    pub async fn scrub_events(
        &self,
        tenant: TenantId,
        conversation: kernel::ConversationId,
        since: kernel::Timestamp,
    ) -> Result<u64> {
        outbox::scrub(self, tenant, conversation, since).await
    }

    pub(crate) fn shard(&self, tenant: TenantId) -> &outbox::Shard {
        let count = self.inner.shards.len().max(1);
        let (_, low) = tenant.uuid().as_u64_pair();
        &self.inner.shards[usize::try_from(low).unwrap_or(0) % count]
    }
}

/// A consistent view of the database; ends when dropped.
pub struct Snapshot {
    view: Patient<DatabaseTransaction>,
    position: Position,
}

impl Snapshot {
    /// The connection to read through.
    pub fn conn(&self) -> &Patient<DatabaseTransaction> {
        &self.view
    }

    /// The view's exact place in the tenant's stream.
    pub fn position(&self) -> Position {
        self.position
    }

    /// Ends the view.
    pub async fn close(self) -> Result<Position, Error> {
        self.view.commit().await.map_err(fault)?;
        Ok(self.position)
    }
}
