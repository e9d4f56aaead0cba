//! How long an answer of the database is waited for. Time limits of the database itself reach nobody through a wire that
//! is dead, so whoever asks stops waiting by themselves.

use std::future::Future;
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement, TransactionOptions, TransactionTrait,
};

/// A connection, pool or transaction whose every answer is waited for so long and no longer.
#[derive(Clone, Debug)]
pub struct Patient<C> {
    conn: C,
    most: Duration,
}

/// A pool of connections.
pub(crate) type Pool = Patient<DatabaseConnection>;

impl<C> Patient<C> {
    /// Waits `most` for each answer.
    pub(crate) const fn new(conn: C, most: Duration) -> Self {
        Self { conn, most }
    }

    /// What is asked.
    pub(crate) const fn inner(&self) -> &C {
        &self.conn
    }

    /// Waits for an answer.
    pub(crate) async fn soon<T>(&self, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        within(self.most, answer).await
    }
}

impl<C: TransactionTrait<Transaction = DatabaseTransaction>> Patient<C> {
    /// Begins a transaction that is waited for as this is.
    pub(crate) async fn begun(&self, options: TransactionOptions) -> Result<Patient<DatabaseTransaction>, DbErr> {
        let transaction = self.soon(self.conn.begin_with_options(options)).await?;
        Ok(Patient::new(transaction, self.most))
    }
}

impl Patient<DatabaseTransaction> {
    /// Commits. Without an answer nobody knows whether it was done.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        within(self.most, self.conn.commit()).await
    }

    /// Takes everything back.
    pub(crate) async fn rollback(self) -> Result<(), DbErr> {
        within(self.most, self.conn.rollback()).await
    }
}

async fn within<T>(most: Duration, answer: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
    let silent = || DbErr::Conn(RuntimeErr::Internal("the database does not answer".to_owned()));
    tokio::time::timeout(most, answer).await.unwrap_or_else(|_| Err(silent()))
}

#[async_trait]
impl<C: ConnectionTrait + Send> ConnectionTrait for Patient<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.conn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.soon(self.conn.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, text: &str) -> Result<ExecResult, DbErr> {
        self.soon(self.conn.execute_unprepared(text)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.soon(self.conn.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.soon(self.conn.query_all_raw(statement)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn silence_is_told_as_the_database_being_away() {
        let asked = Patient::new((), Duration::from_millis(10));
        let error = asked.soon(std::future::pending::<Result<(), DbErr>>()).await.expect_err("nobody answers");
        assert_eq!(crate::fault(error).code(), "store_unavailable");
    }
}
