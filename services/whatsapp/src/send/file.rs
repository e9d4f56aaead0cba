//! Files of a message: handed to Meta first, then sent by the id they have there.

use std::time::Duration;

use chat::Ctx;
use kernel::wire::Message;
use kernel::{Error, FileId, Result};

use super::compose::{Composed, is_there};
use super::show::because;
use crate::graph::{Graph, Trouble};
use crate::media::{self, Handed, Unsent};
use crate::outgoing::What;
use crate::tables::number;

/// Longest that handing over may take; a file that takes longer is tried again.
pub const MOST: Duration = Duration::from_secs(150);

/// What is asked for; or what comes instead of it. Whatever only has to wait is an error that says so.
pub async fn file(
    ctx: &Ctx,
    graph: &Graph<'_>,
    number: &number::Model,
    message: &Message,
    (id, caption): (FileId, bool),
) -> Result<std::result::Result<What, Composed>> {
    if !message.files.iter().any(|file| file.id == id) {
        return Ok(Err(never("The file is not there any more.", "Send it up again.")));
    }
    let handing = tokio::time::timeout(MOST, media::upload(ctx, graph, number, id));
    match handing.await.unwrap_or(Err(Unsent::Meta(Trouble::Away))) {
        Ok(Handed { id, kind, filename }) => {
            let caption = (caption && !message.body.is_empty()).then(|| message.body.clone());
            Ok(Ok(What::Media { kind, id, caption, filename: Some(filename) }))
        }
        Err(Unsent::Checking) => Err(Error::unavailable("file_not_ready", "The file is still being looked at.")),
        Err(Unsent::Gone) => Ok(Err(gone(message, id))),
        Err(Unsent::TooLarge) => Ok(Err(never("WhatsApp takes no file that large.", "Send a link to it instead."))),
        Err(Unsent::Meta(Trouble::Refused(problem))) => Ok(Err(Composed::Refused(problem))),
        Err(Unsent::Meta(trouble)) => Err(trouble.into()),
        Err(Unsent::Ours(error)) => Err(error),
    }
}

fn gone(message: &Message, id: FileId) -> Composed {
    let file = message.files.iter().find(|file| file.id == id);
    match file.and_then(|file| is_there(file.state)) {
        Some(failure) => Composed::Never(failure),
        None => never("The file is not there any more.", "Send it up again."),
    }
}

fn never(text: &str, next: &str) -> Composed {
    Composed::Never(because(None, text, next))
}
