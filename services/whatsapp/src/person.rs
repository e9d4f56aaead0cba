//! Who somebody is here: a contact of the tenant, found by any of the names Meta gives.
//!
//! - The business-scoped id is asked first, then the linked one, then `wa_id`, then every way the number is written.
//! - Names that come together are names of one person. Two contacts that turn out to be one are merged into the older
//!   one, which people can take back.
//! - A number somebody left still leads to them, until somebody with an id nobody knows writes from it: numbers are
//!   given to other people.

use std::collections::BTreeSet;

use chat::Ctx;
use kernel::{ContactId, Error, Result, TenantId};
use store::Unit;

use crate::alias::{Alias, variants};
use crate::merge;
use crate::tables::alias::{self, Model};

/// How often names that somebody else adds at this very moment are looked at again.
const TRIES: usize = 4;

/// A person that was met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// Who; the contact may have no row yet.
    pub contact: ContactId,
    /// Their number now, with `+`, if one was given.
    pub phone: Option<String>,
}

/// Who has one of these names, if anybody; nothing is written.
pub async fn find(unit: &Unit, tenant: TenantId, names: &[Alias]) -> Result<Option<ContactId>> {
    let rows = alias::find(unit.conn(), tenant, names).await?;
    match best(&rows, names) {
        Some(contact) => Ok(Some(contact)),
        None => spelled(unit, tenant, names).await,
    }
}

/// Everybody who has one of these names.
pub async fn among(unit: &Unit, tenant: TenantId, names: BTreeSet<Alias>) -> Result<Vec<ContactId>> {
    let names: Vec<Alias> = names.into_iter().collect();
    let rows = alias::find(unit.conn(), tenant, &names).await?;
    Ok(rows.iter().map(|row| row.contact_id).collect::<BTreeSet<_>>().into_iter().collect())
}

/// Who has these names: found by any of them, or somebody new. Names that are new are added.
pub async fn meet(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, names: &[Alias]) -> Result<Met> {
    for _ in 0..TRIES {
        let rows = alias::find(unit.conn(), tenant, names).await?;
        let left = left_behind(&rows, names);
        let theirs: Vec<&Model> = rows.iter().filter(|row| !is(row, &left)).collect();
        let known = theirs.iter().map(|row| row.contact_id).collect();
        let contact = one(ctx, unit, tenant, names, known).await?;
        alias::give(unit.conn(), tenant, &left, contact).await?;
        if add(ctx, unit, tenant, &missing(&rows, names), contact).await? {
            let former = |name: &Alias| theirs.iter().any(|row| row.former_at.is_some() && named(row, name));
            let phone = names.iter().find(|name| matches!(name, Alias::Wa(_)) && !former(name));
            return Ok(Met { contact, phone: phone.map(|name| format!("+{}", name.value())) });
        }
    }
    Err(Error::unavailable("store_busy", "Somebody is being met by several at once; try again in a moment."))
}

/// They had these names and have those now: one contact keeps both, and what is not said of them any more is of the
/// past. Gives who, and whether anybody knew them.
pub async fn moved(
    ctx: &Ctx,
    unit: &mut Unit,
    tenant: TenantId,
    before: &[Alias],
    now: &[Alias],
) -> Result<(ContactId, bool)> {
    for _ in 0..TRIES {
        let old = alias::find(unit.conn(), tenant, before).await?;
        let new = alias::find(unit.conn(), tenant, now).await?;
        let known: BTreeSet<ContactId> =
            old.iter().chain(new.iter().filter(|row| row.former_at.is_none())).map(|row| row.contact_id).collect();
        let met = !known.is_empty();
        let contact = one(ctx, unit, tenant, before, known).await?;
        alias::give(unit.conn(), tenant, now, contact).await?;
        let names: Vec<Alias> = before.iter().chain(now).cloned().collect();
        let rows = [old, new].concat();
        if add(ctx, unit, tenant, &missing(&rows, &names), contact).await? {
            let over: Vec<Alias> = before.iter().filter(|name| !now.contains(name)).cloned().collect();
            alias::leave(unit.conn(), tenant, &over, ctx.clock().now()).await?;
            return Ok((contact, met));
        }
    }
    Err(Error::unavailable("store_busy", "Somebody is being met by several at once; try again in a moment."))
}

/// The one contact of all these, the oldest; without any, whoever has the number in another spelling, or somebody new.
async fn one(
    ctx: &Ctx,
    unit: &mut Unit,
    tenant: TenantId,
    names: &[Alias],
    known: BTreeSet<ContactId>,
) -> Result<ContactId> {
    let mut known = known.into_iter();
    let Some(mut kept) = known.next() else {
        let spelled = spelled(unit, tenant, names).await?;
        return Ok(spelled.unwrap_or_else(|| ContactId::new(ctx.clock())));
    };
    for other in known {
        tracing::info!(tenant.id = %tenant, kept = %kept, gone = %other, "two contacts are one person");
        kept = merge::same_person(ctx, unit, tenant, kept, other).await?;
    }
    Ok(kept)
}

/// Who has the number in one of its other spellings, and has not left it.
async fn spelled(unit: &Unit, tenant: TenantId, names: &[Alias]) -> Result<Option<ContactId>> {
    let others: Vec<Alias> = names
        .iter()
        .filter_map(|name| match name {
            Alias::Wa(number) => Some(variants(number).into_iter().skip(1).map(Alias::Wa)),
            _ => None,
        })
        .flatten()
        .collect();
    let rows = alias::find(unit.conn(), tenant, &others).await?;
    Ok(rows.iter().filter(|row| row.former_at.is_none()).map(|row| row.contact_id).min())
}

/// Adds names in the order every unit adds them in; `false` when somebody else was faster with one.
async fn add(ctx: &Ctx, unit: &Unit, tenant: TenantId, names: &BTreeSet<&Alias>, contact: ContactId) -> Result<bool> {
    let mut alone = true;
    for name in names {
        let (kind, value) = (name.kind().to_owned(), name.value().to_owned());
        let created_at = ctx.clock().now();
        let row = Model { tenant_id: tenant, kind, value, contact_id: contact, created_at, former_at: None };
        alone &= alias::add(unit.conn(), row).await?;
    }
    Ok(alone)
}

/// Numbers that somebody else left: the person of today has an id of their own that nobody knew.
fn left_behind(rows: &[Model], names: &[Alias]) -> Vec<Alias> {
    let is_id = |name: &&Alias| matches!(name, Alias::User(_));
    let has_id = names.iter().any(|name| is_id(&name));
    let is_known = names.iter().filter(is_id).any(|name| rows.iter().any(|row| named(row, name)));
    let left = |name: &&Alias| rows.iter().any(|row| row.former_at.is_some() && named(row, name));
    if has_id && !is_known { names.iter().filter(left).cloned().collect() } else { Vec::new() }
}

fn missing<'a>(rows: &[Model], names: &'a [Alias]) -> BTreeSet<&'a Alias> {
    names.iter().filter(|name| !rows.iter().any(|row| named(row, name))).collect()
}

fn named(row: &Model, name: &Alias) -> bool {
    row.kind == name.kind() && row.value == name.value()
}

fn is(row: &Model, names: &[Alias]) -> bool {
    names.iter().any(|name| named(row, name))
}

/// Whoever has the name that says most.
fn best(rows: &[Model], names: &[Alias]) -> Option<ContactId> {
    let mut names: Vec<&Alias> = names.iter().collect();
    // the order of the kinds: id, linked id, number, group
    names.sort();
    names.iter().find_map(|name| rows.iter().find(|row| named(row, name))).map(|row| row.contact_id)
}
