//! Deleting a conversation: its rows go in one commit, its objects and its words in the stream right after, by jobs that
//! may run twice. What is left is that there was one.

use futures::future::BoxFuture;
use kernel::{ConversationId, Event, Result, Role, Scope, Timestamp};
use serde_json::json;
use store::{NewJob, Outcome, Task};

use super::audience;
use super::tables::{conversation, deletion};
use crate::{Ctx, files};

/// Job that takes a deleted conversation's words out of the stream.
pub const SCRUB: &str = "inbox.scrub";

/// Deletes a conversation with everything in it, unless it is held. Admins and above.
pub async fn delete(ctx: &Ctx, scope: &Scope, id: ConversationId) -> Result<()> {
    scope.require(Role::Admin)?;
    let (tenant, mut unit) = (scope.tenant(), ctx.db.write(scope).await?);
    let row = conversation::lock(unit.conn(), tenant, id).await?.conversation;
    files::refuse_if_held(unit.conn(), tenant, id).await?;
    files::erase_conversation(ctx, &mut unit, tenant, id).await?;
    deletion::remove(unit.conn(), tenant, id).await?;
    unit.emit(tenant, audience::of(&row), Event::ConversationDeleted { conversation_id: id });
    unit.enqueue(NewJob {
        kind: SCRUB,
        tenant: Some(tenant),
        payload: json!({ "conversation": id, "since": row.created_at }),
        run_at: ctx.clock().now(),
        unique_key: None,
    });
    unit.commit().await.map(|_| ())
}

/// Runs [`SCRUB`].
pub(super) fn scrub(ctx: Ctx, task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let conversation = serde_json::from_value::<ConversationId>(task.payload["conversation"].clone());
        let since = serde_json::from_value::<Timestamp>(task.payload["since"].clone());
        let (Some(tenant), Ok(conversation), Ok(since)) = (task.tenant, conversation, since) else {
            return Ok(Outcome::GiveUp("the job names no conversation".to_owned()));
        };
        let scrubbed = ctx.db.scrub_events(tenant, conversation, since).await?;
        tracing::info!(conversation.id = %conversation, events = scrubbed, "a deleted conversation left the stream");
        Ok(Outcome::Done)
    })
}
