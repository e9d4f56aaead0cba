//! The letter that carries an invitation's token; the only place where the token exists outside the reader's mailbox.

use std::time::Duration;

use futures::future::BoxFuture;
use kernel::{Error, InvitationId, Result, TenantId, random_token};
use net::mail::{Letter, Undelivered};
use serde_json::json;
use store::{NewJob, Outcome, Task, Unit, Whose};

use super::digest;
use super::tables::{invitation, tenant};
use crate::Ctx;

/// The job's name.
pub(super) const KIND: &str = "identity.send_invitation";
/// How long an invitation is good for.
pub(super) const GOOD_FOR: Duration = Duration::from_secs(72 * 3600);

/// Leaves the letter to be sent with the unit's commit.
pub(super) fn enqueue(ctx: &Ctx, unit: &mut Unit, tenant: TenantId, id: InvitationId) {
    unit.enqueue(NewJob {
        kind: KIND,
        tenant: Some(tenant),
        payload: json!({ "invitation": id }),
        run_at: ctx.clock().now(),
        // a second wish while the first letter is on its way is another letter: the first one's link is dead
        unique_key: None,
    });
}

/// Makes the token, stores its digest, sends the letter. Run twice it sends two letters, and the second one counts.
pub(super) fn send(ctx: Ctx, task: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let id: InvitationId = serde_json::from_value(task.payload["invitation"].clone()).map_err(Error::internal)?;
        let tenant = task.tenant.ok_or_else(|| Error::internal("an invitation without a tenant"))?;
        let token = random_token("it_");
        let unit = ctx.db.write(Whose::Platform).await?;
        let row = invitation::find(unit.conn(), tenant, id).await?;
        if !invitation::renew(unit.conn(), id, &digest(&token), row.expires_at).await? {
            return Ok(Outcome::Done);
        }
        let tenant = tenant::find(unit.conn(), tenant).await?;
        unit.commit().await?;
        match ctx.net.mail.send(&letter(&ctx, &row, &tenant.name, &token)).await {
            Ok(()) => Ok(Outcome::Done),
            Err(Undelivered::Never(why)) => Ok(Outcome::GiveUp(why)),
            Err(Undelivered::Later(why)) => {
                Err(Error::unavailable("mail_unavailable", "The mail server did not take the letter.").caused_by(why))
            }
        }
    })
}

fn letter(ctx: &Ctx, row: &invitation::Model, tenant: &str, token: &str) -> Letter {
    // behind the # it reaches no server, and so no log of one
    let link = format!("{}/app/#/accept/{token}", ctx.site.public);
    let greeting = row.name.as_deref().map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"));
    let text = format!(
        "{greeting}\n\nyou are invited to join {tenant} on Porchlight as {role}.\n\nAccept here, within three days:\n{link}\n\n\
         If you did not expect this, ignore this letter: nothing happens without you.\n",
        role = row.role
    );
    let html = format!(
        "<p>{}</p><p>you are invited to join <strong>{}</strong> on Porchlight as {}.</p>\
         <p><a href=\"{link}\">Accept the invitation</a> within three days.</p>\
         <p>If you did not expect this, ignore this letter: nothing happens without you.</p>",
        escaped(&greeting),
        escaped(tenant),
        row.role
    );
    Letter { to: row.email.clone(), subject: format!("Join {tenant} on Porchlight"), text, html }
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inj_names_cannot_bring_markup_into_a_letter() {
        assert_eq!(escaped(r#"<a href="x">&"#), "&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}
