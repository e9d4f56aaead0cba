//! Numbers: what the tenant decides about them, and registering them with Meta.

use chat::Ctx;
use kernel::wire::{WhatsAppNumber, WhatsAppSettings};
use kernel::{Error, Result, Role, Scope, Secret, WaNumberId};
use serde_json::json;

use crate::account::{token, told};
use crate::graph::Graph;
use crate::tables::{account, number};

pub use crate::account::numbers_of as list;

/// Longest reminder before the window closes: the window itself.
const DAY_MINUTES: i32 = 24 * 60;

/// What is to be changed; `nudge_minutes` of zero takes the reminder away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// Whether people see that they were read.
    pub read_receipts: Option<bool>,
    /// Whether people see that somebody types.
    pub typing: Option<bool>,
    /// Minutes before the window closes at which the team is reminded.
    pub nudge_minutes: Option<i32>,
}

/// Changes what the tenant decided about a number.
pub async fn change(ctx: &Ctx, scope: &Scope, id: WaNumberId, change: Change) -> Result<WhatsAppNumber> {
    scope.require(Role::Admin)?;
    if change.nudge_minutes.is_some_and(|minutes| !(0..DAY_MINUTES).contains(&minutes)) {
        return Err(Error::field("nudge_minutes", "out_of_range", "Give 0 for no reminder, or 1 to 1439 minutes."));
    }
    let unit = ctx.db.write().await?;
    let mut row = number::lock(unit.conn(), scope.tenant(), id).await?;
    let before = row.decided();
    let settings = WhatsAppSettings {
        read_receipts: change.read_receipts.unwrap_or(before.read_receipts),
        typing: change.typing.unwrap_or(before.typing),
        nudge_minutes: change.nudge_minutes.or(before.nudge_minutes).filter(|minutes| *minutes > 0),
    };
    row.settings = serde_json::to_string(&settings).map_err(Error::internal)?;
    row.updated_at = ctx.clock().now();
    number::save(unit.conn(), &row).await?;
    unit.commit().await?;
    Ok(row.wire())
}

/// Registers a number for the Cloud API with its two-step PIN, which is kept sealed; then looks at it anew.
pub async fn register(ctx: &Ctx, scope: &Scope, id: WaNumberId, pin: &Secret<String>) -> Result<WhatsAppNumber> {
    scope.require(Role::Admin)?;
    let row = number::find(ctx.db.read(scope), scope.tenant(), id).await?;
    if pin.reveal().len() != 6 || !pin.reveal().bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::field("pin", "pin_needed", "The PIN has six digits."));
    }
    let account = account::find(ctx.db.read(scope), scope.tenant(), row.account_id).await?;
    let Some(token) = token(ctx, &account)? else {
        return Err(Error::conflict(
            "account_disconnected",
            "The account has no access token. Connect it again first.",
        ));
    };
    let graph = Graph::of(ctx, token);
    let body = json!({ "messaging_product": "whatsapp", "pin": pin.reveal() });
    graph.post(&[&row.phone_number_id, "register"], &body).await?;
    let fields = "status,name_status,verified_name,quality_rating,display_phone_number,is_on_biz_app,throughput";
    // it is registered now, whether or not the second look succeeds
    let said = graph.get(&[&row.phone_number_id], &[("fields", fields)]).await.ok();
    let unit = ctx.db.write().await?;
    let mut row = number::lock(unit.conn(), scope.tenant(), id).await?;
    row.pin = Some(ctx.vault.seal(&format!("{id} pin"), pin.reveal())?);
    if let Some(said) = said {
        told(&mut row, &said);
    }
    row.updated_at = ctx.clock().now();
    number::save(unit.conn(), &row).await?;
    unit.commit().await?;
    Ok(row.wire())
}
