//! A page asks for its widget: the embedding check (security.md E1–E7).

use kernel::wire::Widget;
use kernel::{Error, Origin, Result, WidgetId};

use super::ticket;
use crate::{Ctx, domains, identity, widgets};

/// What a verified page gets.
pub struct Arrival {
    /// To be handed to the frame.
    pub ticket: String,
    /// Looks and words.
    pub widget: Widget,
    /// Whose widget it is.
    pub tenant: kernel::TenantId,
}

/// Lets a page in, or refuses in one way whatever the reason: unknown, inactive, suspended, unverified, no origin.
/// `stated` is the `Origin` header as it came, for counting.
pub async fn arrive(ctx: &Ctx, id: WidgetId, origin: Option<&Origin>, stated: Option<&str>) -> Result<Arrival> {
    let Some(live) = widgets::live(ctx, id).await? else { return Err(refused()) };
    let admitted = match origin {
        Some(origin) => identity::is_active(ctx, live.tenant).await? && domains::may_run(ctx, id, origin).await?,
        None => false,
    };
    let spelled = origin.map_or_else(|| stated.unwrap_or("none").to_owned(), ToString::to_string);
    ctx.tally.note(live.tenant, id, &spelled, admitted, ctx.clock().now());
    match origin {
        Some(origin) if admitted => {
            let ticket = ticket::issue(ctx, live.tenant, id, origin.to_string())?;
            Ok(Arrival { ticket, widget: live.widget, tenant: live.tenant })
        }
        _ => Err(refused()),
    }
}

fn refused() -> Error {
    Error::forbidden("origin_not_authorized", "This page's domain is not verified for this widget.")
}
