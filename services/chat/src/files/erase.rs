//! Ending files: the row says so at once and nobody gets another byte; a job deletes the objects after the commit.
//!
//! What was in a message stays as a tombstone with its name, which is part of what was said and goes with the
//! conversation; what never was, or whose conversation is deleted, goes without a trace.

use kernel::wire::{File, FileState};
use kernel::{Actor, Audience, ConversationId, Error, Event, FileId, Result, Role, Scope, TenantId};
use serde_json::json;
use store::{NewJob, Unit};
use uuid::Uuid;

use super::hold::refuse_if_held;
use super::objects::ERASE;
use super::tables::file::{self, Row};
use super::tables::{life, usage};
use crate::Ctx;

/// Erases a file. What was sent, by supervisors and up, unless its conversation is held; what was not, by whoever sent
/// it up. May be asked twice.
pub async fn erase(ctx: &Ctx, scope: &Scope, id: FileId) -> Result<()> {
    let (tenant, mut unit) = (scope.tenant(), ctx.db.write(scope).await?);
    let row = file::lock(unit.conn(), tenant, &[id]).await?.pop().ok_or_else(Error::not_found)?;
    may_erase(scope, &row)?;
    if row.file.state == FileState::Gone {
        return unit.abandon().await;
    }
    match row.place {
        Some((conversation, _)) => {
            refuse_if_held(unit.conn(), tenant, conversation).await?;
            end(ctx, &mut unit, vec![row], "erased").await?;
        }
        None => {
            end(ctx, &mut unit, vec![row], "erased").await?;
            life::unname(unit.conn(), &[id]).await?;
        }
    }
    unit.enqueue(erasing(ctx, tenant));
    unit.commit().await.map(|_| ())
}

fn may_erase(scope: &Scope, row: &Row) -> Result<()> {
    match (row.place, scope.actor()) {
        (None, _) if actor(scope) == Some(row.owner) => Ok(()),
        (None, _) => Err(Error::not_found()),
        (Some(_), Actor::Visitor { id, .. }) if row.note || row.contact != Some(*id) => Err(Error::not_found()),
        (Some(_), _) => scope.require(Role::Supervisor),
    }
}

fn actor(scope: &Scope) -> Option<Uuid> {
    match scope.actor() {
        Actor::Agent { id, .. } => Some(id.uuid()),
        Actor::Visitor { id, .. } => Some(id.uuid()),
        Actor::Contact { .. } | Actor::Phone | Actor::Operator { .. } | Actor::System => None,
    }
}

/// Ends all files of a conversation that is deleted in this unit, and takes them out of it.
pub async fn erase_conversation(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, id: ConversationId) -> Result<()> {
    let rows = life::of_conversation(unit.conn(), tenant, id).await?;
    let ids: Vec<FileId> = rows.iter().map(|row| row.file.id).collect();
    usage::release(unit.conn(), tenant, &ids).await?;
    life::end(unit.conn(), &ids, "erased", ctx.clock().now()).await?;
    life::unname(unit.conn(), &ids).await?;
    if !ids.is_empty() {
        unit.enqueue(erasing(ctx, tenant));
    }
    Ok(())
}

/// Ends the files of a message that its author took back, in a unit that does more. `false`: the conversation must be
/// kept, and nothing was done.
pub async fn erase_message(
    ctx: &Ctx,
    unit: &mut Unit,
    tenant: TenantId,
    (conversation, seq): (ConversationId, i64),
) -> Result<bool> {
    if super::hold::held(unit.conn(), tenant, conversation).await?.is_some() {
        return Ok(false);
    }
    let rows = life::of_message(unit.conn(), tenant, (conversation, seq)).await?;
    let rows: Vec<Row> = rows.into_iter().filter(|row| row.file.state != FileState::Gone).collect();
    if !rows.is_empty() {
        end(ctx, unit, rows, "erased").await?;
        unit.enqueue(erasing(ctx, tenant));
    }
    Ok(true)
}

/// Ends files of one tenant that the unit holds, and tells those who see them.
pub(super) async fn end(ctx: &Ctx, unit: &mut Unit, rows: Vec<Row>, reason: &str) -> Result<()> {
    let Some(tenant) = rows.first().map(|row| row.tenant) else { return Ok(()) };
    let ids: Vec<FileId> = rows.iter().map(|row| row.file.id).collect();
    usage::release(unit.conn(), tenant, &ids).await?;
    life::end(unit.conn(), &ids, reason, ctx.clock().now()).await?;
    for row in rows {
        let gone = File {
            state: FileState::Gone,
            reason: Some(reason.to_owned()),
            scan: None,
            findings: Vec::new(),
            ..row.file
        };
        let Some((conversation_id, seq)) = row.place else { continue };
        let audience = match row.contact {
            Some(contact) if !row.note => Audience::Visitor(contact),
            _ => Audience::Agents,
        };
        unit.emit(tenant, audience, Event::FileChanged { conversation_id, seq, file: gone });
    }
    Ok(())
}

/// The job that deletes what is over. One per unit that ends something: a key would drop the one left behind while
/// another runs its last round.
pub(super) fn erasing(ctx: &Ctx, tenant: TenantId) -> NewJob {
    NewJob { kind: ERASE, tenant: Some(tenant), payload: json!({}), run_at: ctx.clock().now(), unique_key: None }
}
