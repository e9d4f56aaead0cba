//! Joining by Meta's own dialogue (Embedded Signup): the browser brings a code, everything else happens here.

use chat::Ctx;
use kernel::wire::{WhatsAppJoined, WhatsAppSignup};
use kernel::{Error, Result, Role, Scope, Secret, WaAppId, random_digits};

use crate::account::join;
use crate::app as apps;
use crate::graph::Graph;
use crate::hint::{meta_id, pasted};
use crate::number::{checked_pin, reach, register_as};
use crate::payload::Look;
use crate::tables::{app, number};

/// What the dialogue gave.
pub struct Join {
    /// The app whose dialogue it was.
    pub app: WaAppId,
    /// Good for a token, once and for seconds.
    pub code: Secret<String>,
    /// Meta's id of the account.
    pub waba_id: String,
    /// Meta's id of the number.
    pub phone_number_id: String,
    /// The number's two-step PIN; chosen here when it has none yet.
    pub pin: Option<Secret<String>>,
    /// Whether the WhatsApp Business app goes on being used on the number.
    pub coexistence: bool,
}

/// What a browser needs to open the dialogue: of the tenant's own app that has a configuration, or else the platform's.
pub async fn offer(ctx: &Ctx, scope: &Scope) -> Result<WhatsAppSignup> {
    scope.require(Role::Admin)?;
    let mut all = app::list(ctx.db.read(scope), Some(scope.tenant())).await?;
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
    let (waba, phone) = (meta_id("waba_id", &new.waba_id)?, meta_id("phone_number_id", &new.phone_number_id)?);
    let code = pasted("code", &new.code)?;
    let pin = new.pin.as_ref().map(checked_pin).transpose()?;
    let app = app::usable(ctx.db.read(scope), scope.tenant(), new.app).await?.ok_or_else(Error::not_found)?;
    let token = exchange(ctx, &app, &code).await?;
    let account = join(ctx, scope, &app, &waba, &token).await?;
    let row = number::known(ctx.db.read(scope), scope.tenant(), &phone).await?;
    let Some(row) = row.filter(|row| row.account_id == account.id) else {
        return Err(Error::field(
            "phone_number_id",
            "unknown_number",
            "The account is connected, but this number is not in it. Look at the list of numbers.",
        ));
    };
    let (number, problem) = match row.coexistence || new.coexistence {
        true => (row.wire(), None),
        false => registered(ctx, scope, &row, pin).await?,
    };
    let account = account.wire()?;
    Ok(WhatsAppJoined { account, number, registered: problem.is_none(), problem })
}

async fn exchange(ctx: &Ctx, app: &app::Model, code: &Secret<String>) -> Result<Secret<String>> {
    let secrets = apps::secrets(ctx, app)?;
    let Some(secret) = secrets.first() else { return Err(apps::without_secret()) };
    let query = [("client_id", app.meta_app_id.as_str()), ("client_secret", secret.reveal()), ("code", code.reveal())];
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
