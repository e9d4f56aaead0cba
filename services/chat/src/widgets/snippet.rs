//! The one line a site pastes.

use kernel::{Result, Scope, WidgetId};

use super::find;
use crate::Ctx;

/// The snippet of a widget: a queue that keeps calls until the loader is there, and the loader.
pub async fn snippet(ctx: &Ctx, scope: &Scope, id: WidgetId) -> Result<String> {
    find::show(ctx, scope, id).await?;
    let origin = &ctx.site.public;
    Ok(format!("<script async src=\"{origin}/widget.js\" data-widget=\"{id}\"></script>"))
}
