//! Taking a delivery apart, after it was answered. Safe to run twice: what has been worked on is left alone.

use std::collections::HashMap;

use chat::Ctx;
use kernel::wire::WhatsAppItemState;
use kernel::{Kind, Result, TenantId, Timestamp, WaAppId, WaDeliveryId, WaNumberId};
use serde_json::{Value, json};
use store::{NewJob, Outcome, Task, Unit};

use crate::payload::{Change, Look, changes};
use crate::receive::{self, Became};
use crate::tables::{account, delivery, item, number, word};
use crate::{address_book, echo, history, inbound, standing, status};

/// Takes deliveries apart.
pub const INGEST: &str = "whatsapp.ingest";
/// Deliveries of one job: one that cannot be worked on now makes few others wait.
const IN_A_JOB: usize = 16;
/// Items of one unit.
const IN_A_UNIT: usize = 50;

/// Leaves the work for deliveries that were just stored, or are to be tried again.
pub fn plan(unit: &mut Unit, ids: &[WaDeliveryId], now: Timestamp) {
    for part in ids.chunks(IN_A_JOB) {
        let payload = json!({ "deliveries": part });
        // whoever asks again and again for the same one gets it once
        let unique_key = if let [only] = part { Some(format!("{INGEST}:{only}")) } else { None };
        unit.enqueue(NewJob { kind: INGEST, tenant: None, payload, run_at: now, unique_key });
    }
}

/// Runs [`INGEST`].
pub async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let Ok(ids) = serde_json::from_value::<Vec<WaDeliveryId>>(task.payload["deliveries"].clone()) else {
        return Ok(Outcome::GiveUp("an ingest names its deliveries".to_owned()));
    };
    for id in ids {
        take_apart(&ctx, id).await?;
    }
    Ok(Outcome::Done)
}

async fn take_apart(ctx: &Ctx, id: WaDeliveryId) -> Result<()> {
    let Some(row) = delivery::find(ctx.db.platform(), id).await? else { return Ok(()) };
    let found = inbound::unseal(ctx, &row).map_err(|error| error.code().to_owned());
    let found = found.and_then(|body| changes(&body).map_err(|_| "not_json".to_owned()));
    let parts: Vec<Part> =
        found.as_deref().unwrap_or_default().iter().flat_map(parts_of).zip(0..).map(numbered).collect();
    let mut lines = HashMap::new();
    for line in item::of_delivery(ctx.db.platform(), id).await? {
        lines.insert(line.nth, line.outcome()?);
    }
    let settled = |nth: &i32| matches!(lines.get(nth), Some(WhatsAppItemState::Done));
    let open: Vec<&Part> = parts.iter().filter(|part| !settled(&part.nth)).collect();
    let mut failed = 0;
    for some in open.chunks(IN_A_UNIT) {
        failed += work(ctx, &row, some).await?;
    }
    finish(ctx, row, parts.len(), failed, found.err()).await
}

/// Works on some items as one unit, and when that fails on each by itself. Gives how many failed.
async fn work(ctx: &Ctx, row: &delivery::Model, some: &[&Part]) -> Result<usize> {
    match together(ctx, row, some).await {
        Err(error) if error.kind() == Kind::Unavailable => Err(error),
        Err(error) if some.len() == 1 => {
            tracing::warn!(delivery = %row.id, nth = some[0].nth, error = ?error, "an item could not be worked on");
            let line = line(row, some[0], None, Became::Failed(error.code()))?;
            let unit = ctx.db.write().await?;
            item::put(unit.conn(), &[line]).await?;
            unit.commit().await.map(|_| 1)
        }
        Err(_) => {
            let mut failed = 0;
            for one in some {
                failed += Box::pin(work(ctx, row, std::slice::from_ref(one))).await?;
            }
            Ok(failed)
        }
        Ok(failed) => Ok(failed),
    }
}

async fn together(ctx: &Ctx, row: &delivery::Model, some: &[&Part]) -> Result<usize> {
    let mut unit = ctx.db.write().await?;
    let mut ways = Ways::default();
    let mut lines = Vec::with_capacity(some.len());
    for part in some {
        let (whose, became) = one(ctx, &mut unit, row, part, &mut ways).await?;
        lines.push(line(row, part, whose, became)?);
    }
    item::put(unit.conn(), &lines).await?;
    unit.commit().await?;
    Ok(lines.iter().filter(|line| line.state == "failed").count())
}

/// Works on one item; says whose it is and what became of it.
async fn one(
    ctx: &Ctx,
    unit: &mut Unit,
    row: &delivery::Model,
    part: &Part,
    ways: &mut Ways,
) -> Result<(Option<Whose>, Became)> {
    if part.kind == "news" {
        return news(ctx, unit, row, &part.change).await;
    }
    let Some(phone_number_id) = part.change.number() else { return Ok((None, Became::Failed("no_number"))) };
    let Some(number) = ways.of(unit, row.app_id, phone_number_id).await? else {
        return Ok((None, Became::Ignored("unknown_number")));
    };
    let whose = (number.tenant_id, Some(number.id));
    let became = match part.kind {
        // none of the lists had anything in it
        "message" if part.item.is_null() && part.what == part.change.field => Became::Ignored("empty"),
        "message" => receive::message(ctx, unit, &number, &part.change, &part.item).await?,
        "echo" => echo::message(ctx, unit, &number, &part.item).await?,
        "status" => status::apply(ctx, unit, &number, &part.item).await?,
        "problem" => receive::problem(&part.item),
        "history" => history::keep(ctx, unit, &number, &part.change.value).await?,
        _ => address_book::apply(ctx, unit, &number, &part.change.value).await?,
    };
    Ok((Some(whose), became))
}

async fn news(ctx: &Ctx, unit: &mut Unit, row: &delivery::Model, change: &Change) -> Result<(Option<Whose>, Became)> {
    let accounts = account::spoken_of(unit.conn(), row.app_id, &change.account).await?;
    let Some(first) = accounts.first().map(|account| (account.tenant_id, None)) else {
        return Ok((None, Became::Ignored("unknown_account")));
    };
    let mut became = Became::Done;
    for account in accounts {
        became = standing::apply(ctx, unit, account, change, row.received_at).await?;
    }
    Ok((Some(first), became))
}

async fn finish(ctx: &Ctx, row: delivery::Model, items: usize, failed: usize, error: Option<String>) -> Result<()> {
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let whole = failed == 0 && error.is_none();
    let row = delivery::Model {
        state: if whole { "done" } else { "failed" }.to_owned(),
        items: count(items),
        failed_items: count(failed),
        tried: row.tried.saturating_add(1),
        error,
        ..row
    };
    if failed > 0 {
        metrics::counter!("porchlight_whatsapp_items_failed_total").increment(failed as u64);
    }
    let unit = ctx.db.write().await?;
    delivery::save(unit.conn(), &row).await?;
    unit.commit().await.map(|_| ())
}

/// Whose an item is: the tenant and, for what belongs to a number, the number.
type Whose = (TenantId, Option<WaNumberId>);

/// Where numbers lead, each asked for once per unit.
#[derive(Default)]
struct Ways(HashMap<String, Option<number::Model>>);

impl Ways {
    async fn of(&mut self, unit: &Unit, app: WaAppId, phone_number_id: &str) -> Result<Option<number::Model>> {
        if let Some(known) = self.0.get(phone_number_id) {
            return Ok(known.clone());
        }
        let row = number::spoken_of(unit.conn(), app, phone_number_id).await?;
        self.0.insert(phone_number_id.to_owned(), row.clone());
        Ok(row)
    }
}

/// One item with its place in the delivery.
#[derive(Clone)]
struct Part {
    nth: i32,
    kind: &'static str,
    what: String,
    item: Value,
    change: Change,
}

fn numbered((part, nth): (Part, i32)) -> Part {
    Part { nth, ..part }
}

/// The items of one change. What is in none of the known lists is one item as a whole: nothing is passed over.
fn parts_of(change: &Change) -> Vec<Part> {
    // the long lists themselves need not be carried with every one of their items
    let metadata = json!({ "metadata": change.value.at("metadata"), "contacts": change.value.at("contacts") });
    let slim = Change { value: metadata, ..change.clone() };
    let each = |kind: &'static str, list: &str, what: &str| -> Vec<Part> {
        let items = change.value.list(list).iter();
        let part = |item: &Value| Part {
            nth: 0,
            kind,
            what: item.word(what).unwrap_or_default(),
            item: item.clone(),
            change: slim.clone(),
        };
        items.map(part).collect()
    };
    let whole = |kind: &'static str| {
        let change = change.clone();
        vec![Part { nth: 0, kind, what: change.field.clone(), item: Value::Null, change }]
    };
    let parts = match change.field.as_str() {
        "messages" => [
            each("message", "messages", "type"),
            each("status", "statuses", "status"),
            each("problem", "errors", "code"),
        ]
        .concat(),
        "smb_message_echoes" | "message_echoes" => each("echo", "message_echoes", "type"),
        "history" => whole("history"),
        "smb_app_state_sync" => whole("contacts"),
        _ => whole("news"),
    };
    if parts.is_empty() { whole("message") } else { parts }
}

fn line(row: &delivery::Model, part: &Part, whose: Option<Whose>, became: Became) -> Result<item::Model> {
    let (state, error) = match became {
        Became::Done => (WhatsAppItemState::Done, None),
        Became::Waiting => (WhatsAppItemState::Waiting, None),
        Became::Ignored(why) => (WhatsAppItemState::Ignored, Some(why)),
        Became::Failed(why) => (WhatsAppItemState::Failed, Some(why)),
    };
    Ok(item::Model {
        tenant_id: whose.map(|(tenant, _)| tenant),
        delivery_id: row.id,
        nth: part.nth,
        number_id: whose.and_then(|(_, number)| number),
        kind: part.kind.to_owned(),
        what: part.what.chars().take(64).collect(),
        state: word(state)?,
        error: error.map(str::to_owned),
        at: row.received_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_of_every_list_has_a_line_and_what_is_in_none_has_one_too() {
        let change = |field: &str, value: Value| Change { account: "1".into(), time: None, field: field.into(), value };
        let kinds = |change: &Change| -> Vec<(&'static str, String)> {
            parts_of(change).into_iter().map(|part| (part.kind, part.what)).collect()
        };
        let mixed = json!({"metadata": {"phone_number_id": "7"}, "messages": [{"type": "text"}, 5, null],
            "statuses": [{"status": "read"}], "errors": [{"code": 131000}]});
        let expected =
            [("message", "text"), ("message", ""), ("message", ""), ("status", "read"), ("problem", "131000")];
        let expected: Vec<_> = expected.map(|(kind, what)| (kind, what.to_owned())).into();
        assert_eq!(kinds(&change("messages", mixed)), expected);
        assert_eq!(kinds(&change("messages", json!({"messages": null}))), [("message", "messages".to_owned())]);
        assert_eq!(kinds(&change("unheard_of", json!(3))), [("news", "unheard_of".to_owned())]);
    }
}
