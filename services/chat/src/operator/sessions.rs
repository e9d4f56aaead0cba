//! Operators' log-ins: the same rules as everybody's, in tables and with a key of their own, each one audited.

use kernel::{Email, Error, Result, Secret, SessionId};
use store::{Unit, Whose};

use super::audit::{self, Deed};
use super::staff::{Operator, Staff};
use super::tables::{operator, session};
use crate::Ctx;
use crate::identity::refresh::{Kept, Verdict};
use crate::identity::throttle::Key;
use crate::identity::{Caller, digest, factor, live, refresh as tokens_of, tokens};

/// What an operator logs in with.
pub struct LogIn {
    /// Address.
    pub email: String,
    /// Password.
    pub password: Secret<String>,
    /// Code of the second factor, for those who have one.
    pub code: Option<String>,
}

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
    pub operator: Operator,
}

/// Logs in. Unknown addresses and wrong passwords get the same answer after the same work.
pub async fn log_in(ctx: &Ctx, wish: LogIn, caller: &Caller) -> Result<LoggedIn> {
    let email = Email::parse(&wish.email)?;
    let keys = [Key::login("operator", email.as_str()), Key::network(caller.ip)];
    ctx.keys.throttle.guess(&keys, ctx.clock().now())?;
    let row = operator::by_email(ctx.db.platform(), email.as_str()).await?;
    let stored = row.as_ref().map(|row| row.password_hash.as_str());
    let fits = ctx.keys.bench.fits(wish.password.reveal(), stored).await?;
    let row = row.filter(|_| fits).ok_or_else(invalid)?;
    let step = check_code(ctx, &row, wish.code.as_deref())?;
    let unit = ctx.db.write(Whose::Platform).await?;
    if let Some(step) = step
        && !operator::spend_step(unit.conn(), row.id, step).await?
    {
        return Err(factor::required("This code was used already. Wait for the next one."));
    }
    let (begun, token) = begin(ctx, &unit, &row, caller).await?;
    let deed = Deed { action: "operator_logged_in", tenant: None, object: None, detail: Some(begun.device.clone()) };
    audit::record(ctx, &unit, Some(row.id), deed).await?;
    let answer = logged_in(ctx, row, &begun, token)?;
    unit.commit().await?;
    ctx.keys.throttle.right(&keys);
    Ok(answer)
}

fn check_code(ctx: &Ctx, row: &operator::Model, code: Option<&str>) -> Result<Option<i64>> {
    let Some(secret) = &row.totp_secret else { return Ok(None) };
    let missing = || factor::required("Enter the code from your authenticator app.");
    let code = code.map(str::trim).filter(|code| !code.is_empty()).ok_or_else(missing)?;
    let wrong = || factor::required("This code is not right, or was used already. Wait for the next one.");
    let secret = ctx.vault.open(&row.id.to_string(), secret)?;
    factor::step_of(secret.reveal(), code, ctx.clock().now(), row.totp_last_step)?.ok_or_else(wrong).map(Some)
}

async fn begin(ctx: &Ctx, unit: &Unit, who: &operator::Model, caller: &Caller) -> Result<(session::Model, String)> {
    let now = ctx.clock().now();
    let id = SessionId::new(ctx.clock());
    let token = tokens_of::first(&ctx.keys, id);
    let row = session::Model {
        id,
        operator_id: who.id,
        refresh_hash: digest(&token),
        previous_hash: None,
        rotated_at: now,
        device: caller.device(),
        ip: Some(caller.network()),
        created_at: now,
        last_seen_at: now,
        expires_at: now.plus(IDLE),
        ended_at: None,
    };
    session::insert(unit.conn(), &row).await?;
    Ok((row, token))
}

/// Operators hold more power, so their sessions end sooner: a working day unused, a week at most.
const IDLE: std::time::Duration = std::time::Duration::from_secs(12 * 3600);
const LIFE: std::time::Duration = std::time::Duration::from_secs(7 * 24 * 3600);

fn logged_in(ctx: &Ctx, who: operator::Model, row: &session::Model, token: String) -> Result<LoggedIn> {
    let (access_token, expires_in) = tokens::mint_operator(ctx, who.id, row.id)?;
    Ok(LoggedIn {
        access_token,
        expires_in,
        refresh: Secret::new(token),
        refresh_seconds: row.expires_at.seconds() - ctx.clock().now().seconds(),
        operator: who.into(),
    })
}

/// Swaps a refresh token for an access token and the next refresh token. A copied one ends the session.
pub async fn refresh(ctx: &Ctx, token: &str) -> Result<LoggedIn> {
    let id = tokens_of::session_of(&ctx.keys, token).ok_or_else(live::ended)?;
    let now = ctx.clock().now();
    let unit = ctx.db.write(Whose::Platform).await?;
    let mut row = session::lock(unit.conn(), id, now).await?.ok_or_else(live::ended)?;
    let who = operator::find(unit.conn(), row.operator_id).await?.ok_or_else(live::ended)?;
    let kept = Kept { current: &row.refresh_hash, previous: row.previous_hash.as_deref(), rotated_at: row.rotated_at };
    let next = tokens_of::next(&ctx.keys, id, token);
    match tokens_of::judge(token, &kept, now) {
        Verdict::Current => {
            row.previous_hash = Some(std::mem::replace(&mut row.refresh_hash, digest(&next)));
            row.rotated_at = now;
            row.last_seen_at = now;
            row.expires_at = now.plus(IDLE).min(row.created_at.plus(LIFE));
            session::rotate(unit.conn(), &row).await?;
        }
        Verdict::JustReplaced => {}
        Verdict::Copied => {
            session::end(unit.conn(), id, now).await?;
            let deed =
                Deed { action: "refresh_token_copied", tenant: None, object: Some(id.to_string()), detail: None };
            audit::record(ctx, &unit, Some(who.id), deed).await?;
            unit.commit().await?;
            return Err(live::ended());
        }
    }
    unit.commit().await?;
    logged_in(ctx, who, &row, next)
}

/// Ends the asking operator's session.
pub async fn end_session(ctx: &Ctx, by: &Staff) -> Result<()> {
    end(ctx, by.session).await
}

/// Ends the session a refresh token belongs to; one that is over is no error.
pub async fn end_by_refresh(ctx: &Ctx, token: &str) -> Result<()> {
    match tokens_of::session_of(&ctx.keys, token) {
        Some(id) => end(ctx, id).await,
        None => Ok(()),
    }
}

async fn end(ctx: &Ctx, id: SessionId) -> Result<()> {
    let unit = ctx.db.write(Whose::Platform).await?;
    session::end(unit.conn(), id, ctx.clock().now()).await?;
    unit.commit().await.map(|_| ())
}

fn invalid() -> Error {
    Error::unauthenticated("invalid_credentials", "The e-mail address or the password is not right.")
}
