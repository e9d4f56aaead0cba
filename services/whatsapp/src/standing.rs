//! What Meta tells about accounts and numbers, applied to their rows.
//!
//! News come in no order and again for a week: each row remembers, by kind, how old the last one was, and an older one
//! changes nothing.

use chat::{Ctx, inbox};
use kernel::wire::{WhatsAppAlert, WhatsAppStanding};
use kernel::{Error, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{NewJob, Unit};

use crate::payload::{Change, News, news};
use crate::receive::Became;
use crate::tables::{account, number, word};
use crate::template::{self, news::Told};
use crate::{keep, letters, preference};

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
            keep::account(unit, &row).await.map(|()| Became::Done)
        }
        News::Quality { display, event, limit } => {
            of_number(ctx, unit, &account, display.as_deref(), "quality", at, |row| {
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
            of_number(ctx, unit, &account, display.as_deref(), "name", at, |row| {
                if decision == "APPROVED" {
                    row.verified_name = name.or_else(|| row.verified_name.take());
                }
                row.name_status = Some(decision);
            })
            .await
        }
        // somebody chose another PIN, or took it away: ours opens nothing any more
        News::Security { display, .. } => {
            of_number(ctx, unit, &account, display.as_deref(), "pin", at, |row| row.pin = None).await
        }
        News::Alert { severity, kind, text } => {
            let text = text.unwrap_or_else(|| kind.clone());
            let mut row = account::lock(unit.conn(), account.tenant_id, account.id).await?;
            if !is_new(&mut row.news, "alert", at) {
                return Ok(Became::Ignored("older_than_known"));
            }
            row.alert = alert(kind, severity, text, at)?;
            row.updated_at = now;
            keep::account(unit, &row).await.map(|()| Became::Done)
        }
        News::TemplateStatus { template, status, reason } => {
            template::news::apply(ctx, unit, &account, &template, Told::Status(status, reason), at).await
        }
        News::TemplateQuality { template, quality } => {
            template::news::apply(ctx, unit, &account, &template, Told::Quality(quality), at).await
        }
        News::TemplateCategory { template, category } => {
            template::news::apply(ctx, unit, &account, &template, Told::Category(category), at).await
        }
        News::TemplateChanged { template } => {
            template::news::apply(ctx, unit, &account, &template, Told::Parts, at).await
        }
        News::Preferences(all) => preference::apply(unit, account.tenant_id, &all, Timestamp::from_seconds(at)).await,
        // who is called what is the business of people
        News::Renamed(_) => Ok(Became::Waiting),
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
    row.alert = match turn {
        Turn::Resume => None,
        _ => alert(event.to_owned(), Some(severity(turn).to_owned()), words(event, reason), at)?,
    };
    match turn {
        Turn::Away => row.state = word(WhatsAppStanding::Disconnected)?,
        Turn::Resume if row.token.is_some() => row.state = word(WhatsAppStanding::Connected)?,
        _ => (),
    }
    row.updated_at = now;
    keep::account(unit, &row).await?;
    if turn != Turn::Warn {
        halt(unit, &row, (turn != Turn::Resume).then_some(event), now).await?;
    }
    Ok(Became::Done)
}

/// Stops all numbers of an account for this reason, or lets them go on.
pub async fn halt(unit: &mut Unit, row: &account::Model, why: Option<&str>, now: Timestamp) -> Result<()> {
    let mut stopped = false;
    for mut number in number::of_account(unit.conn(), row.tenant_id, row.id).await? {
        if number.halted_reason.as_deref() == why {
            continue;
        }
        number.halted_at = why.map(|_| number.halted_at.unwrap_or(now));
        number.halted_reason = why.map(str::to_owned);
        number.updated_at = now;
        keep::number(unit, &number).await?;
        stopped = true;
        if why.is_none() {
            wake(unit, &number, now);
        }
    }
    // whoever took the credentials out knows
    if let Some(why) = why.filter(|why| stopped && *why != "credentials_removed") {
        letters::account_stopped(unit, row, why, now);
    }
    Ok(())
}

/// Stops one number for this reason: what waits, waits. Says so to screens and, once per cause, to owners and admins.
pub async fn halt_number(unit: &mut Unit, row: &mut number::Model, why: &str, now: Timestamp) -> Result<()> {
    if row.halted_reason.as_deref() == Some(why) {
        return Ok(());
    }
    row.halted_at = row.halted_at.or(Some(now));
    row.halted_reason = Some(why.to_owned());
    row.updated_at = now;
    letters::number_stopped(unit, row, why, now);
    keep::number(unit, row).await
}

/// Has a number's queue looked at.
pub fn wake(unit: &mut Unit, row: &number::Model, now: Timestamp) {
    let payload = json!({ "channel": row.id.uuid() });
    unit.enqueue(NewJob { kind: inbox::SEND, tenant: Some(row.tenant_id), payload, run_at: now, unique_key: None });
}

fn alert(kind: String, severity: Option<String>, text: String, at: i64) -> Result<Option<String>> {
    let alert = WhatsAppAlert { kind, severity, text, at: Timestamp::from_seconds(at) };
    serde_json::to_string(&alert).map(Some).map_err(Error::internal)
}

fn severity(turn: Turn) -> &'static str {
    if turn == Turn::Warn { "WARNING" } else { "CRITICAL" }
}

/// What an event means, for people.
fn words(event: &str, reason: Option<&str>) -> String {
    let known = match event {
        "PARTNER_REMOVED" | "PARTNER_APP_UNINSTALLED" | "ACCOUNT_OFFBOARDED" => {
            "The account was disconnected in Meta's settings. Connect it again to go on sending."
        }
        "ACCOUNT_DELETED" => "The account was deleted at Meta.",
        "DISABLED_UPDATE" if reason == Some("SCHEDULE_FOR_DISABLE") => {
            "Meta will disable the account. WhatsApp Manager says why and how to object."
        }
        "DISABLED_UPDATE" => "Meta has disabled the account. WhatsApp Manager says why and how to object.",
        "ACCOUNT_RESTRICTION" => "Meta has restricted the account. WhatsApp Manager says what and until when.",
        "ACCOUNT_VIOLATION" => "Meta says that the account broke one of its policies.",
        "REJECTED" => "Meta's review rejected the account.",
        _ => "Meta reports a problem with the account.",
    };
    match reason {
        Some(reason) => format!("{known} ({reason})"),
        None => known.to_owned(),
    }
}

async fn of_number(
    ctx: &Ctx,
    unit: &mut Unit,
    account: &account::Model,
    display: Option<&str>,
    kind: &str,
    at: i64,
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
    row.updated_at = ctx.clock().now();
    keep::named_number(ctx, unit, &row).await.map(|()| Became::Done)
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
