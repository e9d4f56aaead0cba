//! A message all the way round: through our queue to Meta, and what Meta says of it back through the callback.

use std::time::Duration;

use chat::Ctx;
use chat::inbox::{self, ClientId};
use kernel::wire::{Delivery, Message, WhatsAppCheck, WhatsAppValues, WhatsAppVerdict};
use kernel::{Error, Result, Role, Scope, Timestamp, WaNumberId, random_token};

use crate::tables::{item, number, template};
use crate::template::list::Wanted;
use crate::template::send::{self, Filled, Stranger};

/// How often and how long is looked for Meta's word: twenty seconds.
const LOOKS: u32 = 40;
const PAUSE: Duration = Duration::from_millis(500);
/// The template every account has from the beginning.
const TEMPLATE: &str = "hello_world";

/// Sends Meta's own example to a phone of one's own and waits for what becomes of it. It stands in the inbox like any
/// other message: nothing is tested but the way everything goes.
pub async fn send(ctx: &Ctx, scope: &Scope, id: WaNumberId, phone: &str) -> Result<WhatsAppCheck> {
    scope.require(Role::Admin)?;
    let began = ctx.clock().now();
    let mut known = put(ctx, scope, id, phone).await?;
    for _ in 0..LOOKS {
        if let Some(line) = judged(ctx, scope, id, &known, began).await? {
            return Ok(line);
        }
        tokio::time::sleep(PAUSE).await;
        let now = inbox::said(&ctx.db.read(scope), scope.tenant(), known.conversation_id, known.seq).await?;
        known = now.unwrap_or(known);
    }
    Ok(silent(&known))
}

async fn put(ctx: &Ctx, scope: &Scope, id: WaNumberId, phone: &str) -> Result<Message> {
    let conn = &ctx.db.read(scope);
    let number = number::find(conn, scope.tenant(), id).await?;
    let wanted = Wanted {
        account: Some(number.account_id),
        status: Some("APPROVED".to_owned()),
        part: Some(TEMPLATE.to_owned()),
        ..Wanted::default()
    };
    let found = template::page(conn, scope.tenant(), &wanted, None, 100).await?;
    let template = found.into_iter().find(|row| row.name == TEMPLATE).ok_or_else(|| {
        Error::conflict(
            "no_test_template",
            "The test needs Meta's template hello_world, approved. Compare the templates, or make one of that name without variables.",
        )
    })?;
    let to = Stranger { number: id, phone: phone.to_owned(), name: None };
    let client_id = ClientId::parse(&random_token("loop-")[..40])?;
    let new = Filled { client_id, template: template.id, values: WhatsAppValues::default() };
    Ok(send::begin(ctx, scope, &to, new).await?.1)
}

/// What can be said already. `sent` may be our own word for a call that Meta took; only a state that arrived since
/// proves that the callback works.
async fn judged(
    ctx: &Ctx,
    scope: &Scope,
    id: WaNumberId,
    known: &Message,
    began: Timestamp,
) -> Result<Option<WhatsAppCheck>> {
    let extra = known.extra.as_deref();
    match extra.and_then(|extra| extra.delivery) {
        Some(Delivery::Failed) => {
            let failure = extra.and_then(|extra| extra.failure.as_ref());
            let text = failure.map_or("The message was not sent.", |failure| failure.text.as_str());
            let next = failure.map(|failure| failure.next.as_str()).filter(|next| !next.is_empty());
            Ok(Some(line(WhatsAppVerdict::Failing, text, Some(next.unwrap_or("The lines above say what is wrong.")))))
        }
        Some(Delivery::Sent | Delivery::Delivered | Delivery::Read)
            if item::came_since(&ctx.db.read(scope), scope.tenant(), id, "status", began).await? =>
        {
            let text = "The message went out, and Meta's word about it came back.";
            Ok(Some(line(WhatsAppVerdict::Ok, text, None)))
        }
        _ => Ok(None),
    }
}

fn silent(known: &Message) -> WhatsAppCheck {
    match known.extra.as_deref().and_then(|extra| extra.delivery) {
        Some(Delivery::Queued) | None => line(
            WhatsAppVerdict::Failing,
            "The message still waits in the queue of this number.",
            Some("Look whether the number is stopped, and let it send again."),
        ),
        Some(_) => line(
            WhatsAppVerdict::Failing,
            "Meta took the message, and no word about it came back within twenty seconds.",
            Some("Look at the lines on the callback, the subscribed fields and the subscribed app."),
        ),
    }
}

fn line(state: WhatsAppVerdict, text: &str, fix: Option<&str>) -> WhatsAppCheck {
    WhatsAppCheck { check: "loop".to_owned(), state, text: text.to_owned(), fix: fix.map(str::to_owned) }
}
