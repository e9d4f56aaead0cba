//! From a row to the body of its call.

use chat::{Ctx, inbox};
use futures::future::BoxFuture;
use kernel::wire::Message;
use kernel::{ConversationId, Error, FileId, Result, Secret};
use store::Conn;

use super::plan::Part;
use super::settle::Known;
use super::show::because;
use crate::account::token;
use crate::alias::Alias;
use crate::graph::Graph;
use crate::outgoing::{Outgoing, What};
use crate::tables::{account, alias, message, number, outgoing};
use crate::wamid;

/// What a row comes to.
pub enum Composed {
    /// This call, with this token; of a file, which.
    Call { number: Box<number::Model>, token: Secret<String>, outgoing: Box<Outgoing>, file: Option<FileId> },
    /// Nothing to call, and what is known without it.
    Not(Known),
}

/// Puts a call together. Boxed: it is long, and rarely does all it can.
pub fn compose<'a>(ctx: &'a Ctx, row: &'a outgoing::Model) -> BoxFuture<'a, Result<Composed>> {
    Box::pin(put(ctx, row))
}

async fn put(ctx: &Ctx, row: &outgoing::Model) -> Result<Composed> {
    let conn = ctx.db.platform();
    let number = number::find(conn, row.tenant_id, row.channel()).await?;
    let account = account::find(conn, row.tenant_id, number.account_id).await?;
    let Some(token) = token(ctx, &account)? else { return Ok(Composed::Not(Known::NoToken)) };
    let (contact, _) = inbox::window_of(conn, row.tenant_id, row.conversation_id).await?;
    let names = alias::of_contact(conn, row.tenant_id, contact).await?;
    let Some(to) = best(names) else {
        return Ok(never("WhatsApp has no name for them that can be written to.", "Wait until they write."));
    };
    let Some(message) = inbox::said(conn, row.tenant_id, row.conversation_id, row.seq).await? else {
        return Ok(never("The message is gone.", ""));
    };
    let part: Part = serde_json::from_str(row.request.as_deref().unwrap_or_default()).map_err(Error::internal)?;
    let what = match &part {
        Part::Reaction { emoji } => match wamid_of(conn, ctx, row.conversation_id, row.seq).await? {
            Some(target) => What::Reaction { target: target.reveal().clone(), emoji: emoji.clone() },
            None => return Ok(never("The message is not on WhatsApp.", "")),
        },
        Part::File { file, caption } => {
            let graph = Graph::of(ctx, token.clone());
            match super::file::file(ctx, &graph, &number, &message, (*file, *caption)).await {
                Ok(what) => what,
                Err(known) => return Ok(Composed::Not(known)),
            }
        }
        part => match part.what(&message) {
            Some(What::Template(filled)) => {
                let graph = Graph::of(ctx, token.clone());
                match super::template::handed(ctx, &graph, &number, &message, filled).await {
                    Ok(what) => what,
                    Err(known) => return Ok(Composed::Not(known)),
                }
            }
            Some(what) => what,
            None => return Ok(never("There is nothing in it that WhatsApp could carry.", "Write it anew.")),
        },
    };
    let answers = answered(ctx, row, &message).await?;
    let outgoing = Box::new(Outgoing { to, answers, mark: row.id.to_string(), what });
    let file = if let Part::File { file, .. } = part { Some(file) } else { None };
    Ok(Composed::Call { number: Box::new(number), token, outgoing, file })
}

fn never(text: &str, next: &str) -> Composed {
    Composed::Not(Known::Never(because(None, text, next)))
}

/// What Meta addresses them by, or else an id, or else the group; of several the one they have now, and of those the
/// latest.
fn best(names: Vec<alias::Model>) -> Option<Alias> {
    let of = |kind: &str| {
        let mine = names.iter().filter(|name| name.kind == kind);
        let row = mine.max_by_key(|name| (name.former_at.is_none(), name.created_at))?;
        Some(row.value.clone())
    };
    let wa = of("wa").map(Alias::Wa);
    wa.or_else(|| of("user").map(Alias::User))
        .or_else(|| of("parent").map(Alias::Parent))
        .or_else(|| of("group").map(Alias::Group))
}

/// Meta's id of the message this one answers; what it does not know is not quoted. Only the first part quotes.
async fn answered(ctx: &Ctx, row: &outgoing::Model, message: &Message) -> Result<Option<String>> {
    let Some(first) = message.reply_to.filter(|_| row.part == 0) else { return Ok(None) };
    let conn = ctx.db.platform();
    let Some(seq) = inbox::number_of(conn, row.tenant_id, row.conversation_id, first).await? else { return Ok(None) };
    Ok(wamid_of(conn, ctx, row.conversation_id, seq).await?.map(|wamid| wamid.reveal().clone()))
}

/// Meta's id of a message; of one in several parts, of the first.
pub async fn wamid_of(
    conn: &impl Conn,
    ctx: &Ctx,
    conversation: ConversationId,
    seq: i64,
) -> Result<Option<Secret<String>>> {
    let mut rows = message::at(conn, conversation, seq).await?;
    rows.sort_by_key(|row| row.at);
    let first = rows.into_iter().next();
    first.map(|row| wamid::open(ctx, &row.hash, &row.wamid)).transpose()
}
