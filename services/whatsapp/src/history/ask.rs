//! Asking the phone for its address book and its past: once each, within a day after a number was connected.

use chat::Ctx;
use kernel::wire::{WhatsAppImport, WhatsAppImportState};
use kernel::{Error, Result, Role, Scope, WaNumberId};
use serde_json::json;

use crate::account::graph_of;
use crate::graph::Trouble;
use crate::payload::Problem;
use crate::tables::{account, import, number, word};

/// It was asked for before.
const ASKED: i64 = 2_593_107;
/// More than a day has passed.
const LATE: i64 = 2_593_108;
/// The business does not share it.
const DECLINED: i64 = 2_593_109;

/// Asks for what a phone knows, because a person wants it. Admins and above.
pub async fn import(ctx: &Ctx, scope: &Scope, id: WaNumberId) -> Result<WhatsAppImport> {
    scope.require(Role::Admin)?;
    let number = number::find(&ctx.db.read(scope), scope.tenant(), id).await?;
    ask(ctx, &number).await
}

/// Asks for the address book, then for the past. What Meta refuses is written down; only silence is an error.
pub(crate) async fn ask(ctx: &Ctx, number: &number::Model) -> Result<WhatsAppImport> {
    if !number.coexistence {
        return Err(Error::conflict(
            "number_not_shared",
            "This number is not used in the WhatsApp Business app on a phone, so there is no past to bring.",
        ));
    }
    let account = account::find(ctx.db.platform(), number.tenant_id, number.account_id).await?;
    let graph = graph_of(ctx, &account)?;
    let mut refused = None;
    for what in ["smb_app_state_sync", "history"] {
        let body = json!({ "messaging_product": "whatsapp", "sync_type": what });
        match graph.post(&[&number.phone_number_id, "smb_app_data"], &body).await {
            Ok(_) => refused = None,
            Err(Trouble::Refused(problem)) => refused = Some(problem),
            Err(trouble) => return Err(trouble.into()),
        }
    }
    note(ctx, number, refused).await
}

/// Writes down what Meta answered to the asking for the past.
async fn note(ctx: &Ctx, number: &number::Model, refused: Option<Problem>) -> Result<WhatsAppImport> {
    let (unit, now) = (ctx.db.write(number.tenant_id).await?, ctx.clock().now());
    let mut row = import::lock(unit.conn(), number.tenant_id, number.id, now).await?;
    // pieces may have come before the answer
    let is_first = matches!(row.stands()?, WhatsAppImportState::None | WhatsAppImportState::Refused);
    match refused {
        None => {
            row.asked_at = Some(now);
            row.problem = None;
            if is_first || row.stands()? == WhatsAppImportState::Declined {
                row.state = word(WhatsAppImportState::Asked)?;
            }
        }
        Some(problem) => {
            row.problem = Some(words(&problem));
            if is_first {
                row.state = word(WhatsAppImportState::Refused)?;
            }
        }
    }
    row.updated_at = now;
    import::save(unit.conn(), &row).await?;
    unit.commit().await?;
    row.wire()
}

/// Why there is no past, for people.
pub(super) fn words(problem: &Problem) -> String {
    match problem.code {
        ASKED => "The past was asked for before; Meta gives it once. To ask again, connect the number anew.".to_owned(),
        LATE => "Meta gives the past only within 24 hours after the number was connected. Connect the number anew to have it.".to_owned(),
        DECLINED => "The business does not share its chats. That is decided on the phone, while the number is being connected.".to_owned(),
        code => {
            let details = problem.details.as_deref().unwrap_or_default();
            format!("Meta refused. {details} (code {code})")
        }
    }
}
