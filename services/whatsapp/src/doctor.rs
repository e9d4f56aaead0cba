//! The doctor: everything that must be right between Meta and us, looked at now, each failing line with its fix.
//!
//! It asks and changes nothing. A question that has no answer makes its own line `unknown` and spoils no other.

use std::time::Duration;

use chat::Ctx;
use kernel::wire::{WhatsAppCheck, WhatsAppVerdict};
use kernel::{Result, Role, Scope, Timestamp, WaNumberId};
use serde_json::Value;

use crate::account::token;
use crate::app as apps;
use crate::graph::{Asked, Graph, Trouble};
use crate::payload::Look;
use crate::tables::{account, app, item, number, template};

/// What a token must be allowed.
const SCOPES: [&str; 2] = ["whatsapp_business_messaging", "whatsapp_business_management"];
/// Fields without which something is missed.
const WANTED: [&str; 11] = [
    "messages",
    "message_template_status_update",
    "template_category_update",
    "message_template_quality_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "account_update",
    "account_alerts",
    "business_capability_update",
    "security",
    "user_preferences",
];
/// A token that ends sooner is worth a word.
const SOON: i64 = 7 * 86_400;

const TWO_DAYS: Duration = Duration::from_secs(2 * 86_400);

/// Looks at everything about a number.
pub async fn examine(ctx: &Ctx, scope: &Scope, id: WaNumberId) -> Result<Vec<WhatsAppCheck>> {
    scope.require(Role::Admin)?;
    let conn = &ctx.db.read(scope);
    let number = number::find(conn, scope.tenant(), id).await?;
    let account = account::find(conn, scope.tenant(), number.account_id).await?;
    let app = app::usable(ctx.db.platform(), scope.tenant(), account.app_id).await?;
    let secret = match &app {
        Some(app) => apps::secrets(ctx, app)?.into_iter().next(),
        None => None,
    };
    let (Some(app), Some(secret)) = (app, secret) else {
        let fix = "Give the app its secret again, on the page of apps.";
        return Ok(vec![failing("token", "The app has no secret: nothing is accepted from Meta.", fix)]);
    };
    let Some(token) = token(ctx, &account)? else {
        return Ok(vec![failing(
            "token",
            "The account has no access token.",
            "Connect the account again with a token.",
        )]);
    };
    let as_app = Graph::of_app(ctx, &app.meta_app_id, &secret);
    let graph = Graph::of(ctx, token.clone());
    let debug = as_app.get(&["debug_token"], &[("input_token", token.reveal())]).await;
    let fields = as_app.get(&[&app.meta_app_id, "subscriptions"], &[]).await;
    let apps = graph.get(&[&account.waba_id, "subscribed_apps"], &[]).await;
    let asked = [(
        "fields",
        "status,name_status,verified_name,quality_rating,code_verification_status,health_status,\
                             webhook_configuration,whatsapp_business_manager_messaging_limit",
    )];
    let said = graph.get(&[&number.phone_number_id], &asked).await;
    let mut lines = match &debug {
        Ok(debug) => of_token(debug.at("data"), &app.meta_app_id, &account.waba_id, ctx.clock().now()),
        Err(trouble) => vec![of_trouble("token", trouble, "Check the app's id and secret on the page of apps.")],
    };
    lines.push(of_apps(&apps, &app.meta_app_id));
    lines.extend(of_subscriptions(&fields, &apps::callback(ctx, app.id)));
    lines.extend(of_number(&said, &apps::callback(ctx, app.id)));
    let approved = template::count(conn, account.id, "APPROVED").await?;
    lines.push(of_templates(account.templates_at, approved, ctx.clock().now()));
    lines.push(of_deliveries(item::last(conn, scope.tenant(), number.id).await?, ctx.clock().now()));
    Ok(lines)
}

/// Templates are compared once a day; two days without are a sign.
fn of_templates(at: Option<Timestamp>, approved: u64, now: Timestamp) -> WhatsAppCheck {
    let fix = "Compare them on the page of templates; what Meta says then is the reason.";
    match at {
        None => failing("templates", "The templates were never compared with Meta.", fix),
        Some(at) if now.since(at) > TWO_DAYS => {
            failing("templates", &format!("The templates were last compared with Meta on {}.", day(at)), fix)
        }
        Some(at) => fine("templates", &format!("{approved} approved templates; compared on {}.", day(at))),
    }
}

/// A quiet number and a deaf one look alike from here: silence is no finding.
fn of_deliveries(last: Option<Timestamp>, now: Timestamp) -> WhatsAppCheck {
    match last {
        None => unknown(
            "deliveries",
            "Nothing has arrived for this number in the last eight days. The test message below shows whether anything would.",
        ),
        Some(at) if now.since(at) > TWO_DAYS => unknown(
            "deliveries",
            &format!(
                "Nothing has arrived for this number since {}. The test message below shows whether anything would.",
                day(at)
            ),
        ),
        Some(at) => fine("deliveries", &format!("Something arrived for this number {} ago.", ago(now.since(at)))),
    }
}

fn day(at: Timestamp) -> String {
    at.to_string().split('T').next().unwrap_or_default().to_owned()
}

fn ago(time: Duration) -> String {
    match time.as_secs() {
        0..=119 => "less than two minutes".to_owned(),
        seconds @ 120..=7_199 => format!("{} minutes", seconds / 60),
        seconds => format!("{} hours", seconds / 3_600),
    }
}

/// Whether a line says that something is wrong.
pub(crate) fn fails(line: &WhatsAppCheck) -> bool {
    line.state == WhatsAppVerdict::Failing
}

/// What `debug_token` says: validity, owner, end, permissions, reach.
pub(crate) fn of_token(data: &Value, meta_app_id: &str, waba: &str, now: Timestamp) -> Vec<WhatsAppCheck> {
    let anew = "Make a new token of a system user of this app and connect the account again.";
    let why = data.at("error").word("message").unwrap_or_default();
    let ends = data.number("expires_at").filter(|at| *at > 0);
    if !data.is("is_valid") || ends.is_some_and(|at| at <= now.seconds()) {
        return vec![failing("token", &format!("The access token is not valid any more. {why}"), anew)];
    }
    if data.word("app_id").is_some_and(|app| app != meta_app_id) {
        return vec![failing("token", "The access token was made for another app.", anew)];
    }
    let token = match ends {
        Some(at) if at - now.seconds() < SOON => failing("token", "The access token ends within seven days.", anew),
        Some(_) => fine("token", "The access token is valid; it will end some day."),
        None => fine("token", "The access token is valid and does not end."),
    };
    let has = |scope: &str| data.list("scopes").iter().any(|one| one.as_str() == Some(scope));
    let missing: Vec<_> = SCOPES.into_iter().filter(|scope| !has(scope)).collect();
    let scopes = match missing.is_empty() {
        true => fine("token_scopes", "The access token may send messages and manage the account."),
        false => failing("token_scopes", &format!("The access token may not: {}.", missing.join(", ")), anew),
    };
    // without a list of accounts a permission reaches all of them
    let reaches = |granted: &Value| {
        let targets = granted.list("target_ids");
        targets.is_empty() || targets.iter().any(|id| id.as_str() == Some(waba))
    };
    let ours = |granted: &&Value| granted.text("scope").is_some_and(|scope| SCOPES.contains(&scope));
    let reached = data.list("granular_scopes").iter().filter(ours).all(reaches);
    let account = match reached {
        true => fine("account", "The access token reaches the account."),
        false => failing(
            "account",
            "The access token does not reach this account.",
            "Assign the account to the system user in Meta's business settings, then make a new token.",
        ),
    };
    vec![token, scopes, account]
}

fn of_apps(apps: &Asked<Value>, meta_app_id: &str) -> WhatsAppCheck {
    let check = "subscribed_apps";
    let fix = "Connect the account again: that subscribes the app.";
    match apps {
        Err(trouble) => of_trouble(check, trouble, fix),
        Ok(apps) => {
            let id = |item: &Value| item.at("whatsapp_business_api_data").word("id");
            match apps.list("data").iter().any(|item| id(item).as_deref() == Some(meta_app_id)) {
                true => fine(check, "The account sends its news to this app."),
                false => failing(check, "The account sends this app nothing: the app is not subscribed to it.", fix),
            }
        }
    }
}

fn of_subscriptions(fields: &Asked<Value>, callback: &str) -> Vec<WhatsAppCheck> {
    let there = format!("Set it in Meta's app dashboard, WhatsApp, Configuration: {callback}");
    let fields = match fields {
        Ok(fields) => fields,
        Err(trouble) => return vec![of_trouble("callback", trouble, &there)],
    };
    let mine = |item: &&Value| item.text("object") == Some("whatsapp_business_account");
    let Some(item) = fields.list("data").iter().find(mine) else {
        return vec![failing("callback", "The app has no callback for WhatsApp.", &there)];
    };
    let line = match item.text("callback_url") {
        Some(url) if url == callback => fine("callback", "The app calls this installation."),
        url => failing("callback", &format!("The app calls another address: {}", url.unwrap_or("none")), &there),
    };
    let name = |field: &Value| field.word("name").or_else(|| field.as_str().map(str::to_owned));
    let known: Vec<_> = item.list("fields").iter().filter_map(name).collect();
    let missing: Vec<_> = WANTED.into_iter().filter(|field| !known.iter().any(|known| known == field)).collect();
    let subscribed = match missing.is_empty() {
        true => fine("subscribed_fields", "The app is told of everything that is needed."),
        false => failing(
            "subscribed_fields",
            &format!("The app is not told of: {}.", missing.join(", ")),
            "Subscribe to these fields in Meta's app dashboard, WhatsApp, Configuration.",
        ),
    };
    vec![line, subscribed]
}

fn of_number(said: &Asked<Value>, callback: &str) -> Vec<WhatsAppCheck> {
    let said = match said {
        Ok(said) => said,
        Err(trouble) => {
            return vec![of_trouble(
                "registration",
                trouble,
                "Connect the account again with a token that reaches the number.",
            )];
        }
    };
    let hooks = said.at("webhook_configuration");
    let elsewhere = ["phone_number", "whatsapp_business_account"]
        .into_iter()
        .find_map(|level| hooks.text(level))
        .filter(|url| *url != callback);
    let mut lines = Vec::new();
    if let Some(url) = elsewhere {
        lines.push(failing(
            "override",
            &format!("Messages of this number go to another address: {url}"),
            "Take the override of the number or its account away, or point it here.",
        ));
    }
    lines.push(word_of(
        "registration",
        said.word("status"),
        &["CONNECTED"],
        "Register the number with its PIN.",
        "The number's state is",
    ));
    lines.push(word_of(
        "name",
        said.word("name_status"),
        &["APPROVED", "AVAILABLE_WITHOUT_REVIEW"],
        "Ask for another display name in WhatsApp Manager, or wait for the review.",
        "The display name is",
    ));
    lines.push(word_of(
        "quality",
        said.word("quality_rating"),
        &["GREEN", "UNKNOWN", "NA"],
        "Customers block or report messages of this number: send less that nobody asked for.",
        "The quality is",
    ));
    lines.push(match said.word("whatsapp_business_manager_messaging_limit") {
        Some(tier) => fine("tier", &format!("May write first to {} a day.", people(&tier))),
        None => unknown("tier", "Meta does not say the messaging limit."),
    });
    let can = said.at("health_status").word("can_send_message");
    lines.push(word_of(
        "sending",
        can,
        &["AVAILABLE"],
        "WhatsApp Manager says under Account quality what stands in the way.",
        "Sending is",
    ));
    lines
}

fn word_of(check: &str, said: Option<String>, good: &[&str], fix: &str, words: &str) -> WhatsAppCheck {
    match said {
        Some(word) if good.contains(&word.as_str()) => fine(check, &format!("{words} {}.", plain(&word))),
        Some(word) => failing(check, &format!("{words} {word}."), fix),
        None => unknown(check, "Meta does not say."),
    }
}

/// Meta's word for what is as it should be, in ours.
fn plain(word: &str) -> &str {
    match word {
        "CONNECTED" => "connected",
        "APPROVED" => "approved",
        "AVAILABLE_WITHOUT_REVIEW" => "approved without a review",
        "GREEN" => "good",
        "UNKNOWN" | "NA" => "not known yet",
        "AVAILABLE" => "possible",
        other => other,
    }
}

/// `TIER_2K`, `TIER_UNLIMITED` … as people say it.
fn people(tier: &str) -> String {
    match tier.strip_prefix("TIER_") {
        Some("UNLIMITED") => "any number of people".to_owned(),
        Some(number) => format!("{number} people"),
        None => tier.to_owned(),
    }
}

/// A refusal is a finding; silence is none.
fn of_trouble(check: &str, trouble: &Trouble, fix: &str) -> WhatsAppCheck {
    if trouble.is_refusal() { failing(check, &trouble.words(), fix) } else { unknown(check, &trouble.words()) }
}

fn line(check: &str, state: WhatsAppVerdict, text: &str, fix: Option<&str>) -> WhatsAppCheck {
    WhatsAppCheck { check: check.to_owned(), state, text: text.trim().to_owned(), fix: fix.map(str::to_owned) }
}

fn fine(check: &str, text: &str) -> WhatsAppCheck {
    line(check, WhatsAppVerdict::Ok, text, None)
}

fn failing(check: &str, text: &str, fix: &str) -> WhatsAppCheck {
    line(check, WhatsAppVerdict::Failing, text, Some(fix))
}

fn unknown(check: &str, text: &str) -> WhatsAppCheck {
    line(check, WhatsAppVerdict::Unknown, text, None)
}
