//! A connection for reading one tenant's rows.

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use sqlx::postgres::Postgres;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Transaction};

use crate::patience::Pool;

/// Reads through a pool. On PostgreSQL each statement is a transaction of its own that sees the tenant's rows alone: one
/// trip to begin it, one for the statement; its end is sent when the connection goes back and nobody waits for it.
pub struct Reader<'a> {
    pool: &'a Pool,
    begin: Option<String>,
}

impl<'a> Reader<'a> {
    /// Reads as the pool's own user.
    pub(crate) const fn open(pool: &'a Pool) -> Self {
        Self { pool, begin: None }
    }

    /// Reads behind the wall; `narrowed` sets whose rows are there.
    pub(crate) fn walled(pool: &'a Pool, narrowed: &str) -> Self {
        Self { pool, begin: Some(format!("begin read only; {narrowed}")) }
    }

    async fn begun(&self, begin: &str) -> Result<Transaction<'static, Postgres>, DbErr> {
        let pool = self.pool.inner().get_postgres_connection_pool();
        pool.begin_with(AssertSqlSafe(begin.to_owned())).await.map_err(refused)
    }
}

#[async_trait]
impl ConnectionTrait for Reader<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, _statement: Statement) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("a reader writes nothing".into()))
    }

    async fn execute_unprepared(&self, _text: &str) -> Result<ExecResult, DbErr> {
        Err(DbErr::Custom("a reader writes nothing".into()))
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let Some(begin) = &self.begin else { return self.pool.query_one_raw(statement).await };
        let asked = async {
            let mut transaction = self.begun(begin).await?;
            spelled(&statement).fetch_optional(&mut *transaction).await.map_err(refused)
        };
        Ok(self.pool.soon(asked).await?.map(Into::into))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let Some(begin) = &self.begin else { return self.pool.query_all_raw(statement).await };
        let asked = async {
            let mut transaction = self.begun(begin).await?;
            spelled(&statement).fetch_all(&mut *transaction).await.map_err(refused)
        };
        Ok(self.pool.soon(asked).await?.into_iter().map(Into::into).collect())
    }
}

fn spelled(statement: &Statement) -> Query<'_, Postgres, SqlxValues> {
    let values = statement.values.clone().unwrap_or(sea_orm::Values(Vec::new()));
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values))
}

/// As the ORM calls it, so that one place judges what it means.
fn refused(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Query(RuntimeErr::SqlxError(Arc::new(error))),
    }
}
