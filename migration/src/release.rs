//! Which release a schema belongs to, and which programs it still suits.
//!
//! The row of `schema_release` says two numbers: the release that brought the schema up last, and the oldest release
//! that can still work with it. A program compares them with its own number, and with nothing else:
//!
//! - the schema is of its own release or older: it applies what is missing;
//! - the schema is one release newer and says that it still suits this one: it serves and changes nothing;
//! - anything else: it refuses to start. Two releases at once are one too many.
//!
//! A release that only adds (the first half of expand and contract, see README.md) leaves `oldest` at the release before
//! it. A release that takes something away raises `oldest` to the release that no longer used it.

use std::collections::BTreeSet;

use sea_orm_migration::prelude::{DbErr, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectionTrait, Statement};

/// A release and the oldest one that may work on its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    /// Counts up by one with each release.
    pub number: i32,
    /// Programs older than this must not start.
    pub oldest: i32,
}

/// This program's.
pub const RELEASE: Release = Release { number: 1, oldest: 1 };

/// How a schema suits a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Of the same release or an older one.
    Ours,
    /// Of the next one, and still good for this one.
    Newer(Release),
}

/// Compares; a schema this program must not touch is an error a person can act on.
pub async fn fit<M: MigratorTrait>(conn: &impl ConnectionTrait, ours: Release) -> Result<Fit, DbErr> {
    if has_table(conn, "restore_under_way").await? {
        let why = "a restore of this database was broken off: run `porchlight restore` with --force again";
        return Err(DbErr::Migration(why.to_owned()));
    }
    let theirs = read(conn).await?;
    let verdict = judge(theirs, ours).map_err(DbErr::Migration)?;
    let strange = strangers::<M>(conn).await?;
    match verdict {
        Fit::Ours if !strange.is_empty() => Err(DbErr::Migration(format!(
            "the database has a change this program does not know ({}): it was migrated by another build. Start that one, or restore a backup",
            strange.join(", ")
        ))),
        verdict => Ok(verdict),
    }
}

/// The rule.
pub fn judge(theirs: Option<Release>, ours: Release) -> Result<Fit, String> {
    match theirs {
        None => Ok(Fit::Ours),
        Some(theirs) if theirs.number <= ours.number => Ok(Fit::Ours),
        Some(theirs) if theirs.number == ours.number + 1 && theirs.oldest <= ours.number => Ok(Fit::Newer(theirs)),
        Some(theirs) => Err(format!(
            "the database belongs to release {} of the schema, which needs a program of release {} or later; this program is of release {}. Install the newer program, or restore a backup made before the upgrade",
            theirs.number,
            theirs.oldest.max(theirs.number - 1),
            ours.number
        )),
    }
}

/// What the database says; `None` before there was such a table.
pub async fn read(conn: &impl ConnectionTrait) -> Result<Option<Release>, DbErr> {
    if !is_there(conn).await? {
        return Ok(None);
    }
    let ask = Statement::from_string(conn.get_database_backend(), "select release, oldest from schema_release");
    let Some(row) = conn.query_one_raw(ask).await? else { return Ok(None) };
    Ok(Some(Release { number: row.try_get_by_index(0)?, oldest: row.try_get_by_index(1)? }))
}

/// Writes our numbers down, never smaller ones than are there.
pub(crate) async fn write(conn: &impl ConnectionTrait, ours: Release) -> Result<(), DbErr> {
    if !is_there(conn).await? {
        return Ok(());
    }
    let Release { number, oldest } = ours;
    let text = format!(
        "insert into schema_release (id, release, oldest) values (1, {number}, {oldest}) on conflict (id) do update \
         set release = excluded.release, oldest = excluded.oldest where schema_release.release <= excluded.release"
    );
    conn.execute_unprepared(&text).await.map(|_| ())
}

async fn is_there(conn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    has_table(conn, "schema_release").await
}

/// Changes the database has and the program has not.
async fn strangers<M: MigratorTrait>(conn: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    if !has_table(conn, "seaql_migrations").await? {
        return Ok(Vec::new());
    }
    let ask =
        Statement::from_string(conn.get_database_backend(), "select version from seaql_migrations order by version");
    let known: BTreeSet<String> = M::migrations().iter().map(|one| one.name().to_owned()).collect();
    let rows = conn.query_all_raw(ask).await?;
    let names = rows.iter().map(|row| row.try_get_by_index::<String>(0)).collect::<Result<Vec<_>, _>>()?;
    Ok(names.into_iter().filter(|name| !known.contains(name)).collect())
}

async fn has_table(conn: &impl ConnectionTrait, name: &str) -> Result<bool, DbErr> {
    let backend = conn.get_database_backend();
    let text = match backend {
        sea_orm_migration::sea_orm::DatabaseBackend::Postgres => {
            format!("select 1 from pg_catalog.pg_class where oid = to_regclass('{name}')")
        }
        _ => format!("select 1 from sqlite_master where type = 'table' and name = '{name}'"),
    };
    Ok(conn.query_one_raw(Statement::from_string(backend, text)).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: Release = Release { number: 4, oldest: 3 };

    fn verdict(number: i32, oldest: i32) -> Result<Fit, String> {
        judge(Some(Release { number, oldest }), OURS)
    }

    #[test]
    fn an_older_schema_and_none_at_all_are_brought_up_to_date() {
        assert_eq!(judge(None, OURS), Ok(Fit::Ours));
        assert_eq!((verdict(1, 1), verdict(4, 3)), (Ok(Fit::Ours), Ok(Fit::Ours)));
    }

    #[test]
    fn the_next_release_is_borne_while_it_says_so_and_the_one_after_it_never() {
        assert_eq!(verdict(5, 4), Ok(Fit::Newer(Release { number: 5, oldest: 4 })));
        let refused = verdict(5, 5).expect_err("it took something away");
        assert!(refused.contains("needs a program of release 5") && refused.contains("this program is of release 4"));
        assert!(verdict(6, 4).is_err(), "two releases at once");
    }
}
