//! `migration/schema.snap`: the schema as it is, in both databases. It changes only on purpose: `UPDATE=1` writes the part
//! of the engine the test runs on, so run it once for each. The list of migrations is the migrator's own, and search is
//! made differently on each.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use store::{Db, StoreConfig};

use crate::place::Place;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../migration/schema.snap")
}

/// The part of one engine.
fn part(text: &str, engine: &str) -> String {
    let after = text.split(&format!("[{engine}]\n")).nth(1).unwrap_or_default();
    after.split("\n[").next().unwrap_or_default().trim_end().to_owned()
}

const COLUMNS_SQLITE: &str = "select m.name || '.' || c.name || ' ' || lower(c.type) || case when c.\"notnull\" or c.pk then ' not null' else '' end \
     from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite_%' \
     and m.sql not like 'create virtual%' and m.name not like 'search%' and m.name <> 'seaql_migrations' order by 1";
const COLUMNS_POSTGRES: &str = "select cast(table_name || '.' || column_name || ' ' || data_type || case is_nullable when 'NO' then ' not null' else '' end as text) \
     from information_schema.columns where table_schema = 'public' and table_name not like 'search%' and table_name <> 'seaql_migrations' order by 1";
const INDEXES_SQLITE: &str = "select 'index ' || name from sqlite_master where type = 'index' and name not like 'sqlite_%' and name not like 'search%' order by 1";
const INDEXES_POSTGRES: &str = "select cast('index ' || i.indexname as text) from pg_indexes i where i.schemaname = 'public' and i.indexname not like 'search%' \
     and not exists (select 1 from pg_constraint c where c.conname = i.indexname) order by 1";

/// Both call the same thing differently.
fn normal(line: &str) -> String {
    line.replace(" blob", " uuid").replace(" varchar", " text").replace(" character varying", " text")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schema_changes_only_on_purpose() {
    let place = Place::new().await;
    let conn = Db::connect(&StoreConfig::at(&place.store_url, 2)).await.expect("a connection");
    let backend = conn.get_database_backend();
    let (engine, asks) = match backend {
        DbBackend::Postgres => ("postgres", [COLUMNS_POSTGRES, INDEXES_POSTGRES]),
        _ => ("sqlite", [COLUMNS_SQLITE, INDEXES_SQLITE]),
    };
    let mut lines = BTreeSet::new();
    for ask in asks {
        for row in conn.query_all_raw(Statement::from_string(backend, ask)).await.expect("the schema") {
            lines.insert(normal(&row.try_get_by_index::<String>(0).expect("a line")));
        }
    }
    conn.close().await.expect("closed");
    place.remove().await;
    let now = lines.into_iter().collect::<Vec<_>>().join("\n");
    let text = fs::read_to_string(file()).unwrap_or_default();
    if std::env::var_os("UPDATE").is_some() {
        let mut parts = [("postgres", part(&text, "postgres")), ("sqlite", part(&text, "sqlite"))];
        parts.iter_mut().filter(|(name, _)| *name == engine).for_each(|(_, part)| part.clone_from(&now));
        let whole: String = parts.iter().map(|(name, part)| format!("[{name}]\n{part}\n\n")).collect();
        return fs::write(file(), whole).expect("the file is written");
    }
    assert_eq!(part(&text, engine), now, "the schema is not that of migration/schema.snap: UPDATE=1 if that is meant");
}

#[test]
fn both_databases_have_the_same_tables_columns_and_indexes() {
    let text = fs::read_to_string(file()).expect("migration/schema.snap");
    let lines = |engine: &str| part(&text, engine).lines().map(str::to_owned).collect::<BTreeSet<_>>();
    let (postgres, sqlite) = (lines("postgres"), lines("sqlite"));
    assert!(postgres.len() > 100 && sqlite.len() > 100, "the premise: both parts are there");
    let differ: Vec<_> = postgres.symmetric_difference(&sqlite).collect();
    assert!(differ.is_empty(), "in one of them only: {differ:#?}");
}
