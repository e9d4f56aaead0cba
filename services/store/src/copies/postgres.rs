//! PostgreSQL: `pg_dump` of a snapshot that we hold open, so that the list of files is of the same moment; `pg_restore`
//! into a schema that is new.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kernel::Result;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, IsolationLevel, TransactionOptions,
    TransactionTrait,
};
use url::Url;

use super::check::{failed, refused};
use super::{Copied, Restoring, Target, contents, names, objects};
use crate::{Db, StoreConfig, fault};

/// The programs of PostgreSQL that read and write dumps.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `pg_dump`, or where it is.
    pub dump: String,
    /// `pg_restore`, or where it is.
    pub restore: String,
}

/// Tables of ours; the parts of one that is parted are counted with it.
pub(super) const TABLES: &str = "select cast(c.relname as text) from pg_class c join pg_namespace s on s.oid = c.relnamespace \
    where s.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'restore_under_way' order by 1";

/// Says that a restore has begun and not ended; `serve` and `migrate` refuse to touch such a database.
const UNDER_WAY: &str = "restore_under_way";

pub(super) async fn copy(config: &StoreConfig, programs: &Programs, file: &Path) -> Result<Copied> {
    let conn = Db::connect(config).await?;
    let done = dumped(&conn, config, programs, file).await;
    conn.close().await.map_err(fault)?;
    done
}

async fn dumped(conn: &DatabaseConnection, config: &StoreConfig, programs: &Programs, file: &Path) -> Result<Copied> {
    let is_walled = is_walled(conn).await?;
    if is_walled {
        conn.execute_unprepared("grant select on seaql_migrations to porchlight_platform").await.map_err(fault)?;
    }
    // the view stays open for as long as the dump takes, however long a transaction may idle elsewhere
    conn.execute_unprepared("set idle_in_transaction_session_timeout = 0").await.map_err(fault)?;
    let still = TransactionOptions {
        isolation_level: Some(IsolationLevel::RepeatableRead),
        access_mode: Some(AccessMode::ReadOnly),
        ..Default::default()
    };
    let view = conn.begin_with_options(still).await.map_err(fault)?;
    if is_walled {
        view.execute_unprepared("set local role porchlight_platform").await.map_err(fault)?;
    }
    let snapshot = names(&view, "select pg_export_snapshot()").await?.pop().unwrap_or_default();
    let mut dump = program(&programs.dump, config)?;
    dump.args(["--format=custom", "--compress=1", "--schema=public", "--no-owner"]);
    dump.arg(format!("--snapshot={snapshot}")).arg(format!("--file={}", file.display()));
    if is_walled {
        // as the role whose policy shows every row; a policy that hid one would make this fail, never leave it out
        dump.args(["--role=porchlight_platform", "--enable-row-security"]);
    }
    let (run, read) = futures::join!(run(dump, &programs.dump), read(&view));
    view.rollback().await.map_err(fault)?;
    run?;
    read
}

/// Whether row-level security holds for the user we are.
async fn is_walled(conn: &impl ConnectionTrait) -> Result<bool> {
    let text =
        "select cast(rolname as text) from pg_roles where rolname = current_user and not rolsuper and not rolbypassrls";
    Ok(!names(conn, text).await?.is_empty())
}

async fn read(view: &DatabaseTransaction) -> Result<Copied> {
    let tables = names(view, TABLES).await?;
    Ok(Copied { contents: contents(view, "postgres", &tables).await?, objects: objects(view).await? })
}

/// A program of PostgreSQL on this database. The password goes by the environment: arguments are everybody's to read.
fn program(name: &str, config: &StoreConfig) -> Result<Command> {
    let url = if config.owner_url.is_empty() { &config.url } else { &config.owner_url };
    let mut url = Url::parse(url).map_err(|_| refused("store_url", "store.url cannot be read."))?;
    let mut command = Command::new(name);
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", decoded(password));
        url.set_password(None).map_err(|()| refused("store_url", "store.url cannot be read."))?;
    }
    command.arg(format!("--dbname={url}")).arg("--no-password");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    Ok(command)
}

/// Undoes `%XX`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let hex = more.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            None => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

async fn run(mut command: Command, name: &str) -> Result<()> {
    let out = tokio::task::spawn_blocking(move || command.output()).await.map_err(|error| failed(name, error))?;
    let out = out.map_err(|error| {
        failed(&format!("{name} cannot be started (backup.pg_dump and backup.pg_restore say where it is)"), error)
    })?;
    if out.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&out.stderr);
    let lines: Vec<_> = said.lines().filter(|line| !line.trim().is_empty()).take(3).collect();
    Err(failed(name, lines.join("; ")))
}

pub(super) async fn is_empty(config: &StoreConfig) -> Result<bool> {
    let conn = Db::connect(config).await?;
    let found = has_tables(&conn).await;
    conn.close().await.map_err(fault)?;
    found.map(|found| !found)
}

async fn has_tables(conn: &impl ConnectionTrait) -> Result<bool> {
    let text = "select cast(c.relname as text) from pg_class c join pg_namespace s on s.oid = c.relnamespace \
                where s.nspname = 'public' and c.relkind in ('r', 'p') limit 1";
    Ok(!names(conn, text).await?.is_empty())
}

pub(super) async fn restore(config: &StoreConfig, programs: &Programs, file: &Path, stamp: &str) -> Result<Restoring> {
    let conn = Db::connect(config).await?;
    let aside = prepared(&conn, stamp).await;
    conn.close().await.map_err(fault)?;
    let aside = aside?;
    let restoring = Restoring {
        target: Target::Postgres { config: Box::new(config.clone()), aside: aside.clone() },
        aside: aside.map(|name| format!("the schema {name}")),
    };
    match filled(config, programs, file).await {
        Ok(()) => Ok(restoring),
        Err(error) => {
            restoring.undo().await?;
            Err(error)
        }
    }
}

/// Makes room: an empty schema with the mark that says what is going on.
async fn prepared(conn: &DatabaseConnection, stamp: &str) -> Result<Option<String>> {
    alone(conn).await?;
    let aside = has_tables(conn).await?.then(|| format!("before_{}", stamp.to_ascii_lowercase()));
    let tx = conn.begin().await.map_err(fault)?;
    let room = match &aside {
        Some(aside) => format!("alter schema public rename to {aside}; create schema public"),
        None => "create schema if not exists public".to_owned(),
    };
    tx.execute_unprepared(&room).await.map_err(fault)?;
    tx.execute_unprepared(&format!("create table public.{UNDER_WAY} (since text)")).await.map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(aside)
}

/// Waits a moment for connections that are just going, then refuses.
async fn alone(conn: &DatabaseConnection) -> Result<()> {
    let others = "select cast(pid as text) from pg_stat_activity where datname = current_database() \
                  and pid <> pg_backend_pid() and backend_type = 'client backend'";
    let mut count = 0;
    for _ in 0..30 {
        count = names(conn, others).await?.len();
        if count == 0 {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let why = format!("{count} others are connected to the database: stop every Porchlight on it first.");
    Err(refused("in_use", why))
}

async fn filled(config: &StoreConfig, programs: &Programs, file: &Path) -> Result<()> {
    let mut restore = program(&programs.restore, config)?;
    restore.args(["--no-owner", "--exit-on-error", "--jobs=2"]);
    // the schema itself is there already
    let list = listed(programs, file).await?;
    restore.arg(format!("--use-list={}", list.display())).arg(file);
    let done = run(restore, &programs.restore).await;
    let _ = std::fs::remove_file(&list);
    done
}

/// What the dump holds, without the making of the schema.
async fn listed(programs: &Programs, file: &Path) -> Result<PathBuf> {
    let mut list = Command::new(&programs.restore);
    list.arg("--list").arg(file).stdin(Stdio::null());
    let name = programs.restore.clone();
    let out = tokio::task::spawn_blocking(move || list.output()).await.map_err(|error| failed(&name, error))?;
    let out = out.map_err(|error| {
        failed(&format!("{} cannot be started (backup.pg_restore says where it is)", programs.restore), error)
    })?;
    if !out.status.success() {
        return Err(failed(&programs.restore, String::from_utf8_lossy(&out.stderr).trim()));
    }
    let said = String::from_utf8_lossy(&out.stdout);
    let wanted: String =
        said.lines().filter(|line| !line.contains(" SCHEMA - public")).map(|line| format!("{line}\n")).collect();
    let path = std::env::temp_dir().join(format!("porchlight-restore-{}.list", std::process::id()));
    std::fs::write(&path, wanted).map_err(|error| failed("the list of the dump cannot be written", error))?;
    Ok(path)
}

pub(super) async fn finish(config: &StoreConfig) -> Result<()> {
    let conn = Db::connect(config).await?;
    let text = format!(
        "grant usage on schema public to porchlight_tenant, porchlight_platform; drop table public.{UNDER_WAY}"
    );
    conn.execute_unprepared(&text).await.map_err(fault)?;
    conn.execute_unprepared("analyze").await.map_err(fault)?;
    conn.close().await.map_err(fault)
}

pub(super) async fn undo(config: &StoreConfig, aside: Option<&str>) -> Result<()> {
    let conn = Db::connect(config).await?;
    let back = aside
        .map_or_else(|| "create schema public".to_owned(), |aside| format!("alter schema {aside} rename to public"));
    conn.execute_unprepared(&format!("drop schema public cascade; {back}")).await.map_err(fault)?;
    conn.close().await.map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_by_the_environment_and_never_by_the_arguments() {
        let config = StoreConfig::at("postgres://chat:s%40fe%2Fword@db:5433/chat?sslmode=require", 2);
        let command = program("pg_dump", &config).expect("a command");
        let arguments = format!("{:?}", command.get_args().collect::<Vec<_>>());
        assert!(arguments.contains("chat@db:5433/chat?sslmode=require") && !arguments.contains("fe"), "{arguments}");
        let given: Vec<_> = command.get_envs().filter_map(|(_, value)| value).collect();
        assert_eq!(given, ["s@fe/word"]);
    }
}
