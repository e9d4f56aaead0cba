//! Accounts connected by hand: a token that somebody made, tried before it is kept.

use chat::Ctx;
use kernel::wire::{WhatsAppAccount, WhatsAppNumber, WhatsAppSettings, WhatsAppStanding};
use kernel::{Error, Result, Role, Scope, Secret, Timestamp, WaAccountId, WaAppId, WaNumberId};
use serde_json::{Value, json};
use store::{Unit, Whose};

use crate::graph::Graph;
use crate::hint::{hint, meta_id, pasted};
use crate::number::disconnected;
use crate::payload::Look;
use crate::standing::halt;
use crate::tables::{account, app, number, word};
use crate::{app as apps, doctor, keep, template};

/// Most accounts of one tenant.
const MOST: usize = 50;
/// What is asked about a number.
pub(crate) const FIELDS: &str = "id,display_phone_number,verified_name,quality_rating,name_status,status,throughput,is_on_biz_app,\
                      whatsapp_business_manager_messaging_limit";
/// Most pages of numbers that are read.
const PAGES: usize = 20;

/// An account to be connected.
pub struct Connect {
    /// The app it is connected through.
    pub app: WaAppId,
    /// Meta's id of the account.
    pub waba_id: String,
    /// A token that may manage it and send from it.
    pub token: Secret<String>,
}

/// The tenant's accounts, oldest first.
pub async fn list(ctx: &Ctx, scope: &Scope) -> Result<Vec<WhatsAppAccount>> {
    scope.require(Role::Admin)?;
    account::list(&ctx.db.read(scope), scope.tenant()).await?.iter().map(account::Model::wire).collect()
}

/// Connects an account, or gives one that is here another token. Meta is asked first: whether the token is valid, was
/// made for this app and may do what is needed, then the app is subscribed and the numbers are fetched. Nothing is kept
/// when any of it fails.
pub async fn connect(ctx: &Ctx, scope: &Scope, new: Connect) -> Result<WhatsAppAccount> {
    scope.require(Role::Admin)?;
    let waba = meta_id("waba_id", &new.waba_id)?;
    let token = pasted("token", &new.token)?;
    let app = app::usable(ctx.db.platform(), scope.tenant(), new.app).await?.ok_or_else(Error::not_found)?;
    join(ctx, scope, &app, &waba, &token).await?.wire()
}

/// Tries the token, then keeps the account with its numbers and has its templates compared.
pub(crate) async fn join(
    ctx: &Ctx,
    scope: &Scope,
    app: &app::Model,
    waba: &str,
    token: &Secret<String>,
) -> Result<account::Model> {
    let found = look(ctx, app, waba, token).await?;
    let now = ctx.clock().now();
    // a number may be another tenant's, who let go of it
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let row = put(ctx, scope, &mut unit, app, waba, (&found, token), now).await?;
    keep::tell_account(&mut unit, &row)?;
    for one in &found.numbers {
        keep_number(&mut unit, ctx, &row, one, now).await?;
    }
    // a farewell of before is over
    halt(&mut unit, &row, None, now).await?;
    template::sync::plan(&mut unit, &row, now);
    unit.commit().await?;
    Ok(row)
}

/// Takes an account's token and PINs out: nothing is sent any more. What was written stays, and what still arrives is
/// taken.
pub async fn forget_credentials(ctx: &Ctx, scope: &Scope, id: WaAccountId) -> Result<()> {
    scope.require(Role::Admin)?;
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(scope).await?;
    let row = account::lock(unit.conn(), scope.tenant(), id).await?;
    let row = account::Model {
        token: None,
        token_hint: None,
        state: word(WhatsAppStanding::Disconnected)?,
        problem: Some("credentials_removed".to_owned()),
        updated_at: now,
        ..row
    };
    keep::account(&mut unit, &row).await?;
    halt(&mut unit, &row, Some("credentials_removed"), now).await?;
    for number in number::of_account(unit.conn(), row.tenant_id, row.id).await? {
        number::save(unit.conn(), &number::Model { pin: None, ..number }).await?;
    }
    unit.commit().await.map(|_| ())
}

/// Asks with the account's token, if it has one.
pub(crate) fn graph_of<'a>(ctx: &'a Ctx, row: &account::Model) -> Result<Graph<'a>> {
    token(ctx, row)?.map(|token| Graph::of(ctx, token)).ok_or_else(disconnected)
}

/// The account's token, opened.
pub(crate) fn token(ctx: &Ctx, row: &account::Model) -> Result<Option<Secret<String>>> {
    row.token.as_ref().map(|sealed| ctx.vault.open(&place(row.id), sealed)).transpose()
}

pub(crate) fn place(id: WaAccountId) -> String {
    format!("{id} token")
}

/// What Meta says of an account.
struct Found {
    name: String,
    numbers: Vec<Value>,
}

async fn look(ctx: &Ctx, app: &app::Model, waba: &str, token: &Secret<String>) -> Result<Found> {
    let secrets = apps::secrets(ctx, app)?;
    let Some(secret) = secrets.first() else {
        return Err(apps::without_secret());
    };
    let said =
        Graph::of_app(ctx, &app.meta_app_id, secret).get(&["debug_token"], &[("input_token", token.reveal())]).await?;
    if let Some(line) =
        doctor::of_token(said.at("data"), &app.meta_app_id, waba, ctx.clock().now()).into_iter().find(doctor::fails)
    {
        return Err(Error::field("token", "token_unusable", format!("{} {}", line.text, line.fix.unwrap_or_default())));
    }
    let graph = Graph::of(ctx, token.clone());
    let account = graph.get(&[waba], &[("fields", "id,name")]).await?;
    graph.post(&[waba, "subscribed_apps"], &json!({})).await?;
    let name = account.word("name").unwrap_or_else(|| waba.to_owned());
    Ok(Found { name, numbers: numbers(&graph, waba).await? })
}

/// All numbers of an account, page by page.
pub(crate) async fn numbers(graph: &Graph<'_>, waba: &str) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut after = String::new();
    for _ in 0..PAGES {
        let page =
            graph.get(&[waba, "phone_numbers"], &[("fields", FIELDS), ("limit", "100"), ("after", &after)]).await?;
        all.extend_from_slice(page.list("data"));
        let next = page.at("paging").at("cursors").word("after").filter(|_| page.at("paging").text("next").is_some());
        match next {
            Some(cursor) => after = cursor,
            None => break,
        }
    }
    Ok(all)
}

async fn put(
    ctx: &Ctx,
    scope: &Scope,
    unit: &mut Unit,
    app: &app::Model,
    waba: &str,
    (found, token): (&Found, &Secret<String>),
    now: Timestamp,
) -> Result<account::Model> {
    let known = account::same(unit.conn(), scope.tenant(), waba).await?;
    let is_new = known.is_none();
    let id = known.as_ref().map_or_else(|| WaAccountId::new(ctx.clock()), |row| row.id);
    let row = account::Model {
        tenant_id: scope.tenant(),
        id,
        app_id: app.id,
        waba_id: waba.to_owned(),
        name: found.name.clone(),
        token: Some(ctx.vault.seal(&place(id), token.reveal())?),
        token_hint: Some(hint(token)),
        state: word(WhatsAppStanding::Connected)?,
        problem: None,
        alert: None,
        templates_at: known.as_ref().and_then(|row| row.templates_at),
        messaging_limit: known.as_ref().and_then(|row| row.messaging_limit.clone()),
        news: known.as_ref().map_or_else(|| "{}".to_owned(), |row| row.news.clone()),
        synced_at: Some(now),
        created_at: known.as_ref().map_or(now, |row| row.created_at),
        updated_at: now,
    };
    if !is_new {
        account::save(unit.conn(), &row).await?;
    } else if account::list(unit.conn(), scope.tenant()).await?.len() < MOST {
        account::insert(unit.conn(), &row).await?;
    } else {
        return Err(Error::conflict("too_many_accounts", "There are fifty accounts already."));
    }
    Ok(row)
}

async fn keep_number(unit: &mut Unit, ctx: &Ctx, of: &account::Model, said: &Value, now: Timestamp) -> Result<()> {
    let Some(phone_number_id) = said.word("id") else { return Ok(()) };
    let mut known = number::same(unit.conn(), &phone_number_id).await?;
    if let Some(theirs) = known.take_if(|row| row.tenant_id != of.tenant_id) {
        give_up(unit, theirs, now).await?;
    }
    let is_new = known.is_none();
    let settings = serde_json::to_string(&WhatsAppSettings::default()).map_err(Error::internal)?;
    let mut row = known.unwrap_or_else(|| number::Model {
        tenant_id: of.tenant_id,
        id: WaNumberId::new(ctx.clock()),
        account_id: of.id,
        phone_number_id,
        display: String::new(),
        verified_name: None,
        quality: None,
        tier: None,
        per_second: 80,
        name_status: None,
        state: None,
        coexistence: false,
        pin: None,
        settings,
        halted_at: None,
        halted_reason: None,
        news: "{}".to_owned(),
        created_at: now,
        updated_at: now,
    });
    row.account_id = of.id;
    row.updated_at = now;
    told(&mut row, said);
    if is_new {
        number::insert(unit.conn(), &row).await?;
    }
    keep::named_number(ctx, unit, &row).await
}

/// A number of another tenant moves only when that tenant cannot act for it any more: its history stays there, under
/// a number that nothing is delivered to.
async fn give_up(unit: &mut Unit, theirs: number::Model, now: Timestamp) -> Result<()> {
    let account = account::find(unit.conn(), theirs.tenant_id, theirs.account_id).await?;
    if account.standing()? != WhatsAppStanding::Disconnected {
        return Err(number::taken());
    }
    let row = number::Model {
        phone_number_id: format!("moved:{}", theirs.id),
        halted_at: theirs.halted_at.or(Some(now)),
        halted_reason: Some("number_moved".to_owned()),
        updated_at: now,
        ..theirs
    };
    keep::number(unit, &row).await
}

/// Writes what Meta says of a number into its row; what it does not say stays.
pub(crate) fn told(row: &mut number::Model, said: &Value) {
    let or = |name: &str, before: Option<String>| said.word(name).or(before);
    row.display = said.word("display_phone_number").unwrap_or_else(|| std::mem::take(&mut row.display));
    row.verified_name = or("verified_name", row.verified_name.take());
    row.quality = or("quality_rating", row.quality.take());
    row.name_status = or("name_status", row.name_status.take());
    row.state = or("status", row.state.take());
    row.tier = or("whatsapp_business_manager_messaging_limit", row.tier.take());
    row.coexistence = said.is("is_on_biz_app");
    let high = said.at("throughput").text("level") == Some("HIGH");
    // a number that is used on a phone as well keeps to 20 a second
    row.per_second = if row.coexistence {
        20
    } else if high {
        1_000
    } else {
        80
    };
}

/// Numbers as the wire shows them.
pub async fn numbers_of(ctx: &Ctx, scope: &Scope) -> Result<Vec<WhatsAppNumber>> {
    scope.require(Role::Agent)?;
    Ok(number::list(&ctx.db.read(scope), scope.tenant()).await?.iter().map(number::Model::wire).collect())
}
