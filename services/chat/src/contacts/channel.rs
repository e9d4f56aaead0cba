//! People known by what a channel says of them.

use kernel::wire::Contact;
use kernel::{Audience, ContactId, Event, Result, TenantId};
use store::Unit;

use super::merge::root;
use super::tables::contact;
use crate::Ctx;

/// What a channel says of a person. `None` leaves alone what is known.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// What they call themselves there; never in place of a name people of the team gave.
    pub name: Option<String>,
    /// With `+`.
    pub phone: Option<String>,
}

/// The person with this id, made now if nobody has it yet, or whoever took their place; within a unit.
pub async fn told(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, id: ContactId, told: &Told) -> Result<Contact> {
    let now = ctx.clock().now();
    // a merge waits for whoever holds a contact, and moves what they did
    contact::hold(unit.conn(), tenant, id).await?;
    let known = root(unit.conn(), tenant, id).await?;
    let Some(mut row) = known else {
        let row = contact::Model {
            tenant_id: tenant,
            id,
            widget_id: None,
            name: told.name.clone(),
            email: None,
            phone: told.phone.clone(),
            verified: false,
            external_id: None,
            attributes: "{}".to_owned(),
            page: None,
            locale: None,
            handle_hash: None,
            created_at: now,
            last_seen_at: now,
            blocked_at: None,
            merged_into: None,
        };
        contact::insert(unit.conn(), &row).await?;
        return row.wire();
    };
    let before = row.clone();
    row.name = row.name.or_else(|| told.name.clone());
    row.phone = told.phone.clone().or(row.phone);
    row.last_seen_at = now;
    contact::save(unit.conn(), &row).await?;
    let shown = row.wire()?;
    if (&before.name, &before.phone) != (&row.name, &row.phone) {
        unit.emit(tenant, Audience::Agents, Event::ContactChanged { contact: shown.clone() });
    }
    Ok(shown)
}

/// What an address book says of the person with this id, made now if nobody has it yet; within a unit. A name that is
/// there stays, and nobody was seen by it.
pub async fn noted(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, id: ContactId, noted: &Told) -> Result<Contact> {
    let Some(mut row) = root(unit.conn(), tenant, id).await? else {
        return told(ctx, unit, tenant, id, noted).await;
    };
    if row.name.is_none() && noted.name.is_some() {
        row.name.clone_from(&noted.name);
        contact::save(unit.conn(), &row).await?;
        unit.emit(tenant, Audience::Agents, Event::ContactChanged { contact: row.wire()? });
    }
    row.wire()
}
