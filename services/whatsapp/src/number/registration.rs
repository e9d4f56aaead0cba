//! Registering a number for the Cloud API, taking it out again, and its two-step PIN.

use chat::Ctx;
use kernel::wire::WhatsAppNumber;
use kernel::{Error, Result, Role, Scope, Secret, WaNumberId};
use serde_json::json;

use super::look::{Reach, reach};
use crate::graph::Asked;

/// Registers a number for the Cloud API with its two-step PIN, which is kept sealed; then looks at it anew.
pub async fn register(ctx: &Ctx, scope: &Scope, id: WaNumberId, pin: &Secret<String>) -> Result<WhatsAppNumber> {
    scope.require(Role::Admin)?;
    let pin = checked_pin(pin)?;
    let reach = reach(ctx, scope, id).await?;
    register_as(&reach, pin).await?;
    keep(ctx, &reach, pin).await
}

/// Takes a number out of the Cloud API: nothing is sent or received until it is registered again.
pub async fn deregister(ctx: &Ctx, scope: &Scope, id: WaNumberId) -> Result<WhatsAppNumber> {
    let reach = reach(ctx, scope, id).await?;
    if reach.number.coexistence {
        return Err(Error::conflict(
            "coexistence_number",
            "This number is used in the WhatsApp Business app as well. Disconnect it there: Settings, Account, Business platform.",
        ));
    }
    reach.graph.post(&[&reach.number.phone_number_id, "deregister"], &json!({})).await?;
    reach.keep(ctx, |_| ()).await
}

/// Gives a number another two-step PIN, which is kept sealed.
pub async fn change_pin(ctx: &Ctx, scope: &Scope, id: WaNumberId, pin: &Secret<String>) -> Result<WhatsAppNumber> {
    scope.require(Role::Admin)?;
    let pin = checked_pin(pin)?;
    let reach = reach(ctx, scope, id).await?;
    reach.graph.post(&[&reach.number.phone_number_id], &json!({ "pin": pin.reveal() })).await?;
    keep(ctx, &reach, pin).await
}

/// Asks Meta to register; changes nothing here.
pub(crate) async fn register_as(reach: &Reach<'_>, pin: &Secret<String>) -> Asked<()> {
    let body = json!({ "messaging_product": "whatsapp", "pin": pin.reveal() });
    reach.graph.post(&[&reach.number.phone_number_id, "register"], &body).await.map(|_| ())
}

/// Six digits.
pub(crate) fn checked_pin(pin: &Secret<String>) -> Result<&Secret<String>> {
    match pin.reveal().len() == 6 && pin.reveal().bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(pin),
        false => Err(Error::field("pin", "pin_needed", "The PIN has six digits.")),
    }
}

/// Keeps the PIN that Meta took.
async fn keep(ctx: &Ctx, reach: &Reach<'_>, pin: &Secret<String>) -> Result<WhatsAppNumber> {
    let sealed = ctx.vault.seal(&format!("{} pin", reach.number.id), pin.reveal())?;
    reach.keep(ctx, |row| row.pin = Some(sealed)).await
}
