//! What is true of a database that was brought back: it is another life, and nobody is at work on anything.

use kernel::{Clock, JobId, Result, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend};

use super::{Place, contents};
use crate::jobs::NewJob;
use crate::{fault, sql};

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// The shards before.
    pub before: Vec<Place>,
    /// The shards now.
    pub after: Vec<Place>,
    /// Jobs somebody had begun; they begin anew.
    pub leases: u64,
}

/// A schema that was made anew lets nobody in but its owner.
const PLATFORM: &str = "grant usage on schema public to porchlight_tenant, porchlight_platform; \
    grant select on seaql_migrations to porchlight_platform; set role porchlight_platform";

/// Sees every row, whoever we are: the wall holds for the owner of tables too.
pub async fn as_platform(conn: &impl ConnectionTrait) -> Result<()> {
    match conn.get_database_backend() {
        DbBackend::Postgres => conn.execute_unprepared(PLATFORM).await.map(drop).map_err(fault),
        _ => Ok(()),
    }
}

/// Begins another life: every shard gets a new epoch, every lease is over.
pub async fn settle(conn: &impl ConnectionTrait) -> Result<Settled> {
    let before = contents(conn, "", &[]).await?.shards;
    for place in &before {
        let values = [i64::from(other_than(place.epoch)).into(), place.shard.into()];
        run(conn, "update outbox_shard set epoch = ? where shard = ?", values).await?;
    }
    let leases = run(conn, "update job set claimed_until = null where claimed_until is not null", []).await?;
    let after = contents(conn, "", &[]).await?.shards;
    Ok(Settled { before, after, leases })
}

/// Jobs of these kinds that waited are dead letters now: they may have been done since the copy was taken.
pub async fn cut_off(conn: &impl ConnectionTrait, kinds: &[&str], now: Timestamp) -> Result<u64> {
    let mut all = 0;
    for kind in kinds {
        let text = "update job set gave_up_at = ?, claimed_until = null, unique_key = null, last_error = ? \
                    where kind = ? and gave_up_at is null";
        all += run(conn, text, [now.into(), "restored: it may have been done already".into(), (*kind).into()]).await?;
    }
    Ok(all)
}

/// Leaves a job outside of any unit.
pub async fn leave_job(conn: &impl ConnectionTrait, job: &NewJob) -> Result<()> {
    let text = "insert into job (id, tenant_id, kind, payload, unique_key, run_at, attempts, created_at) \
                values (?, ?, ?, ?, ?, ?, 0, ?) on conflict do nothing";
    let values = [
        JobId::new(&Clock::System).into(),
        job.tenant.into(),
        job.kind.into(),
        job.payload.to_string().into(),
        job.unique_key.clone().into(),
        job.run_at.into(),
        job.run_at.into(),
    ];
    run(conn, text, values).await.map(drop)
}

async fn run<const N: usize>(conn: &impl ConnectionTrait, text: &str, values: [sea_orm::Value; N]) -> Result<u64> {
    let asked = sql(conn.get_database_backend(), text, values);
    conn.execute_raw(asked).await.map(|done| done.rows_affected()).map_err(fault)
}

#[expect(clippy::disallowed_methods, reason = "an epoch only has to differ from the last one")]
fn other_than(epoch: i64) -> u32 {
    let mut new: u32 = rand::random();
    while i64::from(new) == epoch {
        new = rand::random();
    }
    new
}
