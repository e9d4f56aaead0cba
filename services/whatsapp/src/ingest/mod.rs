//! Taking deliveries apart, after they were answered. Safe to run twice: what has been worked on is left alone.
//!
//! Deliveries wait in lanes, and a lane has one job at most: it works on a handful, goes to the end of the queue and
//! comes back while there is more. So a flood in one lane makes nobody else wait longer than its handful, and what is
//! said to one number is worked on in order.

mod hint;
mod parts;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use chat::{Ctx, inbox};
use futures::FutureExt;
use kernel::wire::WhatsAppItemState;
use kernel::{ContactId, Error, Kind, Result, TenantId, Timestamp, WaAppId, WaDeliveryId, WaNumberId};
use serde_json::json;
use store::{NewJob, Outcome, Task, Unit, Whose};

pub use hint::lane;
use parts::Part;

use crate::alias::Alias;
use crate::payload::{self, Change, News, changes};
use crate::receive::{self, Became};
use crate::tables::{account, delivery, item, lane as lanes, number, word};
use crate::{address_book, echo, history, inbound, person, standing, status};

/// Works on one lane.
pub const INGEST: &str = "whatsapp.ingest";
/// Deliveries that are worked on together.
const TOGETHER: u64 = 16;
/// Bytes of them, as they came: what is held in memory per lane.
const AT_ONCE: i64 = 4 * 1024 * 1024;
/// Items of one unit.
const IN_A_UNIT: usize = 50;
/// How often a unit is tried again at once that somebody else's locks stopped.
const TRIES: u32 = 4;
/// After this long without a hand on it, a lane is taken for forsaken.
const FORSAKEN: Duration = Duration::from_secs(600);

/// Leaves the work for deliveries that were just stored, or are to be tried again. Locks the lanes, in one order.
pub async fn plan(unit: &mut Unit, named: BTreeSet<String>, now: Timestamp) -> Result<()> {
    for lane in named {
        if lanes::wake(unit.conn(), &lane, now).await? {
            unit.enqueue(job(&lane, now));
        }
    }
    Ok(())
}

fn job(lane: &str, now: Timestamp) -> NewJob {
    NewJob { kind: INGEST, tenant: None, payload: json!({ "lane": lane }), run_at: now, unique_key: None }
}

/// Leaves the work of lanes whose worker was lost.
pub async fn revive(ctx: &Ctx) -> Result<()> {
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(Whose::Platform).await?;
    for lane in lanes::forsaken(unit.conn(), now.minus(FORSAKEN), 1_000).await? {
        tracing::warn!(lane, "deliveries were waiting and nobody came");
        lanes::touch(unit.conn(), &lane, now).await?;
        unit.enqueue(job(&lane, now));
    }
    unit.commit().await.map(|_| ())
}

/// Runs [`INGEST`]: a handful of the lane's deliveries, oldest first.
pub async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let Some(lane) = task.payload["lane"].as_str() else {
        return Ok(Outcome::GiveUp("an ingest names its lane".to_owned()));
    };
    match handful(&ctx, lane).await {
        Ok(true) => Ok(Outcome::Done),
        Ok(false) => Ok(Outcome::Again(Duration::ZERO)),
        // never given up: the lane has no other job
        Err(error) => {
            tracing::warn!(lane, error = ?error, "a lane could not be worked on, it is tried again");
            Ok(Outcome::Again(Duration::from_secs(5)))
        }
    }
}

/// `true` when nothing is left.
async fn handful(ctx: &Ctx, lane: &str) -> Result<bool> {
    let rows = delivery::waiting(ctx.db.platform(), lane, TOGETHER, AT_ONCE).await?;
    let took = rows.len();
    if took > 0 {
        Together::read(ctx, rows).await?.work(ctx).await?;
    }
    let unit = ctx.db.write(Whose::Platform).await?;
    lanes::touch(unit.conn(), lane, ctx.clock().now()).await?;
    let is_left = lanes::leave(unit.conn(), lane).await?;
    unit.commit().await?;
    Ok(is_left)
}

/// Deliveries that are worked on together.
struct Together {
    rows: Vec<delivery::Model>,
    /// What is wrong with a delivery as a whole.
    errors: Vec<Option<String>>,
    /// How many items each has.
    items: Vec<usize>,
    /// Items that are still to be worked on, in the order in which they happened.
    open: Vec<Part>,
}

impl Together {
    async fn read(ctx: &Ctx, rows: Vec<delivery::Model>) -> Result<Self> {
        let ids: Vec<WaDeliveryId> = rows.iter().map(|row| row.id).collect();
        let mut settled: BTreeSet<(WaDeliveryId, i32)> = BTreeSet::new();
        for line in item::of_deliveries(ctx.db.platform(), &ids).await? {
            if line.outcome()? == WhatsAppItemState::Done {
                settled.insert((line.delivery_id, line.nth));
            }
        }
        let mut this = Self { rows, errors: Vec::new(), items: Vec::new(), open: Vec::new() };
        for (of, row) in this.rows.iter().enumerate() {
            let found = inbound::unseal(ctx, row).map_err(|error| error.code().to_owned());
            let found = found.and_then(|body| changes(&body).map_err(|_| "not_json".to_owned()));
            let all: Vec<Part> = parts::parts(of, found.as_deref().unwrap_or_default()).collect();
            this.items.push(all.len());
            this.open.extend(all.into_iter().filter(|part| !settled.contains(&(row.id, part.nth))));
            this.errors.push(found.err());
        }
        // Meta keeps no order between its calls; those that wait here together get theirs back
        this.open.sort_by_key(|part| (part.at(this.rows[part.of].received_at), part.is_notice()));
        Ok(this)
    }

    async fn work(self, ctx: &Ctx) -> Result<()> {
        let open: Vec<&Part> = self.open.iter().collect();
        let mut failed: HashMap<usize, usize> = HashMap::new();
        for some in open.chunks(IN_A_UNIT) {
            for part in work(ctx, &self.rows, some).await? {
                *failed.entry(part).or_default() += 1;
            }
        }
        self.finish(ctx, &failed).await
    }

    async fn finish(self, ctx: &Ctx, failed: &HashMap<usize, usize>) -> Result<()> {
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let unit = ctx.db.write(Whose::Platform).await?;
        for (of, (row, error)) in self.rows.into_iter().zip(self.errors).enumerate() {
            let failed = failed.get(&of).copied().unwrap_or(0);
            let whole = failed == 0 && error.is_none();
            metrics::counter!("porchlight_whatsapp_items_failed_total").increment(failed as u64);
            let row = delivery::Model {
                state: if whole { "done" } else { "failed" }.to_owned(),
                items: count(self.items[of]),
                failed_items: count(failed),
                tried: row.tried.saturating_add(1),
                error,
                ..row
            };
            delivery::save(unit.conn(), &row).await?;
        }
        unit.commit().await.map(|_| ())
    }
}

/// Works on some items as one unit, and when that fails on each by itself. Gives the deliveries of those that failed.
async fn work(ctx: &Ctx, rows: &[delivery::Model], some: &[&Part]) -> Result<Vec<usize>> {
    match patiently(ctx, rows, some).await {
        Ok(failed) => Ok(failed),
        Err(error) if some.len() == 1 && error.kind() == Kind::Unavailable => Err(error),
        Err(error) if some.len() == 1 => {
            let (part, row) = (some[0], &rows[some[0].of]);
            tracing::warn!(delivery = %row.id, nth = part.nth, error = ?error, "an item could not be worked on");
            let line = line(row, part, None, Became::Failed(error.code()))?;
            let unit = ctx.db.write(Whose::Platform).await?;
            item::put(unit.conn(), &[line]).await?;
            unit.commit().await.map(|_| vec![part.of])
        }
        // alone, an item holds so little that nobody waits for it in a circle
        Err(_) => {
            let mut failed = Vec::new();
            for one in some {
                failed.extend(Box::pin(work(ctx, rows, std::slice::from_ref(one))).await?);
            }
            Ok(failed)
        }
    }
}

/// Tries again at once what somebody else's locks stopped. Even a fault of ours ends with its item.
async fn patiently(ctx: &Ctx, rows: &[delivery::Model], some: &[&Part]) -> Result<Vec<usize>> {
    for _ in 1..TRIES {
        match guarded(ctx, rows, some).await {
            Err(error) if error.kind() == Kind::Unavailable => tracing::debug!(%error, "trying the items again"),
            done => return done,
        }
    }
    guarded(ctx, rows, some).await
}

async fn guarded(ctx: &Ctx, rows: &[delivery::Model], some: &[&Part]) -> Result<Vec<usize>> {
    let done = AssertUnwindSafe(together(ctx, rows, some)).catch_unwind().await;
    done.unwrap_or_else(|_| Err(Error::internal("an item made its reader stumble")))
}

async fn together(ctx: &Ctx, rows: &[delivery::Model], some: &[&Part]) -> Result<Vec<usize>> {
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let mut ways = Ways::default();
    if some.len() > 1 {
        hold(&unit, rows, some, &mut ways).await?;
        introduce(ctx, &mut unit, rows, some, &mut ways).await?;
    }
    let mut lines = Vec::with_capacity(some.len());
    let mut failed = Vec::new();
    for part in some {
        let row = &rows[part.of];
        let (whose, became) = one(ctx, &mut unit, row, part, &mut ways).await?;
        if matches!(became, Became::Failed(_)) {
            failed.push(part.of);
        }
        lines.push(line(row, part, whose, became)?);
    }
    item::put(unit.conn(), &lines).await?;
    unit.commit().await?;
    Ok(failed)
}

/// Holds the conversations of everybody these items are about, in one order: other units do the same, and so nobody
/// waits in a circle. What is missed here is caught by trying again.
async fn hold(unit: &Unit, rows: &[delivery::Model], some: &[&Part], ways: &mut Ways) -> Result<()> {
    let mut about: BTreeMap<WaNumberId, (number::Model, BTreeSet<Alias>)> = BTreeMap::new();
    for part in some.iter().filter(|part| part.kind == "message") {
        let Some(phone_number_id) = part.change.change.number() else { continue };
        let Some(number) = ways.of(unit, rows[part.of].app_id, phone_number_id).await? else { continue };
        let names = receive::names(&part.change.people, &part.item);
        about.entry(number.id).or_insert_with(|| (number, BTreeSet::new())).1.extend(names);
    }
    for (number, names) in about.into_values() {
        let contacts: Vec<ContactId> = person::among(unit, number.tenant_id, names).await?;
        inbox::hold_of(unit, number.channel(), &contacts).await?;
    }
    Ok(())
}

/// What the item with this number was, if it was a change as a whole.
pub fn whole(changes: &[Change], nth: i32) -> Option<serde_json::Value> {
    let part = parts::parts(0, changes).find(|part| part.nth == nth)?;
    part.item.is_null().then(|| part.change.change.value.clone())
}

/// Follows everybody whose number or id changed before anything of them is looked at: old and new names write within
/// the same second, and their words come in any order.
async fn introduce(
    ctx: &Ctx,
    unit: &mut Unit,
    rows: &[delivery::Model],
    some: &[&Part],
    ways: &mut Ways,
) -> Result<()> {
    for part in some.iter().filter(|part| part.is_notice()) {
        let Some(phone_number_id) = part.change.change.number() else { continue };
        let Some(number) = ways.of(unit, rows[part.of].app_id, phone_number_id).await? else { continue };
        receive::introduce(ctx, unit, &number, &part.change.people, &part.item).await?;
    }
    Ok(())
}

/// Works on one item; says whose it is and what became of it.
async fn one(
    ctx: &Ctx,
    unit: &mut Unit,
    row: &delivery::Model,
    part: &Part,
    ways: &mut Ways,
) -> Result<(Option<Addressee>, Became)> {
    let change = &part.change.change;
    if part.kind == "news" {
        return news(ctx, unit, row, change).await;
    }
    let Some(phone_number_id) = change.number() else { return Ok((None, Became::Failed("no_number"))) };
    let Some(number) = ways.of(unit, row.app_id, phone_number_id).await? else {
        return Ok((None, Became::Ignored("unknown_number")));
    };
    let whose = (number.tenant_id, Some(number.id));
    let became = match part.kind {
        // none of the lists had anything in it
        "message" if part.item.is_null() && part.what == change.field => Became::Ignored("empty"),
        "message" => receive::message(ctx, unit, &number, &part.change.people, &part.item).await?,
        "echo" => echo::message(ctx, unit, &number, &part.change.people, &part.item).await?,
        "status" => status::apply(ctx, unit, &number, &part.item).await?,
        "problem" => receive::problem(&part.item),
        "history" => history::keep(ctx, unit, &number, &change.value).await?,
        _ => address_book::apply(ctx, unit, &number, &change.value).await?,
    };
    Ok((Some(whose), became))
}

async fn news(
    ctx: &Ctx,
    unit: &mut Unit,
    row: &delivery::Model,
    change: &Change,
) -> Result<(Option<Addressee>, Became)> {
    let accounts = account::spoken_of(unit.conn(), row.app_id, &change.account).await?;
    let Some(first) = accounts.first().map(|account| (account.tenant_id, None)) else {
        return Ok((None, Became::Ignored("unknown_account")));
    };
    let mut became = Became::Done;
    let renamed = match payload::news(change) {
        News::Renamed(people) => Some(people),
        _ => None,
    };
    for account in accounts {
        match &renamed {
            Some(people) => receive::renamed(ctx, unit, account.tenant_id, people).await?,
            None => became = standing::apply(ctx, unit, account, change, row.received_at).await?,
        }
    }
    Ok((Some(first), became))
}

/// Addressee an item is: the tenant and, for what belongs to a number, the number.
type Addressee = (TenantId, Option<WaNumberId>);

/// Where numbers lead, each asked for once per unit.
#[derive(Default)]
struct Ways(HashMap<(WaAppId, String), Option<number::Model>>);

impl Ways {
    async fn of(&mut self, unit: &Unit, app: WaAppId, phone_number_id: &str) -> Result<Option<number::Model>> {
        let key = (app, phone_number_id.to_owned());
        if let Some(known) = self.0.get(&key) {
            return Ok(known.clone());
        }
        let row = number::spoken_of(unit.conn(), app, phone_number_id).await?;
        self.0.insert(key, row.clone());
        Ok(row)
    }
}

fn line(row: &delivery::Model, part: &Part, whose: Option<Addressee>, became: Became) -> Result<item::Model> {
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
        what: part.what.chars().filter(|c| !c.is_control()).take(64).collect(),
        state: word(state)?,
        error: error.map(str::to_owned),
        at: row.received_at,
    })
}
