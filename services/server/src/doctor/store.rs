//! The database: there, migrated, durable, walled, in time, with room.

use std::path::Path;

use kernel::Clock;
use store::{Db, Examined};

use super::Line;
use crate::Config;

pub async fn look(config: &Config, clock: &Clock) -> Vec<Line> {
    let url = &config.store.url;
    if let Some(path) = url.strip_prefix("sqlite://").map(|path| path.split('?').next().unwrap_or(path))
        && !Path::new(path).is_file()
    {
        let todo = "Run `porchlight migrate`, or start the server once, if this installation is new.";
        return vec![Line::fail("store", format!("There is no database at {path}."), todo)];
    }
    match store::examine(&config.store, clock.now().millis()).await {
        Err(error) => vec![Line::fail(
            "store",
            format!("The database cannot be used: {}", crate::parts::plain(error)),
            "Is it running, and are store.url, its user and password right?",
        )],
        Ok(found) => {
            let mut lines = vec![Line::ok("store", format!("{} {} answers.", found.engine, found.version))];
            lines.push(schema(config).await);
            lines.extend(judged(&found, clock.now().millis()));
            lines
        }
    }
}

async fn schema(config: &Config) -> Line {
    let pending = async {
        let conn = Db::connect(&config.store).await.map_err(crate::parts::plain)?;
        Ok::<_, anyhow::Error>(migration::pending(&conn).await?)
    };
    match pending.await {
        Ok(pending) if pending.is_empty() => Line::ok("schema", "Every migration of this release has run."),
        Ok(pending) => Line::warn(
            "schema",
            format!("{} migration(s) have not run, the first is {}.", pending.len(), pending[0]),
            "Run `porchlight migrate`; a server that starts does it too, unless told otherwise.",
        ),
        Err(error) => Line::fail(
            "schema",
            format!("It cannot be said which migrations have run: {error:#}."),
            "Look at the database's log.",
        ),
    }
}

fn judged(found: &Examined, now_ms: i64) -> Vec<Line> {
    let mut lines = vec![durability(found)];
    lines.extend(found.clock_ms.map(|theirs| clock(theirs - now_ms)));
    lines.extend(wall(found));
    lines.push(transactions(found));
    lines.push(bloat(found));
    lines.extend(found.connections.map(|(used, most)| connections(used, most)));
    lines.extend(found.replica_seconds.map(replica));
    lines.push(jobs(found, now_ms));
    lines
}

fn durability(found: &Examined) -> Line {
    let bad: Vec<_> = found.durability.iter().filter(|(.., well)| !well).collect();
    let says = |all: &[&(&str, String, bool)]| {
        all.iter().map(|(name, value, _)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
    };
    match bad.is_empty() {
        true => Line::ok(
            "durability",
            format!("What is acknowledged is on disk: {}.", says(&found.durability.iter().collect::<Vec<_>>())),
        ),
        false => Line::fail(
            "durability",
            format!("The database acknowledges before data is safe: {}.", says(&bad)),
            "Set it back: a power cut would lose messages that were acknowledged.",
        ),
    }
}

fn clock(off_ms: i64) -> Line {
    let says = format!("The clocks of this machine and of the database are {} ms apart.", off_ms.abs());
    let todo = "Synchronise both machines' clocks.";
    match off_ms.unsigned_abs() {
        0..1_000 => Line::ok("store_clock", says),
        1_000..30_000 => Line::warn("store_clock", says, todo),
        _ => Line::fail("store_clock", says, todo),
    }
}

fn wall(found: &Examined) -> Vec<Line> {
    if found.engine != "PostgreSQL" {
        return Vec::new();
    }
    let role = match found.is_super {
        true => Line::warn(
            "store_role",
            "store.url connects as a user who is above row-level security.",
            "Connect as a user who is neither superuser nor has BYPASSRLS.",
        ),
        false => Line::ok("store_role", "store.url connects as a user whom row-level security binds."),
    };
    let walls = match found.unwalled.as_slice() {
        [] => Line::ok("walls", "Every table of tenants has row-level security, forced."),
        [first, ..] => Line::fail(
            "walls",
            format!("{} table(s) of tenants have no forced row-level security, such as {first}.", found.unwalled.len()),
            "Run `porchlight migrate`: it builds the walls at its end.",
        ),
    };
    vec![role, walls]
}

fn transactions(found: &Examined) -> Line {
    let says = format!("The longest transaction has been open for {} s.", found.longest_seconds);
    match found.longest_seconds {
        ..60 => Line::ok("transactions", says),
        _ => {
            Line::warn("transactions", says, "Look for it in pg_stat_activity: it keeps dead rows from being cleared.")
        }
    }
}

fn bloat(found: &Examined) -> Line {
    if let Some((name, dead, living)) = found.bloated.first() {
        let says = format!("{name} has {dead} dead rows and {living} living ones.");
        return Line::warn("bloat", says, "Is autovacuum on, and does a long transaction hold it up?");
    }
    match found.hollow {
        Some((free, size)) if free > 104_857_600 && free > size / 2 => Line::warn(
            "bloat",
            format!("{} MiB of the database's {} MiB hold nothing.", free / 1_048_576, size / 1_048_576),
            "It is used again by itself; `vacuum` while the server is stopped gives it back.",
        ),
        _ => Line::ok("bloat", "No table is mostly dead rows."),
    }
}

fn connections(used: i64, most: i64) -> Line {
    let says = format!("The database server has {used} of at most {most} connections.");
    match used * 100 / most.max(1) {
        ..80 => Line::ok("connections", says),
        _ => Line::warn("connections", says, "Lower store.connections, or put a pooler in between."),
    }
}

fn replica(behind: Option<u64>) -> Line {
    let todo = "Lists are read from the database itself meanwhile. Look at the copy's log.";
    match behind {
        Some(seconds) if seconds <= 2 => Line::ok("replica", format!("The copy is {seconds} s behind.")),
        Some(seconds) => Line::warn("replica", format!("The copy is {seconds} s behind."), todo),
        None => Line::warn("replica", "The copy does not answer, or does not say how far behind it is.", todo),
    }
}

fn jobs(found: &Examined, now_ms: i64) -> Line {
    let Some((dead, due_since)) = found.jobs else {
        return Line::warn(
            "jobs",
            "There are no jobs to look at: the tables are not there.",
            "Run `porchlight migrate`.",
        );
    };
    let late = due_since.map_or(0, |since| (now_ms - since).max(0) / 1_000);
    if late > 300 {
        let says = format!("The oldest job that is due waits for {late} s.");
        return Line::warn("jobs", says, "Does a process with the role worker run?");
    }
    match dead {
        0 => Line::ok("jobs", "No job waits for long and none gave up."),
        _ => Line::warn("jobs", format!("{dead} job(s) gave up."), "The operator console's system page says why."),
    }
}
