//! Log-ins on devices: begun, refreshed, listed, ended.

use kernel::wire;
use kernel::{Audience, Error, Event, Result, Scope, Secret, SessionId, Timestamp};
use store::{Unit, Whose};

use super::device::Caller;
use super::refresh::{self, Kept, Verdict};
use super::tables::{agent, session, tenant};
use super::{digest, live, tokens};
use crate::Ctx;

/// What a log-in or a refresh gives.
pub struct LoggedIn {
    /// Access token.
    pub access_token: String,
    /// Its life in seconds.
    pub expires_in: u32,
    /// For the cookie.
    pub refresh: Secret<String>,
    /// How long the cookie may live, in seconds.
    pub refresh_seconds: i64,
    /// Who.
    pub agent: wire::Agent,
    /// Where.
    pub tenant: wire::Tenant,
}

/// A device somebody is logged in on.
#[derive(Clone, Debug)]
pub struct Device {
    /// The session.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Such as "Chrome on Linux".
    pub device: String,
    /// Network, as /24 or /48.
    pub ip: Option<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last refreshed.
    pub last_seen_at: Timestamp,
}

/// Begins a session within `unit`; returns it with its refresh token.
pub(super) async fn begin(
    ctx: &Ctx,
    unit: &Unit,
    who: &agent::Model,
    caller: &Caller,
) -> Result<(session::Model, String)> {
    let now = ctx.clock().now();
    let id = SessionId::new(ctx.clock());
    let token = refresh::first(&ctx.keys, id);
    let row = session::Model {
        tenant_id: who.tenant_id,
        id,
        agent_id: who.id,
        account_id: who.account_id,
        refresh_hash: digest(&token),
        previous_hash: None,
        rotated_at: now,
        device: caller.device(),
        ip: Some(caller.network()),
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus(refresh::IDLE),
        ended_at: None,
    };
    session::insert(unit.conn(), &row).await?;
    agent::seen(unit.conn(), who.id, now).await?;
    Ok((row, token))
}

/// Shapes the answer of a log-in or refresh.
pub(super) async fn logged_in(ctx: &Ctx, unit: &Unit, row: &session::Model, token: String) -> Result<LoggedIn> {
    let conn = unit.conn();
    let tenant = tenant::find(conn, row.tenant_id).await?;
    if !tenant.is_active() {
        return Err(live::suspended());
    }
    let who = agent::peek(conn, row.tenant_id, row.agent_id).await?.ok_or_else(live::ended)?;
    let (access_token, expires_in) = tokens::mint_agent(ctx, row.tenant_id, row.agent_id, row.id)?;
    Ok(LoggedIn {
        access_token,
        expires_in,
        refresh: Secret::new(token),
        refresh_seconds: row.expires_at.seconds() - ctx.clock().now().seconds(),
        agent: agent::wire_one(conn, who).await?,
        tenant: tenant.wire(),
    })
}

/// Swaps a refresh token for an access token and the next refresh token. A copied one ends the session.
pub async fn refresh(ctx: &Ctx, token: &str) -> Result<LoggedIn> {
    let id = refresh::session_of(&ctx.keys, token).ok_or_else(live::ended)?;
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let mut row = session::lock(unit.conn(), id, now).await?.ok_or_else(live::ended)?;
    let kept = Kept { current: &row.refresh_hash, previous: row.previous_hash.as_deref(), rotated_at: row.rotated_at };
    let next = refresh::next(&ctx.keys, id, token);
    match refresh::judge(token, &kept, now) {
        Verdict::Current => {
            row.previous_hash = Some(std::mem::replace(&mut row.refresh_hash, digest(&next)));
            row.rotated_at = now;
            row.last_seen_at = now;
            row.expires_at = now.plus(refresh::IDLE).min(row.created_at.plus(refresh::LIFE));
            session::rotate(unit.conn(), &row).await?;
            agent::seen(unit.conn(), row.agent_id, now).await?;
        }
        Verdict::JustReplaced => {}
        Verdict::Copied => {
            tracing::warn!(session.id = %id, tenant.id = %row.tenant_id, "a refresh token was used twice, session ended");
            end_all(ctx, &mut unit, std::slice::from_ref(&row)).await?;
            unit.commit().await?;
            forget_all(ctx, &[row]);
            return Err(live::ended());
        }
    }
    let answer = logged_in(ctx, &unit, &row, next).await?;
    unit.commit().await?;
    Ok(answer)
}

/// Where the asking agent is logged in, latest first.
pub async fn list_sessions(ctx: &Ctx, scope: &Scope) -> Result<Vec<Device>> {
    let (me, _) = scope.agent()?;
    let rows = session::of_agent(&ctx.db.read(scope), scope.tenant(), me, ctx.clock().now()).await?;
    let current = tokens::session_of(scope)?;
    Ok(rows.into_iter().map(|row| shown(row, current)).collect())
}

fn shown(row: session::Model, current: SessionId) -> Device {
    let session::Model { id, device, ip, created_at, last_seen_at, .. } = row;
    Device { id, current: current == id, device, ip, created_at, last_seen_at }
}

/// Ends one of the asking agent's own sessions; another's is not found.
pub async fn end_session(ctx: &Ctx, scope: &Scope, id: SessionId) -> Result<()> {
    let (me, _) = scope.agent()?;
    let now = ctx.clock().now();
    let mut unit = ctx.db.write(scope).await?;
    let row = session::lock(unit.conn(), id, now).await?.filter(|row| row.agent_id == me);
    let row = row.filter(|row| row.tenant_id == scope.tenant()).ok_or_else(Error::not_found)?;
    end_all(ctx, &mut unit, std::slice::from_ref(&row)).await?;
    unit.commit().await?;
    forget_all(ctx, &[row]);
    Ok(())
}

/// Ends the session a refresh token belongs to; a token that is not in force ends nothing and is no error: the
/// device is logged out either way.
pub async fn end_by_refresh(ctx: &Ctx, token: &str) -> Result<()> {
    let Some(id) = refresh::session_of(&ctx.keys, token) else { return Ok(()) };
    let mut unit = ctx.db.write(Whose::Platform).await?;
    let Some(row) = session::lock(unit.conn(), id, ctx.clock().now()).await? else { return Ok(()) };
    end_all(ctx, &mut unit, std::slice::from_ref(&row)).await?;
    unit.commit().await?;
    forget_all(ctx, &[row]);
    Ok(())
}

/// Ends sessions within `unit` and says so; call [`forget_all`] after the commit.
pub(super) async fn end_all(ctx: &Ctx, unit: &mut Unit, rows: &[session::Model]) -> Result<()> {
    let now = ctx.clock().now();
    for row in rows {
        if session::end(unit.conn(), row.id, now).await? {
            let event = Event::SessionEnded { session_id: row.id, agent_id: row.agent_id };
            unit.emit(row.tenant_id, Audience::Control, event);
        }
    }
    Ok(())
}

/// Makes this process look again before it believes these sessions.
pub(super) fn forget_all(ctx: &Ctx, rows: &[session::Model]) {
    rows.iter().for_each(|row| live::forget_session(ctx, row.id));
}
