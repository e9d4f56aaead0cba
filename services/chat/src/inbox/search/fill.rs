//! What was said before the search existed: read from the tables a piece at a time, by jobs that leave the next one in the
//! commit that holds their own piece.

use futures::future::BoxFuture;
use kernel::{ContactId, ConversationId, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{NewJob, Outcome, Task, Whose};

use super::super::tables::{hot, old, search};
use super::entry;
use crate::Ctx;

/// Job that takes a piece of the past in.
pub const FILL: &str = "search.fill";

/// Contacts in one commit.
const CONTACTS: i64 = 1_000;
/// Conversations in one commit; each may hold thousands of messages.
const CONVERSATIONS: i64 = 50;

/// Where the past has been taken in to.
#[derive(Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
enum Piece {
    Contacts {
        #[serde(default)]
        after: Option<ContactId>,
    },
    Messages {
        #[serde(default)]
        after: Option<ConversationId>,
    },
}

/// Runs [`FILL`].
pub fn fill(ctx: Ctx, task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let Ok(piece) = serde_json::from_value::<Piece>(task.payload.clone()) else {
            return Ok(Outcome::GiveUp("the job names no piece of the past".to_owned()));
        };
        let mut unit = ctx.db.write(Whose::Platform).await?;
        let next = match piece {
            Piece::Contacts { after } => contacts(&unit, after).await?,
            Piece::Messages { after } => messages(&unit, after).await?,
        };
        if let Some(next) = next {
            let (payload, run_at) = (json!(next), ctx.clock().now());
            unit.enqueue(NewJob { kind: FILL, tenant: None, payload, run_at, unique_key: None });
        }
        unit.commit().await?;
        Ok(Outcome::Done)
    })
}

async fn contacts(unit: &store::Unit, after: Option<ContactId>) -> Result<Option<Piece>> {
    let found = old::contacts(unit.conn(), after, CONTACTS).await?;
    let Some((_, last)) = found.last() else { return Ok(Some(Piece::Messages { after: None })) };
    let next = Piece::Contacts { after: Some(last.id) };
    let entries = found.iter().filter_map(|(tenant, contact)| entry::of_contact(*tenant, contact));
    search::put(unit.conn(), &mut entries.collect::<Vec<_>>()).await?;
    Ok(Some(next))
}

/// The conversations are held, so that none is deleted or spoken in meanwhile.
async fn messages(unit: &store::Unit, after: Option<ConversationId>) -> Result<Option<Piece>> {
    let ids = old::conversations(unit.conn(), after, CONVERSATIONS).await?;
    let Some(last) = ids.last().copied() else { return Ok(None) };
    let held = hot::lock(unit.conn(), &ids).await?;
    let mut entries = Vec::new();
    for head in held.values() {
        for said in old::messages(unit.conn(), head.tenant, head.id).await? {
            let names = old::file_names(unit.conn(), head.tenant, head.id, &said).await?;
            let texts = std::iter::once(said.body.as_str()).chain(names.iter().map(String::as_str));
            entries.extend(entry::of_message(head.tenant, head.id, said.seq, said.at, texts));
        }
    }
    search::put(unit.conn(), &mut entries).await?;
    Ok(Some(Piece::Messages { after: Some(last) }))
}
