//! The few places where the two databases differ, and the shorthand the migrations are written in.

use std::cell::RefCell;

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

tokio::task_local! {
    /// While it is set, statements are written down here and not run.
    pub static PAPER: RefCell<Vec<String>>;
}

/// Runs several statements one after the other.
pub async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        one(manager, &spelled(manager, statement)).await?;
    }
    Ok(())
}

/// Runs one statement as it is, or writes it down where nothing is to be run; gives how many rows it changed.
pub async fn one(manager: &SchemaManager<'_>, statement: &str) -> Result<u64, DbErr> {
    match PAPER.try_with(|paper| paper.borrow_mut().push(statement.to_owned())) {
        Ok(()) => Ok(0),
        Err(_) => Ok(manager.get_connection().execute_unprepared(statement).await?.rows_affected()),
    }
}

/// Whether nothing is run and all is only written down.
pub fn is_written_down() -> bool {
    PAPER.try_with(|_| ()).is_ok()
}

/// What differs: `{uuid}` and `{flag}` are column types, `{lean}` leaves room for in-page updates on PostgreSQL,
/// `{clustered}` keeps rows in the order of their key on SQLite, `{bytewise}` orders text as SQLite does anyway,
/// `{first_preview}` and `{second_preview}` reach into the list of a picture's previews.
fn spelled(manager: &SchemaManager<'_>, statement: &str) -> String {
    let (uuid, flag, lean, clustered, bytewise) = match manager.get_database_backend() {
        DatabaseBackend::Postgres => ("uuid", "boolean", "with (fillfactor = 70)", "", "collate \"C\""),
        _ => ("blob", "boolean", "", "without rowid", ""),
    };
    let statement = statement.replace("{uuid}", uuid).replace("{flag}", flag).replace("{lean}", lean);
    let statement = statement.replace("{clustered}", clustered).replace("{bytewise}", bytewise);
    let preview = |n: u8| match manager.get_database_backend() {
        DatabaseBackend::Postgres => format!("(previews::json #>> '{{{n},key}}') collate \"C\""),
        _ => format!("json_extract(previews, '$[{n}].key')"),
    };
    statement.replace("{first_preview}", &preview(0)).replace("{second_preview}", &preview(1))
}

/// How many counters number the events: one on SQLite, which has one writer anyway.
pub fn shards(manager: &SchemaManager<'_>) -> i32 {
    match manager.get_database_backend() {
        DatabaseBackend::Postgres => 16,
        _ => 1,
    }
}
