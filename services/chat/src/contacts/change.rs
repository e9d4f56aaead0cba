//! Changes made by the tenant's people.

use kernel::wire::Contact;
use kernel::{Audience, ContactId, Error, Event, Result, Role, Scope};

use super::merge::root;
use super::{Profile, tables::contact};
use crate::Ctx;

/// What an agent may change; the same members as a profile.
pub type ContactChange = Profile;

/// Changes a person's profile. Agents and above.
pub async fn update(ctx: &Ctx, scope: &Scope, id: ContactId, change: ContactChange) -> Result<Contact> {
    scope.require(Role::Agent)?;
    let mut unit = ctx.db.write(scope).await?;
    let mut row = root(unit.conn(), scope.tenant(), id).await?.ok_or_else(Error::not_found)?;
    if change.apply(&mut row)? {
        contact::save(unit.conn(), &row).await?;
        unit.emit(scope.tenant(), Audience::Agents, Event::ContactChanged { contact: row.wire()? });
        unit.commit().await?;
    }
    row.wire()
}
