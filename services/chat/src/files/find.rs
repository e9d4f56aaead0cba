//! One file, for those who may see it.

use kernel::wire::File;
use kernel::{FileId, Result, Scope};

use super::link;
use crate::Ctx;

/// A file as it stands now, for whoever may see it.
pub async fn state(ctx: &Ctx, scope: &Scope, id: FileId) -> Result<File> {
    Ok(link::seen(ctx, scope, id).await?.file)
}
