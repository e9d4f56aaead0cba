//! Letters to owners and admins: nothing is sent from a number any more. One per cause.

use chat::{Ctx, identity};
use kernel::{Error, Result, Role, Timestamp};
use net::mail::{Letter, Undelivered};
use serde_json::json;
use store::{NewJob, Outcome, Task, Unit, Whose};

use crate::tables::{account, number};

/// Finds who must read a letter.
pub const GATHER: &str = "whatsapp.letters";
/// Sends one letter to one person.
pub const SEND: &str = "whatsapp.letter";

/// A whole account stopped.
pub(crate) fn account_stopped(unit: &mut Unit, row: &account::Model, why: &str, now: Timestamp) {
    let payload = json!({ "what": row.name, "why": why });
    gather_later(unit, row.tenant_id, payload, now);
}

/// One number stopped.
pub(crate) fn number_stopped(unit: &mut Unit, row: &number::Model, why: &str, now: Timestamp) {
    let payload = json!({ "what": row.display, "why": why });
    gather_later(unit, row.tenant_id, payload, now);
}

fn gather_later(unit: &mut Unit, tenant: kernel::TenantId, payload: serde_json::Value, now: Timestamp) {
    unit.enqueue(NewJob { kind: GATHER, tenant: Some(tenant), payload, run_at: now, unique_key: None });
}

/// Runs [`GATHER`]: a job per reader, so that a mail server that fails in the middle makes nobody read it twice.
pub async fn gather(ctx: Ctx, task: Task) -> Result<Outcome> {
    let Some(tenant) = task.tenant else { return Ok(Outcome::GiveUp("a letter names its tenant".to_owned())) };
    let readers = identity::readers(ctx.db.platform(), tenant, Role::Admin).await?;
    let mut unit = ctx.db.write(Whose::Platform).await?;
    for email in readers {
        let mut payload = task.payload.clone();
        payload["to"] = email.as_str().into();
        let unique_key = Some(format!("{SEND}:{}:{}", task.id, email.as_str()));
        unit.enqueue(NewJob { kind: SEND, tenant: Some(tenant), payload, run_at: ctx.clock().now(), unique_key });
    }
    unit.commit().await.map(|_| Outcome::Done)
}

/// Runs [`SEND`].
pub async fn send(ctx: Ctx, task: Task) -> Result<Outcome> {
    let text = |key: &str| task.payload[key].as_str().map(str::to_owned).unwrap_or_default();
    match ctx.net.mail.send(&write(&text("to"), &text("what"), &text("why"), &ctx.site.public.to_string())).await {
        Ok(()) => Ok(Outcome::Done),
        Err(Undelivered::Never(why)) => Ok(Outcome::GiveUp(why)),
        Err(Undelivered::Later(why)) => {
            Err(Error::unavailable("mail_later", "The mail server did not take the letter.").caused_by(why))
        }
    }
}

fn write(to: &str, what: &str, why: &str, public: &str) -> Letter {
    let subject = format!("WhatsApp: nothing is sent from {what} any more");
    let says = format!(
        "Nothing is sent from {what} any more. {} What customers write still arrives, and what your team writes waits.",
        reason(why)
    );
    let link = format!("{public}/app/#/settings/whatsapp");
    let advice = "The doctor on the number's page says what is wrong and what to do. When it is settled, let the number send again there.";
    let text = format!("{says}\n\n{advice}\n\n{link}\n");
    let html = format!("<p>{}</p><p>{advice}</p><p><a href=\"{link}\">WhatsApp settings</a></p>", escaped(&says));
    Letter { to: to.to_owned(), subject: subject.chars().filter(|c| !c.is_control()).collect(), text, html }
}

/// What Meta's word means.
fn reason(why: &str) -> String {
    let known = match why {
        "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" | "ACCOUNT_OFFBOARDED" => {
            "Somebody disconnected it in Meta's settings."
        }
        "ACCOUNT_DELETED" => "The account was deleted at Meta.",
        "DISABLED_UPDATE" => "Meta has disabled the account.",
        "ACCOUNT_RESTRICTION" => "Meta has restricted the account.",
        "token_invalid" => return "The access token is not accepted any more.".to_owned(),
        "payment" => return "There is a problem with the payment method at Meta.".to_owned(),
        "permission" => return "A permission is missing at Meta.".to_owned(),
        "blocked" | "account_locked" => return "Meta has locked the account.".to_owned(),
        "name_not_approved" => return "Its display name is not approved.".to_owned(),
        "not_registered" => return "The number is not registered any more.".to_owned(),
        _ => return format!("Meta's word for it is {why}."),
    };
    format!("{known} (Meta's word: {why})")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_metas_is_no_markup_and_no_header() {
        let letter = write("mia@example.com", "<b>Shop</b>\n", "DISABLED_UPDATE", "https://chat.example.com");
        assert!(letter.html.contains("&lt;b&gt;Shop") && !letter.subject.contains('\n'));
        assert!(letter.text.contains("Meta has disabled the account"), "{}", letter.text);
    }
}
