//! The handle to the database.

use std::sync::Arc;

use kernel::{Clock, Error, Position, Result, Scope, TenantId};
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use tokio::sync::Notify;

use crate::connect::{self, Pools, StoreConfig};
use crate::outbox::{self, Sequencer};
use crate::{Replay, Tail, Unit, fault};

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub pools: Pools,
    pub clock: Clock,
    pub shards: Vec<outbox::Shard>,
    pub sequencer: Sequencer,
    /// Rung when a commit left jobs behind.
    pub jobs_left: Notify,
}

impl Db {
    /// Connects without looking at the tables: for migrations.
    pub async fn connect(config: &StoreConfig) -> Result<DatabaseConnection> {
        connect::open(config).await.map(|pools| pools.writer)
    }

    /// Opens a migrated database and starts numbering events.
    pub async fn open(config: &StoreConfig, clock: Clock) -> Result<Self> {
        let pools = connect::open(config).await?;
        let shards = outbox::shards(&pools.reader).await?;
        let sequencer = Sequencer::start(pools.reader.clone(), &shards);
        let inner = Inner { pools, clock, shards, sequencer, jobs_left: Notify::new() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The clock everything here is stamped with.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// A connection for reading. The scope says whose rows the caller will ask for.
    pub fn read(&self, _scope: &Scope) -> &DatabaseConnection {
        &self.inner.pools.reader
    }

    /// A connection for reading the tables that have no tenant or before the tenant is known: log-ins, tickets, widgets by key.
    pub fn platform(&self) -> &DatabaseConnection {
        &self.inner.pools.reader
    }

    /// Begins a write. Short: no network, no hashing, no file inside.
    pub async fn write(&self) -> Result<Unit> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let transaction = self.inner.pools.writer.begin_with_options(options).await.map_err(fault)?;
        Ok(Unit::new(self.clone(), transaction))
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
        let view = self.inner.pools.reader.begin_with_options(options).await.map_err(fault)?;
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
        outbox::replay(&self.inner.pools.reader, self.shard(tenant), tenant, after, limit).await
    }

    /// All events committed from now on, by any process, in order within each shard.
    pub fn tail(&self) -> Tail {
        self.inner.sequencer.subscribe()
    }

    /// Forgets events older than `before`; clients that were away longer start over.
    pub async fn forget_events(&self, before: kernel::Timestamp) -> Result<u64> {
        outbox::forget(&self.inner.pools.writer, before).await
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

    /// Whether a message could be acknowledged now: asks the writer for a transaction and gives it back.
    pub async fn is_ready(&self) -> Result<()> {
        let unit = self.write().await?;
        unit.conn().execute_unprepared("update outbox_shard set head = head where shard = 0").await.map_err(fault)?;
        unit.abandon().await
    }

    pub(crate) fn shard(&self, tenant: TenantId) -> &outbox::Shard {
        let count = self.inner.shards.len().max(1);
        let (_, low) = tenant.uuid().as_u64_pair();
        &self.inner.shards[usize::try_from(low).unwrap_or(0) % count]
    }
}

/// A consistent view of the database; ends when dropped.
pub struct Snapshot {
    view: DatabaseTransaction,
    position: Position,
}

impl Snapshot {
    /// The connection to read through.
    pub fn conn(&self) -> &DatabaseTransaction {
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
