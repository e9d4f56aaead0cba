//! The few places where the two databases differ, and the shorthand the migrations are written in.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// Runs several statements one after the other.
pub async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(&spelled(manager, statement)).await?;
    }
    Ok(())
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
