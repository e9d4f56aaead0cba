//! A file for Meta's reviewers, who want to see one where a template's heading will have one. Nothing of it stays here.

use bytes::Bytes;
use chat::Ctx;
use kernel::{Error, Result, Role, Scope, WaAccountId};

use crate::account::{graph_of, token};
use crate::media::hand_over;
use crate::tables::{account, app};

/// Most bytes of a sample: it is held whole while it goes up.
pub const MOST: usize = 5 * 1024 * 1024;
/// What Meta takes as a sample.
const KINDS: [&str; 4] = ["image/jpeg", "image/png", "video/mp4", "application/pdf"];
/// Longest name that is passed on.
const NAME: usize = 80;

/// Hands a sample to the account's app; gives Meta's handle of it, which is no id of media.
pub async fn give(ctx: &Ctx, scope: &Scope, id: WaAccountId, name: &str, kind: &str, bytes: &Bytes) -> Result<String> {
    scope.require(Role::Admin)?;
    let conn = &ctx.db.read(scope);
    // first of all: somebody else's account is not there, whatever is sent
    let row = account::find(conn, scope.tenant(), id).await?;
    if !KINDS.contains(&kind) {
        return Err(Error::field("file", "unknown_value", "A sample is a JPEG or PNG picture, an MP4 film or a PDF."));
    }
    if bytes.is_empty() {
        return Err(Error::field("file", "empty", "The file is empty."));
    }
    // refuses an account without a token, in its own words
    graph_of(ctx, &row)?;
    let Some(token) = token(ctx, &row)? else { return Err(Error::not_found()) };
    let app = app::usable(ctx.db.platform(), scope.tenant(), row.app_id).await?.ok_or_else(Error::not_found)?;
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME).collect();
    let name = if name.is_empty() { "sample" } else { &name };
    Ok(hand_over(ctx, &app.meta_app_id, &token, (name, kind), bytes).await?)
}
