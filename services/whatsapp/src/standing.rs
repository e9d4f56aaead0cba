//! What Meta tells about accounts and numbers, applied to their rows.
//!
//! News come in no order and again for a week: each row remembers, by kind, how old the last one was, and an older one
//! changes nothing.

use chat::Ctx;
use kernel::wire::WhatsAppStanding;
use kernel::{Result, Timestamp};
use serde_json::{Map, Value};
use store::Unit;

use crate::payload::{Change, News, news};
use crate::receive::Became;
use crate::tables::{account, number, word};

/// Applies one change to an account and its numbers.
pub async fn apply(
    ctx: &Ctx,
    unit: &mut Unit,
    account: account::Model,
    change: &Change,
    received: Timestamp,
) -> Result<Became> {
    let at = change.time.unwrap_or_else(|| received.seconds());
    let now = ctx.clock().now();
    match news(change) {
        News::Account { event, reason } => of_account(unit, account, &event, reason.as_deref(), at, now).await,
        News::Capability { limit } => {
            let mut row = account::lock(unit.conn(), account.tenant_id, account.id).await?;
            let Some(limit) = limit else { return Ok(Became::Ignored("no_limit")) };
            if !is_new(&mut row.news, "limit", at) {
                return Ok(Became::Ignored("older_than_known"));
            }
            row.messaging_limit = Some(limit);
            row.updated_at = now;
            account::save(unit.conn(), &row).await.map(|()| Became::Done)
        }
        News::Quality { display, event, limit } => {
            of_number(unit, &account, display.as_deref(), "quality", at, now, |row| {
                match event.as_deref() {
                    Some("FLAGGED") => row.state = Some("FLAGGED".to_owned()),
                    Some("UNFLAGGED") => row.state = Some("CONNECTED".to_owned()),
                    _ => (),
                }
                row.tier = limit.or_else(|| row.tier.take());
            })
            .await
        }
        News::Name { display, decision, name, .. } => {
            of_number(unit, &account, display.as_deref(), "name", at, now, |row| {
                if decision == "APPROVED" {
                    row.verified_name = name.or_else(|| row.verified_name.take());
                }
                row.name_status = Some(decision);
            })
            .await
        }
        // somebody chose another PIN, or took it away: ours opens nothing any more
        News::Security { display, .. } => {
            of_number(unit, &account, display.as_deref(), "pin", at, now, |row| row.pin = None).await
        }
        // their places are not built yet: kept, as `receive` says
        News::Alert { .. }
        | News::TemplateStatus { .. }
        | News::TemplateQuality { .. }
        | News::TemplateCategory { .. }
        | News::TemplateChanged { .. }
        | News::Preferences(_)
        | News::Renamed(_) => Ok(Became::Waiting),
        News::Other(_) => Ok(Became::Ignored("unknown_field")),
    }
}

/// What an event does to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    /// We may not act for it any more.
    Away,
    /// Nothing is sent from it.
    Halt,
    /// It may go on.
    Resume,
    /// People should know.
    Warn,
    /// Nothing.
    None,
}

fn turn(event: &str, reason: Option<&str>) -> Turn {
    let reason = reason.unwrap_or_default();
    match event {
        "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" | "ACCOUNT_DELETED" | "ACCOUNT_OFFBOARDED" => Turn::Away,
        "DISABLED_UPDATE" if reason == "REINSTATE" => Turn::Resume,
        "DISABLED_UPDATE" if reason == "SCHEDULE_FOR_DISABLE" => Turn::Warn,
        "DISABLED_UPDATE" => Turn::Halt,
        // some restrictions keep from adding numbers only; what touches messages stops them
        "ACCOUNT_RESTRICTION" if reason.contains("MESSAGING") => Turn::Halt,
        "ACCOUNT_RESTRICTION" | "ACCOUNT_VIOLATION" | "REJECTED" => Turn::Warn,
        "ACCOUNT_RECONNECTED" => Turn::Resume,
        _ => Turn::None,
    }
}

async fn of_account(
    unit: &mut Unit,
    account: account::Model,
    event: &str,
    reason: Option<&str>,
    at: i64,
    now: Timestamp,
) -> Result<Became> {
    let turn = turn(event, reason);
    if turn == Turn::None {
        return Ok(Became::Ignored("no_effect"));
    }
    let mut row = account::lock(unit.conn(), account.tenant_id, account.id).await?;
    // compared with a connection made later, an old farewell means nothing
    let stale = at < row.created_at.seconds() || row.synced_at.is_some_and(|synced| at < synced.seconds());
    if stale || !is_new(&mut row.news, "account", at) {
        return Ok(Became::Ignored("older_than_known"));
    }
    row.problem = if turn == Turn::Resume { None } else { Some(event.to_owned()) };
    match turn {
        Turn::Away => row.state = word(WhatsAppStanding::Disconnected)?,
        Turn::Resume if row.token.is_some() => row.state = word(WhatsAppStanding::Connected)?,
        _ => (),
    }
    row.updated_at = now;
    account::save(unit.conn(), &row).await?;
    if turn != Turn::Warn {
        halt(unit, &row, (turn != Turn::Resume).then_some(event), now).await?;
    }
    Ok(Became::Done)
}

/// Stops all numbers of an account for this reason, or lets them go on.
pub async fn halt(unit: &mut Unit, row: &account::Model, why: Option<&str>, now: Timestamp) -> Result<()> {
    for mut number in number::of_account(unit.conn(), row.tenant_id, row.id).await? {
        number.halted_at = why.map(|_| number.halted_at.unwrap_or(now));
        number.halted_reason = why.map(str::to_owned);
        number.updated_at = now;
        number::save(unit.conn(), &number).await?;
    }
    Ok(())
}

async fn of_number(
    unit: &mut Unit,
    account: &account::Model,
    display: Option<&str>,
    kind: &str,
    at: i64,
    now: Timestamp,
    change: impl FnOnce(&mut number::Model),
) -> Result<Became> {
    let rows = number::of_account(unit.conn(), account.tenant_id, account.id).await?;
    let wanted = digits(display.unwrap_or_default());
    let Some(mut row) = rows.into_iter().find(|row| !wanted.is_empty() && digits(&row.display) == wanted) else {
        return Ok(Became::Ignored("unknown_number"));
    };
    if !is_new(&mut row.news, kind, at) {
        return Ok(Became::Ignored("older_than_known"));
    }
    change(&mut row);
    row.updated_at = now;
    number::save(unit.conn(), &row).await.map(|()| Became::Done)
}

/// A number as displayed comes with and without signs and spaces.
fn digits(display: &str) -> String {
    display.chars().filter(char::is_ascii_digit).collect()
}

/// Whether news of this kind are not older than the last; remembers them if so.
fn is_new(known: &mut String, kind: &str, at: i64) -> bool {
    let mut times: Map<String, Value> = serde_json::from_str(known).unwrap_or_default();
    if times.get(kind).and_then(Value::as_i64).is_some_and(|last| at < last) {
        return false;
    }
    times.insert(kind.to_owned(), at.into());
    *known = Value::Object(times).to_string();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_news_of_one_kind_change_nothing_and_other_kinds_stand_alone() {
        let mut known = "{}".to_owned();
        assert!(is_new(&mut known, "quality", 10) && is_new(&mut known, "name", 5));
        assert!(!is_new(&mut known, "quality", 9) && is_new(&mut known, "quality", 10));
    }

    #[test]
    fn f20_what_ends_what_stops_and_what_only_warns() {
        for (event, reason, expected) in [
            ("PARTNER_REMOVED", None, Turn::Away),
            ("ACCOUNT_OFFBOARDED", None, Turn::Away),
            ("DISABLED_UPDATE", Some("DISABLE"), Turn::Halt),
            ("DISABLED_UPDATE", Some("SCHEDULE_FOR_DISABLE"), Turn::Warn),
            ("DISABLED_UPDATE", Some("REINSTATE"), Turn::Resume),
            ("ACCOUNT_RESTRICTION", Some("RESTRICTED_BIZ_INITIATED_MESSAGING"), Turn::Halt),
            ("ACCOUNT_RESTRICTION", Some("RESTRICTED_ADD_PHONE_NUMBER_ACTION"), Turn::Warn),
            ("VERIFIED_ACCOUNT", None, Turn::None),
            ("SOMETHING_NEW", None, Turn::None),
        ] {
            assert_eq!(turn(event, reason), expected, "{event} {reason:?}");
        }
    }
}
