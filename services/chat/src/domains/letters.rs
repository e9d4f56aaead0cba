//! Letters about claims: to the tenant's owners when a proof goes missing, and to owners of *other* tenants when
//! somebody proves control of a domain they hold too.
//!
//! Two jobs: one finds the readers and leaves one job per reader, so that a mail server that fails in the middle makes
//! nobody read the same thing twice.

use kernel::wire::{DomainScope, DomainState};
use kernel::{Error, Host, Result, Role, TenantId, Timestamp};
use net::mail::{Letter, Undelivered};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{NewJob, Outcome, Task, Whose};

use super::tables::{claim, neighbours};
use super::{instructions, jobs};
use crate::{Ctx, identity};

/// Finds who must read a letter.
pub const GATHER: &str = "domains.letters";
/// Sends one letter to one person.
pub const SEND: &str = "domains.letter";

/// What a letter says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Another workspace proved control of a domain you hold.
    Neighbour,
    /// Your proof is gone; the widget still runs.
    Grace,
    /// Your proof has been gone too long; the widget is dark.
    Suspended,
    /// Your claim has ended.
    Revoked,
}

/// The letter a move calls for.
pub fn about(before: DomainState, after: DomainState, reach: DomainScope) -> Option<About> {
    match (before, after) {
        _ if reach == DomainScope::Test => None,
        (DomainState::Pending, DomainState::Verified) => Some(About::Neighbour),
        (_, DomainState::Grace) => Some(About::Grace),
        (_, DomainState::Suspended) => Some(About::Suspended),
        (DomainState::Verified | DomainState::Grace | DomainState::Suspended, DomainState::Revoked) => {
            Some(About::Revoked)
        }
        _ => None,
    }
}

/// The job that finds the readers.
pub fn gathering(row: &claim::Model, about: About, now: Timestamp) -> NewJob {
    NewJob {
        kind: GATHER,
        tenant: Some(row.tenant_id),
        payload: json!({ "claim": row.id, "about": about, "at": now }),
        run_at: now,
        unique_key: None,
    }
}

/// Runs [`GATHER`].
pub async fn gather(ctx: Ctx, task: Task) -> Result<Outcome> {
    let Some(tenant) = task.tenant else { return Ok(Outcome::GiveUp("a letter names its tenant".to_owned())) };
    let id = jobs::claim_of(&task)?;
    let about: About = serde_json::from_value(task.payload["about"].clone()).map_err(Error::internal)?;
    let Some(row) = claim::peek(ctx.db.platform(), tenant, id).await? else { return Ok(Outcome::Done) };
    let tenants = match about {
        About::Neighbour => others(&ctx, &row).await?,
        _ => vec![tenant],
    };
    let mut unit = ctx.db.write(Whose::Platform).await?;
    for reader in tenants {
        for email in identity::readers(ctx.db.platform(), reader, Role::Owner).await? {
            unit.enqueue(NewJob {
                kind: SEND,
                tenant: Some(reader),
                payload: json!({ "host": row.host, "about": about, "at": task.payload["at"], "to": email.as_str() }),
                run_at: ctx.clock().now(),
                unique_key: Some(format!("{SEND}:{}:{}", task.id, email.as_str())),
            });
        }
    }
    unit.commit().await.map(|_| Outcome::Done)
}

async fn others(ctx: &Ctx, row: &claim::Model) -> Result<Vec<TenantId>> {
    let host = Host::canonical(&row.host)?;
    match host.registrable() {
        Some(registrable) => neighbours::of(ctx.db.platform(), row.tenant_id, registrable).await,
        None => Ok(Vec::new()),
    }
}

/// Runs [`SEND`].
pub async fn send(ctx: Ctx, task: Task) -> Result<Outcome> {
    let text = |key: &str| task.payload[key].as_str().map(str::to_owned).unwrap_or_default();
    let about: About = serde_json::from_value(task.payload["about"].clone()).map_err(Error::internal)?;
    let letter = write(about, &text("to"), &text("host"), &text("at"), &ctx.site.public.to_string());
    match ctx.net.mail.send(&letter).await {
        Ok(()) => Ok(Outcome::Done),
        Err(Undelivered::Never(why)) => Ok(Outcome::GiveUp(why)),
        Err(Undelivered::Later(why)) => {
            Err(Error::unavailable("mail_later", "The mail server did not take the letter.").caused_by(why))
        }
    }
}

fn write(about: About, to: &str, host: &str, at: &str, public: &str) -> Letter {
    let host = both(host);
    let day = at.split('T').next().unwrap_or_default();
    let (subject, says) = match about {
        About::Neighbour => (
            format!("Another workspace proved control of {host}"),
            format!(
                "On {day} another workspace proved that it controls {host}, a domain your workspace uses as well. If \
                 you expected this, for example because an agency works for you, there is nothing to do. If not, look \
                 at the DNS records and the web server of this domain: somebody who can change them placed a \
                 _porchlight-…-challenge record or a file below /.well-known/porchlight-verify/. Nobody sees your \
                 conversations by this."
            ),
        ),
        About::Grace => (
            format!("The proof for {host} is missing"),
            format!(
                "We no longer find the record or file that proves that {host} is yours. Your chat widget still runs \
                 there. Put the proof back within 72 hours, or the widget goes dark on this domain."
            ),
        ),
        About::Suspended => (
            format!("Your chat widget is off on {host}"),
            format!(
                "The proof that {host} is yours has been missing for too long, so your chat widget no longer runs \
                 there. Put the proof back and it runs again by itself. After 30 days the domain is removed from your \
                 workspace."
            ),
        ),
        About::Revoked => (
            format!("{host} is no longer connected"),
            format!(
                "The claim of your workspace to {host} has ended and your chat widget does not run there any more. You \
                 can add the domain again and prove it with a new record."
            ),
        ),
    };
    let link = format!("{public}/app");
    let text = format!("{says}\n\nYour domains: {link}\n");
    // every part is ours or a host name, which holds no character that means something in HTML; the address is a URL
    // of the configuration
    let html = format!("<p>{says}</p><p><a href=\"{link}\">Your domains</a></p>");
    Letter { to: to.to_owned(), subject, text, html }
}

/// Both spellings of a host that has two, because look-alikes live on showing only one.
fn both(host: &str) -> String {
    match instructions::unicode(host) {
        unicode if unicode == host => unicode,
        unicode => format!("{unicode} ({host})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_name_both_spellings_and_no_other_workspace() {
        let letter = write(
            About::Neighbour,
            "mia@example.com",
            "xn--80ak6aa92e.com",
            "2026-11-21T10:00:00.000Z",
            "https://chat.example.com",
        );
        assert!(letter.subject.contains("аррӏе.com (xn--80ak6aa92e.com)"), "{}", letter.subject);
        assert!(letter.text.contains("On 2026-11-21 another workspace"), "{}", letter.text);
        assert!(!letter.text.contains("ten_"));
    }

    #[test]
    fn moves_that_matter_call_for_a_letter() {
        use DomainState::{Expired, Grace, Pending, Revoked, Suspended, Verified};
        let host = DomainScope::Host;
        for (before, after, expected) in [
            (Pending, Verified, Some(About::Neighbour)),
            (Verified, Grace, Some(About::Grace)),
            (Grace, Suspended, Some(About::Suspended)),
            (Suspended, Revoked, Some(About::Revoked)),
            (Verified, Revoked, Some(About::Revoked)),
            (Grace, Verified, None),
            (Suspended, Verified, None),
            (Pending, Expired, None),
            (Pending, Revoked, None),
        ] {
            assert_eq!(about(before, after, host), expected, "{before:?} {after:?}");
        }
        assert_eq!(about(Verified, Grace, DomainScope::Test), None);
    }
}
