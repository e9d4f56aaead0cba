//! What Meta tells about a person: a new number, new ids, new keys. Their names follow; a line in the conversation
//! says so.

use chat::Ctx;
use chat::contacts::{self, Told};
use chat::inbox::{self, NewMessage, Via};
use kernel::wire::{Extra, Visibility};
use kernel::{Actor, ContactId, Result, TenantId};
use store::Unit;

use super::{Arriving, Became, content};
use crate::alias::Alias;
use crate::payload::System;
use crate::tables::message;
use crate::{person, wamid};

/// Follows a person and says so in their conversation on this number, if there is one.
pub async fn tell(ctx: &Ctx, unit: &mut Unit, arriving: &Arriving<'_>, told: &System) -> Result<Became> {
    let (tenant, channel) = (arriving.number.tenant_id, arriving.number.channel());
    let Some((contact, known)) = follow(ctx, unit, arriving, told).await? else {
        return Ok(Became::Ignored("unknown_person"));
    };
    let here = if known { inbox::conversing(unit, channel, contact).await? } else { None };
    // their names lead to them from now on, also when they have not written yet
    let Some(conversation) = here else { return Ok(Became::Done) };
    let phone = told.now.iter().find(|name| matches!(name, Alias::Wa(_)));
    let phone = phone.map(|name| format!("+{}", name.value()));
    contacts::told(ctx, unit, tenant, contact, &Told { name: None, phone }).await?;
    let shown = content::shown(&arriving.read.content, arriving.item, &[])?;
    let new = NewMessage {
        client_id: wamid::client_id(&arriving.read.id)?,
        body: shown.body,
        files: Vec::new(),
        visibility: Visibility::Public,
        reply_to: None,
        extra: Some(Box::new(Extra { content: shown.content, ..Extra::default() })),
        via: Via::default(),
    };
    let scope = inbox::vouched(channel, Actor::System);
    let posted = inbox::post_within(ctx, unit, &scope, conversation, new).await?;
    message::place(unit.conn(), (arriving.number.id, &arriving.hash), (conversation, posted.seq)).await?;
    Ok(Became::Done)
}

/// Gives the person a notice is about the names they have now: who, and whether anybody knew them.
pub async fn follow(
    ctx: &Ctx,
    unit: &mut Unit,
    arriving: &Arriving<'_>,
    told: &System,
) -> Result<Option<(ContactId, bool)>> {
    let before: Vec<Alias> =
        arriving.from.iter().chain(&told.before).filter(|name| !told.now.contains(name)).cloned().collect();
    if before.is_empty() && told.now.is_empty() {
        return Ok(None);
    }
    person::moved(ctx, unit, arriving.number.tenant_id, &before, &told.now).await.map(Some)
}

/// People who got new ids, told without a message.
pub async fn renamed(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, people: &[(Alias, Alias)]) -> Result<()> {
    for (before, now) in people {
        person::moved(ctx, unit, tenant, std::slice::from_ref(before), std::slice::from_ref(now)).await?;
    }
    Ok(())
}
