//! Visitors: recognised by a handle, made a contact by their first act.

use kernel::wire::Contact;
use kernel::{Audience, ContactId, Error, Event, Result, Scope, TenantId, WidgetId};
use store::Unit;

use super::{Profile, tables::contact};
use crate::Ctx;
use crate::identity::{self, VisitorIdentity};

/// A visitor as they see themselves.
#[derive(Clone, Debug)]
pub struct Known {
    /// The contact, once there is one.
    pub contact: Option<Contact>,
    /// The id tokens speak of.
    pub id: ContactId,
}

/// Whoever holds `handle` on this widget; a strange handle is nobody.
pub async fn recognise(ctx: &Ctx, tenant: TenantId, widget: WidgetId, handle: &str) -> Result<Option<Contact>> {
    if handle.len() > 128 {
        return Ok(None);
    }
    let row = contact::by_handle(ctx.db.platform(), tenant, widget, &identity::digest(handle)).await?;
    row.map(|row| row.wire()).transpose()
}

/// The secret by which a visitor is recognised on return. Derived, so that an answer lost on the way can be given again.
pub fn handle(ctx: &Ctx, id: ContactId) -> String {
    ctx.keys.derive("visitor-handle", id.uuid().as_bytes())
}

/// The visitor of this scope, if they have acted before.
pub async fn visitor(ctx: &Ctx, scope: &Scope) -> Result<Known> {
    let (id, _) = scope.visitor()?;
    let row = contact::find(&ctx.db.read(scope), scope.tenant(), id).await?;
    Ok(Known { id, contact: row.map(|row| row.wire()).transpose()? })
}

/// The visitor's row within `unit`, made now if this is their first act.
pub async fn ensure(ctx: &Ctx, unit: &Unit, scope: &Scope, profile: &Profile) -> Result<Contact> {
    let (id, widget) = scope.visitor()?;
    let now = ctx.clock().now();
    if contact::find(unit.conn(), scope.tenant(), id).await?.is_none() {
        let mut row = stranger(ctx, scope.tenant(), id, widget);
        profile.apply(&mut row)?;
        if contact::insert(unit.conn(), &row).await? {
            return row.wire();
        }
    }
    // there already, perhaps since a moment ago: two tabs may act at once
    let mut row = contact::find(unit.conn(), scope.tenant(), id).await?.ok_or_else(Error::not_found)?;
    profile.apply(&mut row)?;
    row.last_seen_at = now;
    // the answer to this act carries the handle as it follows from the secret of today
    row.handle_hash = Some(identity::digest(&handle(ctx, id)));
    contact::save(unit.conn(), &row).await?;
    row.wire()
}

fn stranger(ctx: &Ctx, tenant: TenantId, id: ContactId, widget: WidgetId) -> contact::Model {
    let now = ctx.clock().now();
    contact::Model {
        tenant_id: tenant,
        id,
        widget_id: Some(widget),
        name: None,
        email: None,
        phone: None,
        verified: false,
        external_id: None,
        attributes: "{}".to_owned(),
        page: None,
        locale: None,
        handle_hash: Some(identity::digest(&handle(ctx, id))),
        created_at: now,
        last_seen_at: now,
        blocked_at: None,
        merged_into: None,
    }
}

/// The visitor says who they are, or the page says what it knows. Claimed, not verified.
pub async fn change_profile(ctx: &Ctx, scope: &Scope, profile: &Profile) -> Result<Contact> {
    let mut unit = ctx.db.write(scope).await?;
    let contact = ensure(ctx, &unit, scope, profile).await?;
    unit.emit(scope.tenant(), Audience::Agents, Event::ContactChanged { contact: contact.clone() });
    unit.commit().await?;
    Ok(contact)
}

/// The person the tenant's signature names: found again on any device, made on first sight.
pub async fn identify(ctx: &Ctx, scope: &Scope, who: &VisitorIdentity) -> Result<Contact> {
    let mut unit = ctx.db.write(scope).await?;
    let profile = Profile {
        name: who.name.clone(),
        email: who.email.clone(),
        phone: who.phone.clone(),
        attributes: who.attributes.clone(),
        ..Profile::default()
    };
    let known = contact::by_external(unit.conn(), scope.tenant(), &who.external_id).await?;
    let id = match known {
        Some(row) => row.id,
        None => ensure(ctx, &unit, scope, &Profile::default()).await?.id,
    };
    let mut row = contact::find(unit.conn(), scope.tenant(), id).await?.ok_or_else(Error::not_found)?;
    profile.apply(&mut row)?;
    row.external_id = Some(who.external_id.clone());
    row.verified = true;
    row.last_seen_at = ctx.clock().now();
    contact::save(unit.conn(), &row).await?;
    let contact = row.wire()?;
    unit.emit(scope.tenant(), Audience::Agents, Event::ContactChanged { contact: contact.clone() });
    unit.commit().await?;
    Ok(contact)
}
