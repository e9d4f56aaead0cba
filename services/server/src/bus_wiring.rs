//! Between the store and the bus: what this process commits is hinted to others, what others hint is looked for.

use anyhow::{Context, Result};
use bus::{Bus, Hears, Nudge, Nudges};
use chat::Ctx;
use store::{Db, Heads, Jobs};

use crate::crew::Crew;
use crate::roles::Roles;
use crate::{Config, parts};

/// Opens the bus and begins to carry. A broker that is away is said once and holds nothing up.
pub async fn open(config: &Config, roles: Roles, ctx: &Ctx, crew: &mut Crew) -> Result<Bus> {
    let hears = Hears { signals: roles.realtime, jobs: roles.worker };
    let bus = Bus::connect(&config.bus, hears).await.map_err(parts::plain).context("bus")?;
    crew.add("bus", bus.clone().follow(ctx.db.tail()));
    if bus.is_shared() {
        crew.add("hints to others", hint(bus.clone(), ctx.db.heads()));
        crew.add("jobs for others", hint_jobs(bus.clone(), ctx.db.jobs_left()));
        crew.add("hints from others", follow(bus.nudges(), ctx.db.clone()));
    }
    Ok(bus)
}

async fn hint(bus: Bus, mut heads: Heads) {
    while let Some(moved) = heads.next().await {
        moved.into_iter().for_each(|(shard, n)| bus.hint(shard, n));
    }
}

async fn hint_jobs(bus: Bus, mut jobs: Jobs) {
    while jobs.left().await {
        bus.hint_jobs();
    }
}

async fn follow(mut nudges: Nudges, db: Db) {
    while let Some(nudge) = nudges.next().await {
        match nudge {
            Nudge::Head { shard, n } => db.hint(shard, n),
            Nudge::Jobs => db.hint_jobs(),
            Nudge::Everything => db.hint_all(),
        }
    }
}
