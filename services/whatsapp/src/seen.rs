//! What people on WhatsApp see of the team without a word: that it has read, and that somebody types.
//!
//! Nothing here is worth keeping anybody waiting: what cannot be told is not told. Meta knows no typing without reading,
//! so a number that shows nobody that they were read shows nobody typing either.

use std::time::Duration;

use chat::{Ctx, inbox};
use kernel::wire::Source;
use kernel::{ConversationId, Error, Result, Role, Scope, TenantId, WaNumberId};
use serde_json::{Value, json};
use store::{Outcome, Task, Whose};
use uuid::Uuid;

use crate::account::token;
use crate::graph::{Graph, Trouble};
use crate::tables::talk::{self, Talk};
use crate::tables::{account, message, number};
use crate::wamid;

/// How often a receipt is tried to be told.
const TRIES: i32 = 3;
/// Meta takes no receipts for what is older.
const OLDEST: Duration = Duration::from_secs(30 * 86_400);
/// How often somebody is shown typing; on the phone it ends after 25 seconds.
const TYPING: Duration = Duration::from_secs(20);

/// Runs [`inbox::READ`]: tells Meta how far the team has read.
pub async fn read(ctx: Ctx, task: Task) -> Result<Outcome> {
    let text = |name: &str| task.payload[name].clone();
    let channel = serde_json::from_value::<Uuid>(text("channel"));
    let conversation = serde_json::from_value::<ConversationId>(text("conversation"));
    let (Some(tenant), Ok(channel), Ok(conversation), Some(seq)) =
        (task.tenant, channel, conversation, task.payload["seq"].as_i64())
    else {
        return Ok(Outcome::GiveUp("a receipt names its tenant, channel, conversation and number".to_owned()));
    };
    let of = Talk { tenant, number: WaNumberId::from_uuid(channel), conversation };
    match tell(&ctx, of, seq, None).await {
        Err(Trouble::Away | Trouble::Strange(_)) if task.attempts < TRIES => {
            Err(Error::unavailable("meta_unavailable", "Meta could not be reached. Try again in a moment."))
        }
        _ => Ok(Outcome::Done),
    }
}

/// Shows that somebody types, every twenty seconds at most. Returns at once; the telling goes on by itself.
pub fn typing(ctx: &Ctx, scope: &Scope, conversation: ConversationId) {
    if scope.require(Role::Agent).is_err() {
        return;
    }
    let (ctx, tenant) = (ctx.clone(), scope.tenant());
    tokio::spawn(async move {
        if let Err(error) = types(&ctx, tenant, conversation).await {
            tracing::debug!(%error, "typing was not shown");
        }
    });
}

async fn types(ctx: &Ctx, tenant: TenantId, id: ConversationId) -> Result<()> {
    let now = ctx.clock().now();
    let Some((number, talk)) = on_whatsapp(ctx, tenant, id).await? else { return Ok(()) };
    if !number.decided().typing || !inbox::is_open(talk.window.as_ref(), now) {
        return Ok(());
    }
    let of = Talk { tenant, number: number.id, conversation: id };
    let unit = ctx.db.write(tenant).await?;
    let is_due = talk::typed(unit.conn(), of, now, now.minus(TYPING)).await?;
    unit.commit().await?;
    if is_due {
        let _ = tell(ctx, of, talk.last_seq, Some(json!({ "type": "text" }))).await;
    }
    Ok(())
}

async fn on_whatsapp(
    ctx: &Ctx,
    tenant: TenantId,
    id: ConversationId,
) -> Result<Option<(number::Model, kernel::wire::Conversation)>> {
    let Some(talk) = inbox::talk(ctx.db.platform(), tenant, id).await? else { return Ok(None) };
    let channel = talk.channel.as_ref().filter(|_| talk.source == Source::Whatsapp);
    let Some(channel) = channel else { return Ok(None) };
    let number = number::find(ctx.db.platform(), tenant, channel.id.parse()?).await?;
    Ok(Some((number, talk)))
}

/// Says that what came in up to `seq` was read; with a sign of typing, also again.
async fn tell(ctx: &Ctx, of: Talk, seq: i64, typing: Option<Value>) -> std::result::Result<(), Trouble> {
    let Some((graph, number, row)) = wanted(ctx, of, seq, typing.is_some()).await.map_err(|_| Trouble::Away)? else {
        return Ok(());
    };
    let wamid = wamid::open(ctx, &row.hash, &row.wamid).map_err(|_| Trouble::Strange(0))?;
    let mut body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": wamid.reveal() });
    if let Some(typing) = typing {
        body["typing_indicator"] = typing;
    }
    match graph.post(&[&number, "messages"], &body).await {
        // what Meta refuses today it refuses tomorrow
        Ok(_) | Err(Trouble::Refused(_)) => told(ctx, of, row.seq.unwrap_or(seq)).await.map_err(|_| Trouble::Away),
        Err(trouble) => Err(trouble),
    }
}

type Wanted<'a> = Option<(Graph<'a>, String, message::Model)>;

/// What there is to tell, and to whom.
async fn wanted<'a>(ctx: &'a Ctx, of: Talk, seq: i64, again: bool) -> Result<Wanted<'a>> {
    let conn = ctx.db.platform();
    let number = number::find(conn, of.tenant, of.number).await?;
    if !number.decided().read_receipts || number.halted_at.is_some() {
        return Ok(None);
    }
    let account = account::find(conn, of.tenant, number.account_id).await?;
    let Some(token) = token(ctx, &account)? else { return Ok(None) };
    let young = ctx.clock().now().minus(OLDEST);
    let Some(row) = message::last_in(conn, of.conversation, seq).await?.filter(|row| row.at > young) else {
        return Ok(None);
    };
    let is_known = talk::read_seq(conn, of.conversation).await? >= row.seq.unwrap_or_default();
    Ok((again || !is_known).then(|| (Graph::of(ctx, token), number.phone_number_id, row)))
}

async fn told(ctx: &Ctx, of: Talk, seq: i64) -> Result<()> {
    let unit = ctx.db.write(Whose::Platform).await?;
    talk::read(unit.conn(), of, seq).await?;
    unit.commit().await.map(|_| ())
}
