//! A frame swaps its ticket for a visitor's session. Nothing is written about the visitor.

use kernel::wire::Contact;
use kernel::{ContactId, Error, Origin, Result, TenantId, WidgetId};

use super::{ticket, visitor};
use crate::identity::{self, VisitorPass};
use crate::{Ctx, domains, widgets};

/// A visitor's session.
pub struct Session {
    /// For the widget API and the socket.
    pub access_token: String,
    /// Seconds it lives.
    pub expires_in: u32,
    /// Who it speaks for.
    pub visitor: ContactId,
    /// The contact, once there is one.
    pub contact: Option<Contact>,
    /// Whose widget.
    pub tenant: TenantId,
    /// The widget.
    pub widget: WidgetId,
}

/// Begins a session: the ticket proves the page, the handle or the tenant's own signature the person.
pub async fn begin(
    ctx: &Ctx,
    text: &str,
    parent: &str,
    handle: Option<&str>,
    identity: Option<&str>,
) -> Result<Session> {
    let ticket = ticket::redeem(ctx, text, parent).await?;
    may_go_on(ctx, ticket.tenant, ticket.widget, &ticket.origin).await?;
    let known = match handle {
        Some(handle) => visitor::recognise(ctx, ticket.tenant, ticket.widget, handle).await?,
        None => None,
    };
    let id = known.as_ref().map_or_else(|| ContactId::new(ctx.clock()), |contact| contact.id);
    let mut pass = pass(ctx, ticket.tenant, ticket.widget, id, ticket.origin);
    let mut contact = known;
    if let Some(token) = identity {
        let who = identity::verify_visitor_token(ctx, ticket.widget, ticket.tenant, token).await?;
        let person = visitor::identify(ctx, &identity::scope_of_visitor(&pass), &who).await?;
        pass.visitor = person.id;
        contact = Some(person);
    }
    let (access_token, expires_in) = identity::mint_visitor(ctx, &pass)?;
    Ok(Session { access_token, expires_in, visitor: pass.visitor, contact, tenant: pass.tenant, widget: pass.widget })
}

/// A new access token for a session that may go on: the page's right is looked at again.
pub async fn renew(ctx: &Ctx, old: &VisitorPass) -> Result<(String, u32)> {
    may_go_on(ctx, old.tenant, old.widget, &old.origin).await?;
    identity::mint_visitor(ctx, &pass(ctx, old.tenant, old.widget, old.visitor, old.origin.clone()))
}

/// Refuses when the widget, its tenant or its page may no longer run.
async fn may_go_on(ctx: &Ctx, tenant: TenantId, widget: WidgetId, origin: &str) -> Result<()> {
    let live = widgets::live(ctx, widget).await?.is_some_and(|live| live.tenant == tenant);
    let origin = Origin::parse(origin).ok_or_else(ended)?;
    match live && identity::is_active(ctx, tenant).await? && domains::may_run(ctx, widget, &origin).await? {
        true => Ok(()),
        false => Err(ended()),
    }
}

fn ended() -> Error {
    Error::forbidden("origin_not_authorized", "This chat is not available on this page any more.")
}

fn pass(ctx: &Ctx, tenant: TenantId, widget: WidgetId, visitor: ContactId, origin: String) -> VisitorPass {
    let expires_at = ctx.clock().now().plus(std::time::Duration::from_secs(u64::from(identity::ACCESS_SECONDS)));
    VisitorPass { tenant, widget, visitor, origin, expires_at }
}
