//! A turn at a number: one process at a time plans its calls.

use std::time::Duration;
use store::Whose;

use chat::Ctx;
use kernel::{JobId, Result, TenantId, Timestamp, WaNumberId};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::pick::AT_ONCE;
use super::wake;
use crate::tables::{number, outgoing, turn};

/// Who has not been heard of for so long has lost it. What they still begin is undone: every plan is committed with a
/// look at whose turn it is.
const SILENCE: Duration = Duration::from_secs(5);
/// How often the holder is heard of.
const BEAT: Duration = Duration::from_millis(1_500);

/// A turn that was taken.
pub struct Turn {
    ctx: Ctx,
    /// Whose number.
    pub tenant: TenantId,
    /// Which.
    pub number: WaNumberId,
    /// Who has it.
    pub holder: Uuid,
    beat: JoinHandle<()>,
}

impl Turn {
    /// Takes it, unless somebody has it.
    pub async fn take(ctx: &Ctx, tenant: TenantId, number: WaNumberId) -> Result<Option<Self>> {
        let now = ctx.clock().now();
        if turn::is_taken(ctx.db.platform(), number, now).await? {
            return Ok(None);
        }
        let holder = JobId::new(ctx.clock()).uuid();
        let unit = ctx.db.write(tenant).await?;
        let taken = turn::take(unit.conn(), (tenant, number), holder, now, now.plus(SILENCE)).await?;
        unit.commit().await?;
        let beat = || tokio::spawn(beat(ctx.clone(), number, holder));
        Ok(taken.then(|| Self { ctx: ctx.clone(), tenant, number, holder, beat: beat() }))
    }

    /// Until when it is this one's without being heard of.
    pub fn until(&self, now: Timestamp) -> Timestamp {
        now.plus(SILENCE)
    }

    /// Lets it go, then looks once more: who came meanwhile found it taken and went away. Leaves a job for what is due
    /// next, if none comes as early; not before the number may go on.
    pub async fn end(self, not_before: Option<Timestamp>) -> Result<()> {
        self.beat.abort();
        let unit = self.ctx.db.write(Whose::Platform).await?;
        turn::release(unit.conn(), self.number, self.holder).await?;
        unit.commit().await?;
        leave(&self.ctx, self.tenant, self.number, not_before).await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.beat.abort();
    }
}

/// Leaves a job for when something is due.
async fn leave(ctx: &Ctx, tenant: TenantId, id: WaNumberId, not_before: Option<Timestamp>) -> Result<()> {
    let (conn, now) = (ctx.db.platform(), ctx.clock().now());
    let is_halted = number::find(conn, tenant, id).await.is_ok_and(|row| row.halted_at.is_some());
    // calls that are still being made leave a job themselves when they end
    let is_full = outgoing::flying(conn, id.uuid()).await? >= AT_ONCE;
    let Some(due) = outgoing::next(conn, id.uuid(), !is_halted && !is_full).await? else { return Ok(()) };
    let paused = turn::pacing_of(conn, id).await?.paused_until;
    let due = [Some(now), not_before, paused].into_iter().flatten().fold(due, Timestamp::max);
    let mut unit = ctx.db.write(tenant).await?;
    if turn::wake(unit.conn(), id, due, now).await? {
        wake(&mut unit, tenant, id, due);
    }
    unit.commit().await.map(|_| ())
}

async fn beat(ctx: Ctx, number: WaNumberId, holder: Uuid) {
    loop {
        tokio::time::sleep(BEAT).await;
        let until = ctx.clock().now().plus(SILENCE);
        let Ok(unit) = ctx.db.write(Whose::Platform).await else { continue };
        match turn::extend(unit.conn(), number, holder, until).await {
            Ok(true) => drop(unit.commit().await),
            Ok(false) => return,
            Err(_) => continue,
        }
    }
}
