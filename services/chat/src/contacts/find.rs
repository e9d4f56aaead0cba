//! Looking people up.

use kernel::wire::Contact;
use kernel::{ContactId, Cursor, Error, Limit, Page, Result, Role, Scope};

use super::merge::root;
use super::tables::contact;
use crate::Ctx;

/// One person of the tenant; whoever was merged into another answers with that one.
pub async fn show(ctx: &Ctx, scope: &Scope, id: ContactId) -> Result<Contact> {
    scope.require(Role::Viewer)?;
    root(&ctx.db.read(scope), scope.tenant(), id).await?.ok_or_else(Error::not_found)?.wire()
}

/// People, latest seen first; `q` is the start of a name or an address.
pub async fn list(
    ctx: &Ctx,
    scope: &Scope,
    q: Option<&str>,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Page<Contact>> {
    scope.require(Role::Viewer)?;
    // PostgreSQL stores no NUL and so cannot be asked for one
    if q.is_some_and(|q| q.contains('\0')) {
        return Err(Error::field("q", "invalid_character", "A search holds no control characters."));
    }
    if q.is_some_and(|q| q.chars().count() > 200) {
        return Err(Error::field("q", "too_long", "Search for 200 characters at most."));
    }
    let before: Option<(i64, ContactId)> = cursor.map(Cursor::unpack).transpose()?;
    let rows = contact::page(&ctx.db.read_lately(scope), scope.tenant(), q, before, limit.get() + 1).await?;
    let people = rows.iter().map(contact::Model::wire).collect::<Result<Vec<_>>>()?;
    Page::cut(people, limit, |last| (last.last_seen_at.millis(), last.id))
}
