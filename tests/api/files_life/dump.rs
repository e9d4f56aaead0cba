//! Everything that is in the database, as text.

use sea_orm::{ConnectionTrait, DbBackend};
use store::sql;

/// Every row of every table.
pub async fn dump(conn: &impl ConnectionTrait) -> String {
    let mut text = String::new();
    for table in tables(conn).await {
        let columns = match conn.get_database_backend() {
            DbBackend::Postgres => "cast(t as text)".to_owned(),
            _ => quoted(conn, &table).await,
        };
        for row in texts(conn, &format!("select {columns} from {table} t")).await {
            text.push_str(&format!("{table}: {row}\n"));
        }
    }
    text
}

async fn tables(conn: &impl ConnectionTrait) -> Vec<String> {
    let text = match conn.get_database_backend() {
        DbBackend::Postgres => {
            "select cast(table_name as text) from information_schema.tables where table_schema = current_schema() order by 1"
        }
        _ => "select name from sqlite_master where type = 'table' order by 1",
    };
    texts(conn, text).await
}

async fn quoted(conn: &impl ConnectionTrait, table: &str) -> String {
    let columns = texts(conn, &format!("select name from pragma_table_info('{table}')")).await;
    columns.iter().map(|column| format!("quote(t.\"{column}\")")).collect::<Vec<_>>().join(" || ' ' || ")
}

async fn texts(conn: &impl ConnectionTrait, text: &str) -> Vec<String> {
    let rows = conn.query_all_raw(sql(conn.get_database_backend(), text, [])).await.expect("the tables can be read");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}
