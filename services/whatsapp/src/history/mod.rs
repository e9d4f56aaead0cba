//! What was written on a phone before its number was connected.
//!
//! Promises:
//! - pieces come in any order, again and again, thousands of messages each: every message ends up once, sorted by when
//!   it was written, in one conversation per person;
//! - what is going on meanwhile is not held up: pieces wait, are read a few hundred messages at a time by one job per
//!   number, and no unit of it is longer than that;
//! - nobody is told of each message, nothing is unread, no window opens; see [`chat::inbox::add_past`].
//!
//! A piece waits as its line of the recorder does: its delivery is kept until the line says it is done.

mod ask;
mod piece;
mod write;

use std::time::Duration;

use chat::Ctx;
use kernel::wire::{WhatsAppImport, WhatsAppImportState};
use kernel::{Result, Role, Scope, TenantId, Timestamp, WaNumberId};
use serde_json::{Value, json};
use store::{NewJob, Outcome, Task, Unit, Whose};

use crate::payload;
use crate::receive::Became;
use crate::tables::{import, item, number, word};

pub(crate) use ask::ask;
pub use ask::import;
pub(crate) use piece::sealed_for;

/// Job of a number that reads pieces and writes what they held.
pub(crate) const PAST: &str = "whatsapp.past";
/// Steps of one turn; then others have theirs.
const STEPS: usize = 4;
/// How long it waits for more when the phone has not said that this is all.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long it waits when the phone has: pieces overtake each other.
const BREATH: Duration = Duration::from_secs(30);
/// Meta's code for a business that does not share its past.
const DECLINED: i64 = 2_593_109;

/// Keeps a piece: it waits for its number's job.
pub(crate) async fn keep(ctx: &Ctx, unit: &mut Unit, number: &number::Model, value: &Value) -> Result<Became> {
    let pieces = payload::history(value);
    let now = ctx.clock().now();
    let problem = pieces.iter().flat_map(|piece| &piece.problems).next();
    let holds =
        pieces.iter().any(|piece| !piece.threads.is_empty() || !piece.media.is_empty() || piece.progress.is_some());
    if let (Some(problem), false) = (problem, holds) {
        let mut row = import::lock(unit.conn(), number.tenant_id, number.id, now).await?;
        let declined = problem.code == DECLINED;
        row.state = word(if declined { WhatsAppImportState::Declined } else { WhatsAppImportState::Refused })?;
        row.problem = Some(ask::words(problem));
        row.updated_at = now;
        import::save(unit.conn(), &row).await?;
        return Ok(Became::Done);
    }
    if !holds {
        return Ok(Became::Ignored("empty"));
    }
    await_pieces(ctx, unit, number).await?;
    Ok(Became::Waiting)
}

/// A piece of the past came. Its job is woken.
async fn await_pieces(ctx: &Ctx, unit: &mut Unit, number: &number::Model) -> Result<()> {
    let now = ctx.clock().now();
    let mut row = import::lock(unit.conn(), number.tenant_id, number.id, now).await?;
    row.state = word(WhatsAppImportState::Receiving)?;
    (row.piece_at, row.problem, row.updated_at) = (Some(now), None, now);
    import::save(unit.conn(), &row).await?;
    wake(unit, number.tenant_id, number.id, now);
    Ok(())
}

/// Wakes a number's job; one that is there stays.
pub(crate) fn wake(unit: &mut Unit, tenant: TenantId, number: WaNumberId, at: Timestamp) {
    let unique_key = Some(format!("{PAST}:{number}"));
    unit.enqueue(NewJob {
        kind: PAST,
        tenant: Some(tenant),
        payload: json!({ "number": number }),
        run_at: at,
        unique_key,
    });
}

/// Wakes the jobs of numbers whose past is not written yet: a piece that came in the very moment in which a job ended
/// woke nobody.
pub(crate) async fn revive(ctx: &Ctx) -> Result<()> {
    let mut unit = ctx.db.write(Whose::Platform).await?;
    for row in import::unfinished(unit.conn()).await? {
        wake(&mut unit, row.tenant_id, row.number_id, ctx.clock().now());
    }
    unit.commit().await.map(|_| ())
}

/// What a step gave.
enum Step {
    /// There is more to do at once.
    More,
    /// There is nothing to do for this long.
    Later(Duration),
    /// All is done.
    Done,
}

/// Runs [`PAST`].
pub(crate) async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let id = serde_json::from_value::<WaNumberId>(task.payload["number"].clone());
    let (Some(tenant), Ok(id)) = (task.tenant, id) else {
        return Ok(Outcome::GiveUp("the job names no number".to_owned()));
    };
    let number = number::find(ctx.db.platform(), tenant, id).await?;
    for _ in 0..STEPS {
        match step(&ctx, &number).await? {
            Step::More => tokio::task::yield_now().await,
            Step::Later(after) => return Ok(Outcome::Again(after)),
            Step::Done => return Ok(Outcome::Done),
        }
    }
    Ok(Outcome::Again(Duration::ZERO))
}

async fn step(ctx: &Ctx, number: &number::Model) -> Result<Step> {
    if let Some(line) = item::waiting_of_past(ctx.db.platform(), number.id).await? {
        piece::read(ctx, number, line).await?;
        return Ok(Step::More);
    }
    let Some(row) = import::find(ctx.db.platform(), number.tenant_id, number.id).await? else {
        return Ok(Step::Done);
    };
    match row.stands()? {
        WhatsAppImportState::Receiving => match due(&row)?.filter(|due| *due > ctx.clock().now()) {
            Some(due) => Ok(Step::Later(due.since(ctx.clock().now()))),
            None => stand(ctx, number, WhatsAppImportState::Writing).await,
        },
        WhatsAppImportState::Writing => match write::some(ctx, number).await? {
            true => Ok(Step::More),
            false => stand(ctx, number, WhatsAppImportState::Done).await,
        },
        _ => Ok(Step::Done),
    }
}

/// When what came may be written: nothing that was written before may come after it.
fn due(row: &import::Model) -> Result<Option<Timestamp>> {
    let seen = piece::Seen::of(row)?;
    let whole = row.progress >= 100 && seen.has_all();
    Ok(row.piece_at.map(|at| at.plus(if whole { BREATH } else { PATIENCE })))
}

/// Goes on to the next state, unless a piece came meanwhile.
async fn stand(ctx: &Ctx, number: &number::Model, next: WhatsAppImportState) -> Result<Step> {
    let unit = ctx.db.write(number.tenant_id).await?;
    let now = ctx.clock().now();
    let mut row = import::lock(unit.conn(), number.tenant_id, number.id, now).await?;
    let before = row.stands()?;
    let is_late = item::waiting_of_past(unit.conn(), number.id).await?.is_some();
    let may = !is_late && matches!(before, WhatsAppImportState::Receiving | WhatsAppImportState::Writing);
    if may {
        row.state = word(next)?;
        row.updated_at = now;
        import::save(unit.conn(), &row).await?;
    }
    unit.commit().await?;
    Ok(Step::More)
}

/// How far the import of a number's past is. Viewers and above.
pub async fn show(ctx: &Ctx, scope: &Scope, id: WaNumberId) -> Result<WhatsAppImport> {
    scope.require(Role::Viewer)?;
    let (conn, tenant) = (&ctx.db.read(scope), scope.tenant());
    let number = number::find(conn, tenant, id).await?;
    match import::find(conn, tenant, id).await? {
        Some(row) => row.wire(),
        None => import::Model::blank(tenant, id, number.created_at).wire(),
    }
}
