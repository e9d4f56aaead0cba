//! What two contacts who are one person have in the inbox: the kept one takes the gone one's conversations.
//!
//! Taking it back moves what moved: a conversation goes back with everything in it, what was said since included.
//! Conversations that began since, and whatever else came, stay with the kept one.

use kernel::wire::{Author, Contact, ContactMerge, Status};
use kernel::{Audience, ContactMergeId, ConversationId, Error, Event, Result, Scope, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Unit;

use super::status::by;
use super::tables::{conversation, merge};
use crate::Ctx;
use crate::contacts::{self, Moved, Pair};

/// What moved here.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Talks {
    conversations: Vec<ConversationId>,
    settled: Vec<Settled>,
}

/// A conversation that had to end because the person had another on the same channel.
#[derive(Debug, Serialize, Deserialize)]
struct Settled {
    id: ConversationId,
    status: Status,
}

/// Makes two contacts one, within a unit. `channel` is what moved in the channel, which gets it back from [`unmerge`].
pub async fn merge(ctx: &Ctx, unit: &mut Unit, scope: &Scope, pair: &Pair, channel: Value) -> Result<ContactMerge> {
    let author = by(unit, scope).await?;
    let (kept, profile) = contacts::join(unit, pair).await?;
    let talks = Talks {
        settled: settle(ctx, unit, scope.tenant(), pair, &author).await?,
        conversations: merge::give(unit.conn(), scope.tenant(), pair, ctx.clock().now()).await?,
    };
    with_now(unit, scope.tenant(), &talks.conversations, &kept);
    let inbox = serde_json::to_value(&talks).map_err(Error::internal)?;
    contacts::record(ctx, unit, pair, &Moved { profile, inbox, channel }, &author).await
}

/// Takes a merge back, within a unit; gives what moved in the channel as well.
pub async fn unmerge(ctx: &Ctx, unit: &mut Unit, scope: &Scope, id: ContactMergeId) -> Result<(ContactMerge, Value)> {
    let (tenant, now) = (scope.tenant(), ctx.clock().now());
    let author = by(unit, scope).await?;
    let undoing = contacts::part(ctx, unit, tenant, id).await?;
    let talks: Talks = serde_json::from_value(undoing.moved.inbox.clone()).map_err(Error::internal)?;
    let (kept, gone) = (&undoing.kept, &undoing.gone);
    let back = merge::take_back(unit.conn(), tenant, &talks.conversations, (kept.id, gone.id), now).await?;
    with_now(unit, tenant, &back, gone);
    for settled in talks.settled {
        if merge::may_go_on(unit.conn(), tenant, settled.id).await? {
            put(ctx, unit, tenant, settled.id, settled.status, &author).await?;
        }
    }
    Ok((undoing.wire()?, undoing.moved.channel))
}

/// Where both are in the middle of something on one channel, the older one ends: there is one conversation at a time.
async fn settle(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, pair: &Pair, by: &Author) -> Result<Vec<Settled>> {
    let mut settled = Vec::new();
    for (id, status) in merge::doubled(unit.conn(), tenant, pair).await? {
        put(ctx, unit, tenant, id, Status::Resolved, by).await?;
        settled.push(Settled { id, status });
    }
    Ok(settled)
}

async fn put(
    ctx: &Ctx,
    unit: &mut Unit,
    tenant: TenantId,
    id: ConversationId,
    status: Status,
    by: &Author,
) -> Result<()> {
    conversation::set(unit.conn(), id, "status", status.word().into(), ctx.clock().now()).await?;
    let event = Event::ConversationStatusChanged { conversation_id: id, status, by: by.clone() };
    unit.emit(tenant, Audience::Agents, event);
    Ok(())
}

fn with_now(unit: &mut Unit, tenant: TenantId, conversations: &[ConversationId], contact: &Contact) {
    for id in conversations {
        let event = Event::ConversationContactChanged { conversation_id: *id, contact: contact.clone() };
        unit.emit(tenant, Audience::Agents, event);
    }
}
