//! Joining by Meta's own dialogue (Embedded Signup): the browser brings a code, everything else happens here.

use chat::Ctx;
use kernel::wire::{WhatsAppJoined, WhatsAppSignup};
use kernel::{Error, Result, Role, Scope, Secret, WaAppId, random_digits};
use serde_json::Value;

use crate::account::join;
use crate::app as apps;
use crate::graph::Graph;
use crate::hint::{meta_id, pasted};
use crate::history;
use crate::number::{checked_pin, reach, register_as};
use crate::payload::Look;
use crate::tables::{account, app, number};

/// What the dialogue gave.
pub struct Join {
    /// The app whose dialogue it was.
    pub app: WaAppId,
    /// Good for a token, once and for seconds.
    pub code: Secret<String>,
    /// Meta's id of the account; without it the only one the code opens.
    pub waba_id: Option<String>,
    /// Meta's id of the number; without it the first that is not registered, or else the first.
    pub phone_number_id: Option<String>,
    /// Where the dialogue sent the browser back to, if it did.
    pub redirect_uri: Option<String>,
    /// The number's two-step PIN; chosen here when it has none yet.
    pub pin: Option<Secret<String>>,
    /// Whether the WhatsApp Business app goes on being used on the number.
    pub coexistence: bool,
}

/// What a browser needs to open the dialogue: of the tenant's own app that has a configuration, or else the platform's.
pub async fn offer(ctx: &Ctx, scope: &Scope) -> Result<WhatsAppSignup> {
    scope.require(Role::Admin)?;
    let mut all = app::list(&ctx.db.read(scope), Some(scope.tenant())).await?;
    all.extend(app::list(ctx.db.platform(), None).await?);
    let graph_version = ctx.net.graph.version().to_owned();
    let fit = all.into_iter().find(|row| row.secret.is_some() && row.signup_config.is_some());
    Ok(fit.map_or_else(
        || WhatsAppSignup { graph_version: graph_version.clone(), ..WhatsAppSignup::default() },
        |row| WhatsAppSignup {
            app_id: Some(row.id),
            meta_app_id: Some(row.meta_app_id),
            config_id: row.signup_config,
            graph_version: graph_version.clone(),
        },
    ))
}

/// Turns the code into a token, keeps the account with its numbers, and registers the number. The code is spent by then,
/// so a number that Meta does not register leaves the account connected, and the answer says why.
pub async fn join_by_code(ctx: &Ctx, scope: &Scope, new: Join) -> Result<WhatsAppJoined> {
    scope.require(Role::Admin)?;
    let waba = new.waba_id.as_deref().map(|id| meta_id("waba_id", id)).transpose()?;
    let phone = new.phone_number_id.as_deref().map(|id| meta_id("phone_number_id", id)).transpose()?;
    let code = pasted("code", &new.code)?;
    let pin = new.pin.as_ref().map(checked_pin).transpose()?;
    let app = app::usable(ctx.db.platform(), scope.tenant(), new.app).await?.ok_or_else(Error::not_found)?;
    let token = exchange(ctx, &app, &code, new.redirect_uri.as_deref()).await?;
    let waba = match waba {
        Some(waba) => waba,
        None => reached(ctx, &app, &token).await?,
    };
    let account = join(ctx, scope, &app, &waba, &token).await?;
    let row = chosen(ctx, scope, &account, phone.as_deref()).await?;
    // nobody named it: one that works already needs no other PIN
    let works = phone.is_none() && row.state.as_deref() == Some("CONNECTED");
    let (number, problem) = match row.coexistence || new.coexistence || works {
        true => (row.wire(), None),
        false => registered(ctx, scope, &row, pin).await?,
    };
    if row.coexistence {
        // once, within a day; what Meta refuses is written down, and an admin may ask again
        if let Err(error) = history::ask(ctx, &row).await {
            tracing::warn!(number.id = %row.id, %error, "the phone was not asked for its past");
        }
    }
    let account = account.wire()?;
    Ok(WhatsAppJoined { account, number, registered: problem.is_none(), problem })
}

/// The number that was named, or the one that most likely was meant.
async fn chosen(ctx: &Ctx, scope: &Scope, of: &account::Model, phone: Option<&str>) -> Result<number::Model> {
    let mut rows = number::list(&ctx.db.read(scope), scope.tenant()).await?;
    rows.retain(|row| row.account_id == of.id && phone.is_none_or(|phone| row.phone_number_id == phone));
    let new = rows.iter().position(|row| row.state.as_deref() != Some("CONNECTED")).unwrap_or(0);
    if rows.is_empty() {
        return Err(Error::field(
            "phone_number_id",
            "unknown_number",
            "The account is connected, but this number is not in it. Look at the list of numbers.",
        ));
    }
    Ok(rows.swap_remove(new))
}

/// The one account a token opens. A dialogue that sends the browser back names none; Meta says it of the token.
async fn reached(ctx: &Ctx, app: &app::Model, token: &Secret<String>) -> Result<String> {
    let secrets = apps::secrets(ctx, app)?;
    let Some(secret) = secrets.first() else { return Err(apps::without_secret()) };
    let asked = [("input_token", token.reveal().as_str())];
    let said = Graph::of_app(ctx, &app.meta_app_id, secret).get(&["debug_token"], &asked).await?;
    let granted = said.at("data").list("granular_scopes").iter();
    let ours = granted.filter(|one| one.text("scope") == Some("whatsapp_business_management"));
    let mut found: Vec<&str> = ours.flat_map(|one| one.list("target_ids")).filter_map(Value::as_str).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [waba] => meta_id("waba_id", waba),
        _ => Err(Error::field(
            "waba_id",
            "account_unclear",
            "Exactly one business account must be shared in Meta's window. Open it again and choose one, or connect by hand.",
        )),
    }
}

async fn exchange(
    ctx: &Ctx,
    app: &app::Model,
    code: &Secret<String>,
    redirect: Option<&str>,
) -> Result<Secret<String>> {
    let secrets = apps::secrets(ctx, app)?;
    let Some(secret) = secrets.first() else { return Err(apps::without_secret()) };
    let mut query =
        vec![("client_id", app.meta_app_id.as_str()), ("client_secret", secret.reveal()), ("code", code.reveal())];
    // Meta compares it with what the dialogue was opened with
    query.extend(redirect.map(|address| ("redirect_uri", address)));
    let said = Graph::of_app(ctx, &app.meta_app_id, secret).get(&["oauth", "access_token"], &query).await?;
    said.word("access_token").map(Secret::new).ok_or_else(|| {
        Error::unavailable("meta_strange", "Meta gave an answer that cannot be read. Try again in a moment.")
    })
}

async fn registered(
    ctx: &Ctx,
    scope: &Scope,
    row: &number::Model,
    pin: Option<&Secret<String>>,
) -> Result<(kernel::wire::WhatsAppNumber, Option<String>)> {
    // somebody who never had a PIN need not choose one; it rests sealed and can be replaced
    let pin = pin.cloned().unwrap_or_else(|| Secret::new(random_digits(6)));
    let reach = reach(ctx, scope, row.id).await?;
    match register_as(&reach, &pin).await {
        Ok(()) => {
            let sealed = ctx.vault.seal(&format!("{} pin", row.id), pin.reveal())?;
            Ok((reach.keep(ctx, |row| row.pin = Some(sealed)).await?, None))
        }
        Err(trouble) => {
            // nobody knows whether a lost answer was a yes: the PIN must not be lost with it
            let sealed = match trouble.is_refusal() {
                true => None,
                false => Some(ctx.vault.seal(&format!("{} pin", row.id), pin.reveal())?),
            };
            let number = reach.keep(ctx, |row| row.pin = sealed.or_else(|| row.pin.take())).await?;
            Ok((number, Some(trouble.words())))
        }
    }
}
