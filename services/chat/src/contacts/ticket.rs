//! Tickets: the one thing that passes from the host page to the frame.
//!
//! A ticket is signed, not stored, so that a page view writes nothing. It lives 60 s, is bound to widget and origin,
//! and is written down when used, so that it is used once.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use futures::future::BoxFuture;
use kernel::{Error, Result, TenantId, Timestamp, WidgetId, random_token};
use serde::{Deserialize, Serialize};
use store::{Outcome, Task, Whose};
use subtle::ConstantTimeEq;

use super::tables::ticket;
use crate::{Ctx, identity};

/// How long a ticket lives.
const LIFE: Duration = Duration::from_secs(60);

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Whose widget.
    #[serde(rename = "t")]
    pub tenant: TenantId,
    /// For which widget.
    #[serde(rename = "w")]
    pub widget: WidgetId,
    /// On which page's origin.
    #[serde(rename = "o")]
    pub origin: String,
    #[serde(rename = "x")]
    expires_at: i64,
    #[serde(rename = "j")]
    nonce: String,
}

/// A fresh ticket.
pub fn issue(ctx: &Ctx, tenant: TenantId, widget: WidgetId, origin: String) -> Result<String> {
    let expires_at = ctx.clock().now().plus(LIFE).millis();
    let ticket = Ticket { tenant, widget, origin, expires_at, nonce: random_token("") };
    let said = BASE64URL_NOPAD.encode(&serde_json::to_vec(&ticket).map_err(Error::internal)?);
    let signature = ctx.keys.derive("ticket", said.as_bytes());
    Ok(format!("{said}.{signature}"))
}

/// Takes a ticket, once, for a frame that stands on a page of `parent`. Every fault is the same refusal.
pub async fn redeem(ctx: &Ctx, text: &str, parent: &str) -> Result<Ticket> {
    let ticket = read(ctx, text).ok_or_else(refused)?;
    if ticket.origin != parent || ticket.expires_at <= ctx.clock().now().millis() {
        return Err(refused());
    }
    let unit = ctx.db.write(Whose::Platform).await?;
    let fresh =
        ticket::spend(unit.conn(), &identity::digest(text), &ticket, Timestamp::from_millis(ticket.expires_at)).await?;
    unit.commit().await?;
    if fresh { Ok(ticket) } else { Err(refused()) }
}

fn read(ctx: &Ctx, text: &str) -> Option<Ticket> {
    if text.len() > 1024 {
        return None;
    }
    let (said, signature) = text.split_once('.')?;
    let mut own = ctx.keys.derivations("ticket", said.as_bytes());
    if !own.any(|own| own.as_bytes().ct_eq(signature.as_bytes()).into()) {
        return None;
    }
    serde_json::from_slice(&BASE64URL_NOPAD.decode(said.as_bytes()).ok()?).ok()
}

fn refused() -> Error {
    Error::forbidden("ticket_refused", "This ticket is used, too old, or for another page. Ask for a new one.")
}

/// Job that forgets spent tickets.
pub const FORGET: &str = "contacts.forget_tickets";

/// Runs [`FORGET`], every ten minutes.
pub fn forget(ctx: Ctx, _: Task) -> BoxFuture<'static, Result<Outcome>> {
    Box::pin(async move {
        let unit = ctx.db.write(Whose::Platform).await?;
        ticket::forget(unit.conn(), ctx.clock().now()).await?;
        unit.commit().await?;
        Ok(Outcome::Again(Duration::from_secs(600)))
    })
}
