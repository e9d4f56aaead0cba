//! Bringing one file to its message. Safe to run twice and to be killed anywhere: the file arrives, is taken and is told
//! in one commit, and whoever comes second finds that nothing is awaited.

use std::time::Duration;

use chat::files::{self, Brought};
use chat::{Ctx, inbox};
use kernel::wire::{AuthorKind, MediaState, Message, Source};
use kernel::{Actor, ConversationId, Error, Result, Scope, Secret, TenantId};
use serde_json::Value;
use store::{Outcome, Task, Whose};

use super::hash::{self, Hash};
use super::plan::{Asked, Said};
use super::trouble::{Trouble, Verdict};
use crate::account::token;
use crate::graph::Graph;
use crate::payload::Look;
use crate::tables::{account, media, number};

/// How long the address in a delivery is good for; Meta says five minutes.
const FRESH: Duration = Duration::from_secs(290);
/// How long to stand aside when too many are fetched.
const ASIDE: Duration = Duration::from_secs(3);

type Brings<T> = std::result::Result<T, Trouble>;

/// Runs [`super::plan::FETCH`].
pub async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let (Some(tenant), Ok(asked)) = (task.tenant, serde_json::from_value::<Asked>(task.payload)) else {
        return Ok(Outcome::GiveUp("a file is asked for by its message".to_owned()));
    };
    let row = noted(&ctx, tenant, &asked).await?;
    let said = inbox::said(ctx.db.platform(), tenant, asked.conversation, asked.seq).await?;
    let Some(message) = said.filter(inbox::awaits) else { return Ok(Outcome::Done) };
    match bring(&ctx, &row, &asked, &message).await {
        Ok(()) => Ok(done("there")),
        Err(trouble) => after(&ctx, &row, trouble).await,
    }
}

/// The file's row; it outlives the job, so that somebody may ask once more.
async fn noted(ctx: &Ctx, tenant: TenantId, asked: &Asked) -> Result<media::Model> {
    let (conversation_id, seq, number_id) = (asked.conversation, asked.seq, asked.number);
    let media = serde_json::to_string(&asked.said).map_err(Error::internal)?;
    let row = media::Model { tenant_id: tenant, conversation_id, seq, number_id, media, tries: 0, asked_at: asked.at };
    let unit = ctx.db.write(tenant).await?;
    media::note(unit.conn(), &row).await?;
    let row = media::find(unit.conn(), tenant, conversation_id, seq).await?;
    unit.commit().await?;
    Ok(row)
}

/// By the address while it is fresh, and by the id when that fails.
async fn bring(ctx: &Ctx, row: &media::Model, asked: &Asked, message: &Message) -> Brings<()> {
    let number = number::find(ctx.db.platform(), row.tenant_id, row.number_id).await?;
    let account = account::find(ctx.db.platform(), row.tenant_id, number.account_id).await?;
    let bearer = token(ctx, &account)?.ok_or(Trouble::Denied)?;
    let scope = inbox::vouched(number.channel(), author(message));
    let one = One { ctx, scope, at: (row.conversation_id, row.seq), said: &asked.said, bearer };
    let meant = asked.said.sha256.as_deref().and_then(hash::read);
    let fresh = ctx.clock().now().since(asked.at) < FRESH;
    if let Some(url) = asked.url.as_deref().filter(|_| fresh) {
        match one.bring(url, meant).await {
            // everything else may be the address's fault
            Err(Trouble::Away | Trouble::Denied | Trouble::Bad | Trouble::Gone) if asked.said.id.is_some() => {}
            ended => return ended,
        }
    }
    let id = asked.said.id.as_deref().ok_or(Trouble::Never("no_id"))?;
    let told = one.look_up(id, &number.phone_number_id).await?;
    let url = told.text("url").ok_or(Trouble::Bad)?;
    // Meta's own word of now goes before the one in a delivery
    one.bring(url, told.text("sha256").and_then(hash::read).or(meant)).await
}

/// Who sent it.
fn author(message: &Message) -> Actor {
    let id = message.author.id.as_deref().filter(|_| message.author.kind == AuthorKind::Visitor);
    id.and_then(|id| id.parse().ok()).map_or(Actor::Phone, |id| Actor::Contact { id })
}

/// One file on its way.
struct One<'a> {
    ctx: &'a Ctx,
    scope: Scope,
    at: (ConversationId, i64),
    said: &'a Said,
    bearer: Secret<String>,
}

impl One<'_> {
    async fn look_up(&self, id: &str, phone_number_id: &str) -> Brings<Value> {
        let graph = Graph::of(self.ctx, self.bearer.clone());
        Ok(graph.get(&[id], &[("phone_number_id", phone_number_id)]).await?)
    }

    async fn bring(&self, url: &str, meant: Option<Hash>) -> Brings<()> {
        let (ctx, tenant) = (self.ctx, self.scope.tenant());
        let coming = ctx.net.media.fetch(tenant, url, &self.bearer).await?;
        // without a hash a page that says "sorry" would be taken for the file
        if meant.is_none() && coming.media_type.as_deref().is_some_and(is_page) {
            return Err(Trouble::Bad);
        }
        if coming.length == Some(0) {
            return Err(Trouble::Bad);
        }
        let declared = self.said.mime.clone().unwrap_or_default();
        let name = files::named(self.said.name.as_deref(), &declared, self.said.label());
        let brought = Brought { name, declared, length: coming.length, source: Source::Whatsapp };
        let received = files::receive(ctx, &self.scope, brought, hash::checked(coming.body, meant)).await?;
        match self.hand_in(&received).await {
            Ok(()) => Ok(()),
            Err(error) => {
                received.give_back(ctx, &error).await;
                Err(error.into())
            }
        }
    }

    async fn hand_in(&self, received: &files::Received) -> Result<()> {
        let (conversation, seq) = self.at;
        let mut unit = self.ctx.db.write(Whose::Platform).await?;
        inbox::bring(self.ctx, &mut unit, self.scope.tenant(), conversation, seq, received).await?;
        unit.commit().await.map(|_| ())
    }
}

fn is_page(media_type: &str) -> bool {
    let kind = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(kind.as_str(), "text/html" | "application/json" | "text/javascript")
}

/// What follows from trouble.
async fn after(ctx: &Ctx, row: &media::Model, trouble: Trouble) -> Result<Outcome> {
    let tries = row.tries.saturating_add(1);
    let verdict = trouble.verdict(tries, ctx.clock().now().since(row.asked_at));
    if let Trouble::Ours(error) = &trouble {
        tracing::error!(?error, "a file could not be brought to its message");
    }
    tracing::info!(conversation = %row.conversation_id, seq = row.seq, tries, ?trouble, ?verdict, "a file did not come");
    match verdict {
        Verdict::Over => Ok(done("not_awaited")),
        Verdict::Soon => Ok(Outcome::Again(ASIDE)),
        Verdict::Later(pause) => {
            let unit = ctx.db.write(row.tenant_id).await?;
            media::tried(unit.conn(), row, tries).await?;
            unit.commit().await?;
            metrics::counter!("porchlight_whatsapp_media_retries_total").increment(1);
            Ok(Outcome::Again(pause))
        }
        Verdict::Missing(reason) => {
            missing(ctx, row, tries, reason).await?;
            Ok(done(reason))
        }
    }
}

/// Says in the message that its file will not come.
async fn missing(ctx: &Ctx, row: &media::Model, tries: i32, reason: &str) -> Result<()> {
    let mut unit = ctx.db.write(row.tenant_id).await?;
    let (tenant, id, now) = (row.tenant_id, row.conversation_id, ctx.clock().now());
    let told = inbox::amend(&mut unit, tenant, id, row.seq, now, |message| {
        if inbox::awaits(message) {
            inbox::settle(message, MediaState::Missing, Some(reason));
        }
    });
    match told.await {
        Ok(_) => {
            media::tried(unit.conn(), row, tries).await?;
            unit.commit().await.map(|_| ())
        }
        // the conversation was deleted meanwhile
        Err(error) if error.kind() == kernel::Kind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

fn done(what: &'static str) -> Outcome {
    metrics::counter!("porchlight_whatsapp_media_total", "outcome" => what).increment(1);
    Outcome::Done
}
