//! Two contacts who turn out to be one person, and the way back. Nothing is deleted: the gone contact's row stays and
//! says who took its place, and its id answers with the kept one.
//!
//! A visitor's token names a contact and cannot be changed, so somebody who used a web page's chat is always the kept
//! one: their session goes on and sees what it saw before. Two such visitors stay two people.

use kernel::wire::{Author, Contact, ContactMerge};
use kernel::{Audience, ContactId, ContactMergeId, Error, Event, Result, Role, Scope, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{Conn, Unit};

use super::tables::{contact, merge};
use crate::Ctx;

/// Longest way from a contact to the one that stands for it.
const FAR: usize = 32;

/// Two people who are to be one, held until the unit ends.
pub struct Pair {
    kept: contact::Model,
    gone: contact::Model,
}

/// What a merge did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Moved {
    /// What the kept one lacked and got, by member.
    pub profile: Map<String, Value>,
    /// What moved in the inbox.
    pub inbox: Value,
    /// What moved in a channel.
    pub channel: Value,
}

impl Moved {
    fn conversations(&self) -> i64 {
        self.inbox["conversations"].as_array().and_then(|list| i64::try_from(list.len()).ok()).unwrap_or(0)
    }
}

/// Who stands for a contact now: themselves, or whoever took their place.
pub(super) async fn root(conn: &impl Conn, tenant: TenantId, id: ContactId) -> Result<Option<contact::Model>> {
    let mut found = contact::find(conn, tenant, id).await?;
    for _ in 0..FAR {
        match found.as_ref().and_then(|row| row.merged_into) {
            Some(next) => found = contact::find(conn, tenant, next).await?,
            None => return Ok(found),
        }
    }
    Err(Error::internal("a contact that leads round in a circle"))
}

/// Who stands for a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Who.
    pub id: ContactId,
    /// Whether they have a session on a web page, which names them.
    pub visitor: bool,
}

/// Who stands for a contact; `None` when there is no such contact yet.
pub async fn stand(conn: &impl Conn, tenant: TenantId, id: ContactId) -> Result<Option<Stand>> {
    let row = root(conn, tenant, id).await?;
    Ok(row.map(|row| Stand { id: row.id, visitor: row.widget_id.is_some() }))
}

/// Finds and holds both. Whoever was merged before stands for those they took. Refused when they are one already, and
/// when the gone one has a session on a web page.
pub async fn pair(unit: &Unit, tenant: TenantId, kept: ContactId, gone: ContactId) -> Result<Pair> {
    let find = async |id| root(unit.conn(), tenant, id).await?.ok_or_else(Error::not_found);
    let (kept, gone) = (find(kept).await?.id, find(gone).await?.id);
    // in one order, so that two merges do not wait for each other; looked at again once nobody else can change them
    for id in [kept.min(gone), kept.max(gone)] {
        contact::hold(unit.conn(), tenant, id).await?;
    }
    let (kept, gone) = (find(kept).await?, find(gone).await?);
    if kept.id == gone.id {
        return Err(Error::field("with", "same_person", "These two are one person already."));
    }
    if gone.widget_id.is_some() {
        return Err(Error::conflict(
            "visitor_goes_on",
            "The other one uses the chat on a web site and has to be the one who is kept. Merge the other way round; two visitors of web sites cannot be merged.",
        ));
    }
    Ok(Pair { kept, gone })
}

impl Pair {
    /// Who goes on.
    pub fn kept(&self) -> ContactId {
        self.kept.id
    }

    /// Who does not.
    pub fn gone(&self) -> ContactId {
        self.gone.id
    }
}

/// Makes them one: the kept contact gets what it lacks, the gone one says who took its place.
pub async fn join(unit: &mut Unit, pair: &Pair) -> Result<(Contact, Map<String, Value>)> {
    let mut kept = pair.kept.clone();
    let filled = fill(&mut kept, &pair.gone)?;
    contact::save(unit.conn(), &kept).await?;
    contact::stand_for(unit.conn(), pair.gone.id, Some(kept.id)).await?;
    let shown = kept.wire()?;
    if !filled.is_empty() {
        unit.emit(kept.tenant_id, Audience::Agents, Event::ContactChanged { contact: shown.clone() });
    }
    Ok((shown, filled))
}

/// Writes down what a merge did.
pub async fn record(ctx: &Ctx, unit: &Unit, pair: &Pair, moved: &Moved, by: &Author) -> Result<ContactMerge> {
    let row = merge::Model {
        tenant_id: pair.kept.tenant_id,
        id: ContactMergeId::new(ctx.clock()),
        kept_id: pair.kept.id,
        gone_id: pair.gone.id,
        moved: serde_json::to_string(moved).map_err(Error::internal)?,
        by_author: serde_json::to_string(by).map_err(Error::internal)?,
        at: ctx.clock().now(),
        undone_at: None,
    };
    merge::insert(unit.conn(), &row).await?;
    row.wire(pair.gone.name.clone(), moved.conversations())
}

/// A merge that is being taken back: who was kept, who comes back, and what had moved.
pub struct Undoing {
    /// Who was kept, as they are now.
    pub kept: Contact,
    /// Who comes back.
    pub gone: Contact,
    /// What had moved.
    pub moved: Moved,
    row: merge::Model,
}

/// Takes back that two contacts are one: what the kept one had got and still has goes, the gone one is themselves again.
pub async fn part(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, id: ContactMergeId) -> Result<Undoing> {
    let mut row = merge::lock(unit.conn(), tenant, id).await?;
    if row.undone_at.is_some() {
        return Err(Error::conflict("merge_undone", "This merge was taken back before."));
    }
    let moved: Moved = serde_json::from_str(&row.moved).map_err(Error::internal)?;
    for id in [row.kept_id.min(row.gone_id), row.kept_id.max(row.gone_id)] {
        contact::hold(unit.conn(), tenant, id).await?;
    }
    let find = async |id| contact::find(unit.conn(), tenant, id).await?.ok_or_else(Error::not_found);
    let (mut kept, gone) = (find(row.kept_id).await?, find(row.gone_id).await?);
    if kept.merged_into.is_some() {
        return Err(Error::conflict(
            "merged_since",
            "The kept person was merged into another one since. Take that back first.",
        ));
    }
    row.undone_at = Some(ctx.clock().now());
    empty(&mut kept, &moved.profile)?;
    contact::save(unit.conn(), &kept).await?;
    contact::stand_for(unit.conn(), gone.id, None).await?;
    merge::undo(unit.conn(), row.id, ctx.clock().now()).await?;
    let (kept, gone) = (kept.wire()?, gone.wire()?);
    for contact in [&kept, &gone] {
        unit.emit(tenant, Audience::Agents, Event::ContactChanged { contact: contact.clone() });
    }
    Ok(Undoing { kept, gone, moved, row })
}

impl Undoing {
    /// As the wire shows it.
    pub fn wire(&self) -> Result<ContactMerge> {
        self.row.wire(self.gone.name.clone(), self.moved.conversations())
    }
}

/// What a person was merged from and into, latest first. Viewers and above.
pub async fn merges(ctx: &Ctx, scope: &Scope, id: ContactId) -> Result<Vec<ContactMerge>> {
    scope.require(Role::Viewer)?;
    let (conn, tenant) = (&ctx.db.read(scope), scope.tenant());
    contact::find(conn, tenant, id).await?.ok_or_else(Error::not_found)?;
    let mut shown = Vec::new();
    for row in merge::of_contact(conn, tenant, id).await? {
        let moved: Moved = serde_json::from_str(&row.moved).map_err(Error::internal)?;
        let gone = contact::find(conn, tenant, row.gone_id).await?.and_then(|gone| gone.name);
        shown.push(row.wire(gone, moved.conversations())?);
    }
    Ok(shown)
}

/// Gives `kept` what it lacks of `gone`'s; says what.
fn fill(kept: &mut contact::Model, gone: &contact::Model) -> Result<Map<String, Value>> {
    let mut filled = Map::new();
    for (name, mine, theirs) in [
        ("name", &mut kept.name, &gone.name),
        ("email", &mut kept.email, &gone.email),
        ("phone", &mut kept.phone, &gone.phone),
        ("locale", &mut kept.locale, &gone.locale),
    ] {
        if let (None, Some(value)) = (&mine, theirs) {
            *mine = Some(value.clone());
            filled.insert(name.to_owned(), value.clone().into());
        }
    }
    let mut attributes: Map<String, Value> = read(&kept.attributes)?;
    let theirs: Map<String, Value> = read(&gone.attributes)?;
    let lacking: Map<String, Value> = theirs.into_iter().filter(|(key, _)| !attributes.contains_key(key)).collect();
    if !lacking.is_empty() {
        attributes.extend(lacking.clone());
        kept.attributes = serde_json::to_string(&attributes).map_err(Error::internal)?;
        filled.insert("attributes".to_owned(), lacking.into());
    }
    kept.last_seen_at = kept.last_seen_at.max(gone.last_seen_at);
    Ok(filled)
}

/// Takes out what had been filled in, unless it was changed since.
fn empty(kept: &mut contact::Model, filled: &Map<String, Value>) -> Result<()> {
    for (name, mine) in
        [("name", &mut kept.name), ("email", &mut kept.email), ("phone", &mut kept.phone), ("locale", &mut kept.locale)]
    {
        if filled.get(name).and_then(Value::as_str).is_some_and(|given| mine.as_deref() == Some(given)) {
            *mine = None;
        }
    }
    let mut attributes: Map<String, Value> = read(&kept.attributes)?;
    for (key, given) in filled.get("attributes").and_then(Value::as_object).into_iter().flatten() {
        if attributes.get(key) == Some(given) {
            attributes.remove(key);
        }
    }
    kept.attributes = serde_json::to_string(&attributes).map_err(Error::internal)?;
    Ok(())
}

fn read(attributes: &str) -> Result<Map<String, Value>> {
    serde_json::from_str(attributes).map_err(Error::internal)
}
