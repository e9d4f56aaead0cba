//! `porchlight migrate`: what is missing, tried, or done.

use anyhow::{Context, Result};
use migration::Migrated;
use store::Db;

use crate::Config;
use crate::parts::{plain, prepare_folder};

/// How far to go.
#[derive(Clone, Copy)]
pub enum Go {
    /// Say what would be run, and what waits for it.
    Say,
    /// Run it and take it back.
    Try,
    /// Run it.
    Do,
}

/// Goes that far and says what was done.
pub async fn migrate(config: &Config, go: Go) -> Result<String> {
    prepare_folder(&config.store.url)?;
    let conn = Db::connect(&config.store).await.map_err(plain).context("the database cannot be opened")?;
    let done = match go {
        Go::Say => said(migration::plan(&conn).await?),
        Go::Try => tried(migration::rehearse(&conn).await?),
        Go::Do => match migration::migrate(&conn).await? {
            Migrated::Applied(names) if names.is_empty() => "Nothing to do: the schema is up to date.".to_owned(),
            Migrated::Applied(names) => format!("Done: {}", names.join(", ")),
            Migrated::Newer(theirs) => {
                format!(
                    "Nothing done: the schema is of release {}, newer than this program, and suits it.",
                    theirs.number
                )
            }
        },
    };
    conn.close().await?;
    Ok(done)
}

fn said(planned: Vec<migration::Planned>) -> String {
    if planned.is_empty() {
        return "Nothing to do: the schema is up to date.".to_owned();
    }
    let mut text = String::new();
    for change in planned {
        text.push_str(&format!("{}\n", change.name));
        for (statement, locks) in change.statements {
            text.push_str(&format!("  -- {locks}\n  {statement};\n"));
        }
    }
    text
}

fn tried(tried: Vec<(String, Option<std::time::Duration>)>) -> String {
    if tried.is_empty() {
        return "Nothing to do: the schema is up to date.".to_owned();
    }
    let line = |(name, took): &(String, Option<std::time::Duration>)| match took {
        Some(took) => format!("{name}: {:.1} ms", took.as_secs_f64() * 1000.0),
        None => format!("{name}: not tried, it cannot be taken back; it runs in small steps while others write"),
    };
    let lines: Vec<_> = tried.iter().map(line).collect();
    format!("{}\nTaken back: nothing was changed.", lines.join("\n"))
}
