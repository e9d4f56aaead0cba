//! SQLite: `VACUUM INTO` reads one snapshot and writes a new file, while the one writer goes on in its log.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use kernel::Result;
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

use super::check::{failed, refused};
use super::{Copied, Restoring, Target, contents, names, objects};
use crate::{StoreConfig, fault};

pub(super) const TABLES: &str =
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name";

/// The file a URL names.
fn place(config: &StoreConfig) -> PathBuf {
    let path = config.url.trim_start_matches("sqlite:").trim_start_matches("//");
    PathBuf::from(path.split('?').next().unwrap_or(path))
}

pub(super) async fn copy(config: &StoreConfig, file: &Path) -> Result<Copied> {
    let from = place(config);
    if !from.is_file() {
        return Err(refused("no_database", format!("There is no database at {}.", from.display())));
    }
    let source = Database::connect(format!("sqlite://{}?mode=rw", from.display())).await.map_err(fault)?;
    let into = file.display().to_string().replace('\'', "''");
    let copied = source.execute_unprepared(&format!("vacuum into '{into}'")).await.map_err(fault);
    source.close().await.map_err(fault)?;
    copied?;
    File::open(file).and_then(|file| file.sync_all()).map_err(|error| failed("the copy cannot be flushed", error))?;
    let copy = open(file).await?;
    let read = read(&copy).await;
    copy.close().await.map_err(fault)?;
    read
}

/// Nothing is to be written beside the copy, not even a log.
async fn open(file: &Path) -> Result<DatabaseConnection> {
    Database::connect(format!("sqlite://{}?mode=ro&immutable=1", file.display())).await.map_err(fault)
}

async fn read(copy: &DatabaseConnection) -> Result<Copied> {
    let said = names(copy, "pragma integrity_check").await?;
    if said != ["ok"] {
        return Err(failed("the copy is damaged, and so the database may be", said.join("; ")));
    }
    let tables = names(copy, TABLES).await?;
    Ok(Copied { contents: contents(copy, "sqlite", &tables).await?, objects: objects(copy).await? })
}

pub(super) fn is_empty(config: &StoreConfig) -> Result<bool> {
    match fs::metadata(place(config)) {
        Ok(about) => Ok(about.len() == 0),
        Err(_) => Ok(true),
    }
}

pub(super) async fn restore(config: &StoreConfig, file: &Path, stamp: &str) -> Result<Restoring> {
    let place = place(config);
    let beside = |end: &str| PathBuf::from(format!("{}.{end}", place.display()));
    let draft = beside("restoring");
    undo(&draft)?;
    let aside = match is_empty(config)? {
        true => None,
        false => {
            alone(&place).await?;
            Some(beside(&format!("before-{stamp}")))
        }
    };
    fs::copy(file, &draft).map_err(|error| failed("the copy cannot be put in place", error))?;
    let shown = aside.as_ref().map(|path| path.display().to_string());
    Ok(Restoring { target: Target::Sqlite { draft, place, aside }, aside: shown })
}

/// Folds the log into the file, which works for the last connection only.
async fn alone(place: &Path) -> Result<()> {
    let conn = Database::connect(format!("sqlite://{}?mode=rw", place.display())).await.map_err(fault)?;
    conn.execute_unprepared("pragma busy_timeout = 1000").await.map_err(fault)?;
    let ask = Statement::from_string(DbBackend::Sqlite, "pragma journal_mode = delete");
    let mode = conn.query_one_raw(ask).await;
    conn.close().await.map_err(fault)?;
    match mode {
        Ok(Some(row)) if row.try_get_by_index::<String>(0).is_ok_and(|mode| mode == "delete") => Ok(()),
        // not a database at all: it is moved aside as it is
        Err(error) if error.to_string().contains("not a database") => Ok(()),
        _ => Err(refused("in_use", format!("{} is in use: stop every Porchlight on it first.", place.display()))),
    }
}

pub(super) fn finish(draft: &Path, place: &Path, aside: Option<&Path>) -> Result<()> {
    let moved = || {
        File::open(draft)?.sync_all()?;
        for end in ["-wal", "-shm"] {
            // a log without its database would be taken for the log of the restored one
            let left = PathBuf::from(format!("{}{end}", place.display()));
            if left.exists() {
                fs::rename(&left, format!("{}.left", left.display()))?;
            }
        }
        if let Some(aside) = aside {
            fs::rename(place, aside)?;
        }
        fs::rename(draft, place)?;
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    };
    moved().map_err(|error| failed("the restored database cannot be put in place", error))
}

pub(super) fn undo(draft: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let path = PathBuf::from(format!("{}{end}", draft.display()));
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failed("an unfinished restore cannot be cleared away", error));
            }
            _ => (),
        }
    }
    Ok(())
}
