//! Files of a message: handed to Meta first, then sent by the id they have there.

use std::time::Duration;

use chat::Ctx;
use kernel::wire::Message;
use kernel::{FileId, Kind};

use super::answer::Answered;
use super::settle::Known;
use super::show::because;
use crate::graph::{Graph, Trouble};
use crate::media::{Unsent, forget_upload, upload};
use crate::outgoing::What;
use crate::payload::Problem;
use crate::tables::number;

/// How long until it is tried again when something of ours is away.
const SOON: Duration = Duration::from_secs(5);
/// Longest that handing over may take; a file that takes longer is tried again.
pub const MOST: Duration = Duration::from_secs(150);
/// Meta's word for an id it does not know, and for a file it does not take.
const BAD: [i64; 2] = [131_009, 131_053];

/// What is asked for; or what is known already, without a call.
pub async fn file(
    ctx: &Ctx,
    graph: &Graph<'_>,
    number: &number::Model,
    message: &Message,
    (id, caption): (FileId, bool),
) -> Result<What, Known> {
    let handing = tokio::time::timeout(MOST, upload(ctx, graph, number, id));
    let handed = handing.await.unwrap_or(Err(Unsent::Meta(Trouble::Away))).map_err(known)?;
    let caption = caption.then(|| message.body.clone());
    Ok(What::Media { kind: handed.kind, id: handed.id, caption, filename: Some(handed.filename) })
}

fn known(unsent: Unsent) -> Known {
    let never = |text: &str, next: &str| Known::Never(because(None, text, next));
    match unsent {
        Unsent::Checking => Known::Later(Duration::from_secs(2)),
        Unsent::Gone => never("The file was refused or is not there any more.", "Send another one."),
        Unsent::TooLarge => never("The file is larger than WhatsApp takes.", "Send a smaller one, or a link to it."),
        Unsent::Meta(Trouble::Refused(problem)) => Known::Answered(Answered::Refused(problem)),
        // a file may be handed over twice: only messages may not
        Unsent::Meta(Trouble::Away | Trouble::Strange(_)) => Known::Answered(Answered::Strange(0)),
        Unsent::Ours(error) if error.kind() == Kind::Unavailable => Known::Later(SOON),
        Unsent::Ours(error) => {
            tracing::warn!(error = ?error, "a file could not be handed to Meta");
            Known::Answered(Answered::Strange(0))
        }
    }
}

/// What Meta said of a file it does not know, or does not take: it is handed over anew, once.
pub async fn disowned(ctx: &Ctx, number: &number::Model, id: FileId, said: Answered) -> Answered {
    let Answered::Refused(problem) = &said else { return said };
    if !BAD.contains(&problem.code) {
        return said;
    }
    if let Err(error) = forget_upload(ctx, number, id).await {
        tracing::warn!(error = ?error, "a file Meta does not know could not be forgotten");
    }
    Answered::Refused(Problem { code: 131_053, ..problem.clone() })
}
