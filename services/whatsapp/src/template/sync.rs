//! Comparing templates with Meta: after connecting, once a day, after news, and when somebody asks for it.

use std::collections::HashSet;
use std::time::Duration;

use chat::Ctx;
use kernel::{Error, Result, Role, Scope, Timestamp, WaAccountId, WaTemplateId};
use serde_json::{Value, json};
use store::{NewJob, Outcome, Task, Unit, Whose};

use crate::account::graph_of;
use crate::graph::{Graph, Trouble};
use crate::number::refresh_all;
use crate::payload::Look;
use crate::tables::{account, template};
use crate::{keep, template as rules};

/// Job of one account: `{"account": id}`.
pub const SYNC: &str = "whatsapp.sync";
/// Job that leaves one for each account whose day is over.
pub const DAILY: &str = "whatsapp.sync_daily";
const FIELDS: &str = "id,name,language,status,category,quality_score,rejected_reason,parameter_format,components";
/// Most pages that are read: Meta allows 6,000 templates.
const PAGES: usize = 80;
const DAY: Duration = Duration::from_secs(24 * 3_600);
const HOUR: Duration = Duration::from_secs(3_600);
/// Accounts looked at together.
const TOGETHER: u64 = 200;
/// Templates written together.
const WRITTEN: usize = 200;

/// Compares an account's templates with Meta now.
pub async fn sync(ctx: &Ctx, scope: &Scope, id: WaAccountId) -> Result<()> {
    scope.require(Role::Admin)?;
    let row = account::find(&ctx.db.read(scope), scope.tenant(), id).await?;
    compare(ctx, &row, &graph_of(ctx, &row)?).await
}

/// Leaves the work for later; whoever asks while it waits gets it once.
pub(crate) fn plan(unit: &mut Unit, of: &account::Model, run_at: Timestamp) {
    let unique_key = Some(format!("{SYNC}:{}", of.id));
    unit.enqueue(NewJob {
        kind: SYNC,
        tenant: Some(of.tenant_id),
        payload: json!({ "account": of.id }),
        run_at,
        unique_key,
    });
}

/// Runs [`SYNC`]: templates, and how the numbers stand.
pub async fn run(ctx: Ctx, task: Task) -> Result<Outcome> {
    let id: Option<WaAccountId> = serde_json::from_value(task.payload["account"].clone()).ok();
    let Some((tenant, id)) = task.tenant.zip(id) else {
        return Ok(Outcome::GiveUp("a comparison names its account".to_owned()));
    };
    let row = match account::find(ctx.db.platform(), tenant, id).await {
        Ok(row) if row.token.is_some() => row,
        Ok(_) => return Ok(Outcome::Done),
        Err(error) => return Err(error),
    };
    let done = async {
        compare(&ctx, &row, &graph_of(&ctx, &row)?).await?;
        refresh_all(&ctx, &row).await
    };
    match done.await {
        Ok(()) => Ok(Outcome::Done),
        // asking again would give the same answer; tomorrow it is asked again by itself
        Err(error) if error.code() == "meta_refused" => {
            tracing::warn!(account.id = %row.id, error = error.detail(), "templates could not be compared with Meta");
            Ok(Outcome::Done)
        }
        Err(error) => Err(error),
    }
}

/// Runs [`DAILY`].
pub async fn daily(ctx: Ctx) -> Result<Outcome> {
    let now = ctx.clock().now();
    let mut after = None;
    loop {
        let some = account::with_token(ctx.db.platform(), after, TOGETHER).await?;
        let Some(last) = some.last() else { return Ok(Outcome::Again(HOUR)) };
        after = Some(last.id);
        let mut unit = ctx.db.write(Whose::Platform).await?;
        let old = |row: &&account::Model| row.templates_at.is_none_or(|at| at.plus(DAY) <= now);
        some.iter().filter(old).for_each(|row| plan(&mut unit, row, now));
        unit.commit().await?;
    }
}

async fn compare(ctx: &Ctx, of: &account::Model, graph: &Graph<'_>) -> Result<()> {
    let asked_at = ctx.clock().now();
    let said = all(graph, &of.waba_id).await?;
    for some in said.chunks(WRITTEN) {
        let mut unit = ctx.db.write(of.tenant_id).await?;
        for item in some {
            put(ctx, &mut unit, of, item, asked_at).await?;
        }
        unit.commit().await?;
    }
    let listed: HashSet<(String, String)> = said.iter().filter_map(key).collect();
    let mut unit = ctx.db.write(of.tenant_id).await?;
    let mut row = account::lock(unit.conn(), of.tenant_id, of.id).await?;
    for mut gone in template::of_account(unit.conn(), of.id).await? {
        let is_listed = listed.contains(&(gone.name.clone(), gone.language.clone()));
        if !is_listed && gone.status != "DELETED" && gone.updated_at <= asked_at {
            gone.status = "DELETED".to_owned();
            gone.updated_at = ctx.clock().now();
            keep::template(&mut unit, &gone).await?;
        }
    }
    row.templates_at = Some(asked_at);
    keep::account(&mut unit, &row).await?;
    unit.commit().await.map(|_| ())
}

fn key(item: &Value) -> Option<(String, String)> {
    rules::read(item).map(|template| (template.name, template.language))
}

/// All of them or an error: what is missing from half a list is not gone.
async fn all(graph: &Graph<'_>, waba: &str) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut after = String::new();
    for _ in 0..PAGES {
        let query = [("fields", FIELDS), ("limit", "100"), ("after", after.as_str())];
        let query = if after.is_empty() { &query[..2] } else { &query[..] };
        let page = graph.get(&[waba, "message_templates"], query).await?;
        all.extend_from_slice(page.list("data"));
        match page.at("paging").at("cursors").word("after").filter(|_| page.at("paging").text("next").is_some()) {
            Some(cursor) => after = cursor,
            None => return Ok(all),
        }
    }
    Err(Error::from(Trouble::Strange(0)))
}

/// Writes what Meta lists; of a row that changed while Meta was asked, news knew better.
async fn put(ctx: &Ctx, unit: &mut Unit, of: &account::Model, item: &Value, asked_at: Timestamp) -> Result<()> {
    let Some(read) = rules::read(item) else { return Ok(()) };
    let known = template::same(unit.conn(), of.id, &read.name, &read.language).await?;
    let mut row = known.clone().unwrap_or_else(|| blank(ctx, of, &read));
    if known.as_ref().is_some_and(|row| row.updated_at > asked_at) {
        return Ok(());
    }
    told(&mut row, item)?;
    if known.as_ref() == Some(&row) {
        return Ok(());
    }
    row.updated_at = ctx.clock().now();
    match known {
        Some(_) => keep::template(unit, &row).await,
        None => {
            template::insert(unit.conn(), &row).await?;
            keep::tell_template(unit, &row)
        }
    }
}

/// A row of which nothing is known but its name.
pub(crate) fn blank(ctx: &Ctx, of: &account::Model, read: &rules::Template) -> template::Model {
    template::Model {
        tenant_id: of.tenant_id,
        id: WaTemplateId::new(ctx.clock()),
        account_id: of.id,
        meta_id: None,
        name: read.name.clone(),
        language: read.language.clone(),
        category: read.category.clone(),
        status: "PENDING".to_owned(),
        quality: None,
        reason: None,
        named: read.named,
        components: "[]".to_owned(),
        news: "{}".to_owned(),
        updated_at: ctx.clock().now(),
    }
}

/// Writes what Meta says of a template into its row; what it does not say stays.
fn told(row: &mut template::Model, item: &Value) -> Result<()> {
    row.meta_id = item.word("id").or_else(|| row.meta_id.take());
    row.category = item.word("category").unwrap_or_else(|| std::mem::take(&mut row.category));
    if let Some(status) = item.word("status") {
        // a pause has its reason in news only
        if status != row.status {
            row.reason = None;
        }
        row.status = status;
    }
    let quality = item.at("quality_score").word("score").or_else(|| item.word("quality_score"));
    row.quality = quality.filter(|word| word != "UNKNOWN").or_else(|| row.quality.take());
    row.reason = item.word("rejected_reason").filter(|reason| reason != "NONE").or_else(|| row.reason.take());
    row.named = item.text("parameter_format").map_or(row.named, |format| format == "NAMED");
    if item.at("components").is_array() {
        row.components = serde_json::to_string(item.at("components")).map_err(Error::internal)?;
    }
    Ok(())
}
