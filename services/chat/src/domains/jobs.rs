//! Checks in the background. A check asks first, with nothing locked, and then writes what follows from the answer, if
//! the claim is still the one it asked for.

use std::time::Duration;

use kernel::wire::{DomainScope, DomainState};
use kernel::{Audience, ClaimId, Error, Event, Result, Timestamp};
use net::dns::Quorum;
use rand::RngExt;
use serde_json::{Value, json};
use store::{NewJob, Outcome, Task, Unit, Whose};

use super::life::Standing;
use super::tables::claim;
use super::{claim as act, evidence, gate, letters, proof};
use crate::Ctx;

/// Looks after one claim at the time it asked for.
pub const CHECK: &str = "domains.check";
/// Finds claims whose check was lost.
pub const SWEEP: &str = "domains.sweep";

/// How late a check may be before the sweep plans it again.
const LATE: Duration = Duration::from_secs(15 * 60);
const BETWEEN_SWEEPS: Duration = Duration::from_secs(3_600);
const SWEPT: u64 = 500;

/// Plans the row's next check. Every planned moment is a job of its own; one that was overtaken finds the row asking
/// for another moment and does nothing.
pub fn plan(unit: &mut Unit, row: &claim::Model) {
    if let Some(at) = row.next_check_at {
        unit.enqueue(NewJob {
            kind: CHECK,
            tenant: Some(row.tenant_id),
            payload: json!({ "claim": row.id }),
            run_at: at,
            unique_key: Some(format!("{CHECK}:{}:{}", row.id, at.millis())),
        });
    }
}

/// The sweep, which plans itself again as long as there are claims.
pub fn sweeping(now: Timestamp) -> NewJob {
    NewJob {
        kind: SWEEP,
        tenant: None,
        payload: json!({}),
        run_at: now.plus(BETWEEN_SWEEPS),
        unique_key: Some(SWEEP.to_owned()),
    }
}

/// Runs [`CHECK`].
#[expect(clippy::disallowed_methods, reason = "spreads re-checks; no secret")]
pub async fn check(ctx: Ctx, task: Task) -> Result<Outcome> {
    let (Some(tenant), Ok(id)) = (task.tenant, serde_json::from_value::<ClaimId>(task.payload["claim"].clone())) else {
        return Ok(Outcome::GiveUp("a check names its tenant and its claim".to_owned()));
    };
    let Some(row) = claim::peek(ctx.db.platform(), tenant, id).await? else { return Ok(Outcome::Done) };
    let now = ctx.clock().now();
    let before = row.standing()?;
    if before.next_check_at.is_none_or(|at| at > now) {
        return Ok(Outcome::Done);
    }
    if let Some(end) = before.overdue(now) {
        settle(&ctx, &row, end, None).await?;
        return Ok(Outcome::Done);
    }
    if row.reach()? == DomainScope::Test {
        return Ok(Outcome::Done);
    }
    let quorum = if before.state == DomainState::Pending { Quorum::First } else { Quorum::Recheck };
    let (seen, kept) = evidence::look(&ctx, &row).await?;
    let verdict = proof::judge(&row.token, quorum, &seen);
    tracing::info!(domain.id = %id, tenant.id = %tenant, ?verdict, evidence = %kept, "domain checked");
    let jitter = rand::rng().random_range(-1.0..=1.0);
    let after = before.after(verdict, ctx.clock().now(), jitter);
    settle(&ctx, &row, after, Some(kept)).await?;
    Ok(Outcome::Done)
}

/// Writes the next standing, unless the claim was let go, begun anew or moved while we looked: then what we saw is
/// about something that is no more (DV-70).
async fn settle(ctx: &Ctx, asked: &claim::Model, after: Standing, kept: Option<Value>) -> Result<()> {
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(asked.tenant_id).await?;
    let Some(mut row) = claim::lock(unit.conn(), asked.tenant_id, asked.id).await? else {
        return unit.abandon().await;
    };
    if row.token != asked.token || row.state != asked.state {
        return unit.abandon().await;
    }
    let before = row.standing()?.state;
    if let Some(kept) = kept {
        row.checked_at = Some(now);
        row.evidence = Some(kept.to_string());
    }
    row.stand(after, now);
    claim::save(unit.conn(), &row).await?;
    plan(&mut unit, &row);
    tell(ctx, &mut unit, &row, before).await?;
    unit.commit().await?;
    gate::forget(ctx, row.widget_id);
    Ok(())
}

/// Everything that follows from a move: history, screens, live widgets, letters.
async fn tell(ctx: &Ctx, unit: &mut Unit, row: &claim::Model, before: DomainState) -> Result<()> {
    unit.emit(row.tenant_id, Audience::Agents, Event::DomainChanged { domain: row.wire()? });
    let after = row.standing()?.state;
    if after == before {
        return Ok(());
    }
    act::note(ctx, unit, row, "system").await?;
    if before.may_embed() && !after.may_embed() {
        act::close(unit, row)?;
    }
    if let Some(letter) = letters::about(before, after, row.reach()?) {
        unit.enqueue(letters::gathering(row, letter, ctx.clock().now()));
    }
    Ok(())
}

/// Runs [`SWEEP`]: claims whose planned check never came are planned again for now.
pub async fn sweep(ctx: Ctx, _task: Task) -> Result<Outcome> {
    let now = ctx.clock().now();
    let late = claim::late(ctx.db.platform(), now.minus(LATE), SWEPT).await?;
    if !late.is_empty() {
        tracing::warn!(count = late.len(), "domain checks were lost and are planned again");
    }
    for row in late {
        let mut unit = ctx.db.write(Whose::Platform).await?;
        let Some(mut row) = claim::lock(unit.conn(), row.tenant_id, row.id).await? else { continue };
        row.next_check_at = row.next_check_at.map(|_| now);
        claim::save(unit.conn(), &row).await?;
        plan(&mut unit, &row);
        unit.commit().await?;
    }
    Ok(Outcome::Again(BETWEEN_SWEEPS))
}

/// The claim a job's payload names.
pub(super) fn claim_of(task: &Task) -> Result<ClaimId> {
    serde_json::from_value(task.payload["claim"].clone()).map_err(Error::internal)
}
