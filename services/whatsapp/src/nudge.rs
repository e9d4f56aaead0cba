//! A word to the team before a window closes on somebody who waits for an answer. Once per window.

use std::time::Duration;

use chat::Ctx;
use chat::inbox::{self, Body, ClientId, NewMessage, Via};
use kernel::wire::{AuthorKind, Conversation, Status, Visibility};
use kernel::{Actor, ConversationId, Result, Timestamp, WaNumberId};
use serde_json::json;
use store::{NewJob, Outcome, Task, Unit};

use crate::tables::number;

/// Job that looks whether somebody still waits.
pub const NUDGE: &str = "whatsapp.nudge";
/// How long a window is open.
const OPEN: Duration = Duration::from_secs(24 * 3_600);

/// They wrote at this time, by Meta's clock: leaves a job for before the window closes, if the tenant wants that.
pub fn plan(unit: &mut Unit, number: &number::Model, conversation: ConversationId, at: Timestamp) {
    let Some(before) = before(number) else { return };
    let payload = json!({ "number": number.id, "conversation": conversation });
    let unique_key = Some(format!("{NUDGE}:{conversation}"));
    let run_at = at.plus(OPEN).minus(before);
    unit.enqueue(NewJob { kind: NUDGE, tenant: Some(number.tenant_id), payload, run_at, unique_key });
}

fn before(number: &number::Model) -> Option<Duration> {
    let minutes = number.decided().nudge_minutes.and_then(|minutes| u64::try_from(minutes).ok());
    minutes.filter(|minutes| *minutes > 0).map(|minutes| Duration::from_secs(minutes * 60))
}

/// Runs [`NUDGE`].
pub async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let id = serde_json::from_value::<ConversationId>(task.payload["conversation"].clone());
    let number = serde_json::from_value::<WaNumberId>(task.payload["number"].clone());
    let (Some(tenant), Ok(id), Ok(number)) = (task.tenant, id, number) else {
        return Ok(Outcome::GiveUp("a nudge names its tenant, number and conversation".to_owned()));
    };
    let conn = ctx.db.platform();
    let (Ok(number), Some(talk)) = (number::find(conn, tenant, number).await, inbox::talk(conn, tenant, id).await?)
    else {
        return Ok(Outcome::Done);
    };
    let Some((before, until)) = before(&number).zip(waits_until(&talk)) else { return Ok(Outcome::Done) };
    let (now, due) = (ctx.clock().now(), until.minus(before));
    if now < due {
        return Ok(Outcome::Again(due.since(now)));
    }
    if now < until {
        say(&ctx, &number, id, until).await?;
    }
    Ok(Outcome::Done)
}

/// Until when they may be answered, if they spoke last and somebody is to answer.
fn waits_until(talk: &Conversation) -> Option<Timestamp> {
    let waits = talk.last_author == AuthorKind::Visitor && matches!(talk.status, Status::Open | Status::Pending);
    let window = talk.window.filter(|window| waits && window.refused_at.is_none())?;
    window.open_until
}

/// A note; the window's end is its name, so that it is said once.
async fn say(ctx: &Ctx, number: &number::Model, id: ConversationId, until: Timestamp) -> Result<()> {
    let text = format!(
        "They wait for an answer. Until {} UTC you can write freely; after that only a template may be sent.",
        clock(until)
    );
    let new = NewMessage {
        client_id: ClientId::parse(&format!("nudge-{}", until.millis()))?,
        body: Body::parse(&text)?,
        files: Vec::new(),
        visibility: Visibility::Note,
        reply_to: None,
        extra: None,
        via: Via::default(),
    };
    let scope = inbox::vouched(number.channel(), Actor::System);
    let mut unit = ctx.db.write(number.tenant_id).await?;
    inbox::post_within(ctx, &mut unit, &scope, id, new).await?;
    unit.commit().await.map(|_| ())
}

/// `2026-11-22 10:05`
fn clock(at: Timestamp) -> String {
    at.to_string().chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}
