//! The two sides of the product: how each proves itself, and how a refusal ends a socket.

use chat::{Ctx, contacts, identity};
use kernel::{Actor, Error, Kind, Result};
use realtime::{Ending, Pass};

/// Which side a socket serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// A tenant's people.
    Agent,
    /// Visitors of a widget.
    Visitor,
}

impl Side {
    /// Checks a token and everything it stands for: session, person and tenant, or widget, tenant and page.
    pub async fn vouch(self, ctx: &Ctx, token: &str) -> Result<Pass> {
        match self {
            Self::Agent => {
                let (scope, expires_at) = identity::vouch_agent_pass(ctx, token).await?;
                Ok(Pass { scope, expires_at, origin: None })
            }
            Self::Visitor => {
                let (scope, pass) = identity::vouch_visitor(ctx, token)?;
                // asks the gate what a renewal asks it; the renewed token is not needed
                contacts::renew(ctx, &pass).await?;
                Ok(Pass { scope, expires_at: pass.expires_at, origin: Some(pass.origin) })
            }
        }
    }

    /// Checks once more, past what is remembered, after the hub has begun to listen for revocations: what was revoked
    /// between the first look and the registration would be missed by both.
    pub async fn vouch_again(self, ctx: &Ctx, token: &str, pass: &Pass) -> Result<Pass> {
        if let Actor::Agent { session, .. } = pass.scope.actor() {
            identity::forget_session(ctx, *session);
        }
        self.vouch(ctx, token).await
    }
}

/// The close code for a refusal.
pub fn ending(error: &Error) -> Ending {
    match error.kind() {
        Kind::Forbidden => Ending::Suspended,
        Kind::Unauthenticated if error.code() == "tenant_suspended" => Ending::Suspended,
        // one connection too many: it comes back after a pause, and is not signed out
        Kind::Limited | Kind::Unavailable | Kind::Internal => Ending::Restart,
        _ => Ending::SignedOut,
    }
}
