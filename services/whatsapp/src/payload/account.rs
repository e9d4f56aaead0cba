//! What Meta tells about accounts, numbers and templates, beside messages.

use kernel::Timestamp;
use serde_json::Value;

use super::envelope::Change;
use super::look::Look;
use crate::alias::Alias;

/// News about an account.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The account itself: `DISABLED_UPDATE`, `PARTNER_REMOVED` … and why, as far as it is said.
    Account { event: String, reason: Option<String> },
    /// A number's standing with its customers, or its limit.
    Quality { display: Option<String>, event: Option<String>, limit: Option<String> },
    /// A decision about a number's display name.
    Name { display: Option<String>, decision: String, name: Option<String>, reason: Option<String> },
    /// A warning for people.
    Alert { severity: Option<String>, kind: String, text: Option<String> },
    /// How much the account may do.
    Capability { limit: Option<String> },
    /// Somebody touched a number's second factor.
    Security { display: Option<String>, event: String },
    /// A template moved: approved, rejected, paused …
    TemplateStatus { template: TemplateName, status: String, reason: Option<String> },
    /// A template's standing: `GREEN`, `YELLOW`, `RED`.
    TemplateQuality { template: TemplateName, quality: String },
    /// Meta thinks a template is of another category.
    TemplateCategory { template: TemplateName, category: String },
    /// A template's parts were changed elsewhere.
    TemplateChanged { template: TemplateName },
    /// A person wants no marketing any more, or wants it again.
    Preferences(Vec<Preference>),
    /// People got new ids: before, now.
    Renamed(Vec<(Alias, Alias)>),
    /// A field nobody knew when this was written.
    Other(String),
}

/// Which template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateName {
    /// Meta's id: a number beyond what JSON readers hold exactly, so it is kept as text.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its language with `_`, whatever the webhook wrote.
    pub language: String,
}

/// A person's wish about marketing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Who.
    pub who: Vec<Alias>,
    /// Whether they want it.
    pub wants: bool,
    /// When they said so, if Meta says.
    pub at: Option<Timestamp>,
}

/// Reads a change of any field but `messages` and the phone app's.
pub fn news(change: &Change) -> News {
    let value = &change.value;
    let word = |name: &str| value.word(name);
    let event = || word("event").unwrap_or_default();
    match change.field.as_str() {
        "account_update" | "account_review_update" => account(value),
        "phone_number_quality_update" => {
            let limit = word("max_daily_conversations_per_business").or_else(|| word("current_limit"));
            News::Quality { display: word("display_phone_number"), event: word("event"), limit }
        }
        "phone_number_name_update" => News::Name {
            display: word("display_phone_number"),
            decision: word("decision").unwrap_or_default(),
            name: word("requested_verified_name"),
            reason: word("rejection_reason"),
        },
        "account_alerts" => alert(value),
        "business_capability_update" => News::Capability {
            limit: word("max_daily_conversations_per_business").or_else(|| word("max_daily_conversation_per_phone")),
        },
        "security" => News::Security { display: word("display_phone_number"), event: event() },
        "message_template_status_update" => match template(value) {
            Some(template) => News::TemplateStatus {
                template,
                status: event(),
                reason: word("reason").filter(|reason| reason != "NONE"),
            },
            None => News::Other(change.field.clone()),
        },
        "message_template_quality_update" => match template(value).zip(word("new_quality_score")) {
            Some((template, quality)) => News::TemplateQuality { template, quality },
            None => News::Other(change.field.clone()),
        },
        "template_category_update" => match template(value).zip(word("new_category")) {
            Some((template, category)) => News::TemplateCategory { template, category },
            None => News::Other(change.field.clone()),
        },
        "message_template_components_update" => match template(value) {
            Some(template) => News::TemplateChanged { template },
            None => News::Other(change.field.clone()),
        },
        "user_preferences" => News::Preferences(value.list("user_preferences").iter().filter_map(preference).collect()),
        "user_id_update" => News::Renamed(value.list("user_id_update").iter().filter_map(renamed).collect()),
        other => News::Other(other.to_owned()),
    }
}

fn account(value: &Value) -> News {
    // all of them: what keeps from adding numbers may stand before what stops messages
    let restrictions: Vec<_> =
        value.list("restriction_info").iter().filter_map(|info| info.word("restriction_type")).collect();
    let restriction = Some(restrictions.join(" ")).filter(|words| !words.is_empty());
    let violation = value.at("violation_info").word("violation_type");
    let ban = value
        .at("ban_info")
        .word("waba_ban_state")
        .or_else(|| value.list("ban_info").iter().find_map(|info| info.word("waba_ban_state")));
    let left = value.at("disconnection_info").word("reason");
    let event = value.word("event").or_else(|| value.word("decision")).unwrap_or_default();
    News::Account { event, reason: restriction.or(violation).or(ban).or(left) }
}

fn alert(value: &Value) -> News {
    let info =
        [value.at("alert_info"), value].into_iter().find(|info| info.word("alert_type").is_some()).unwrap_or(value);
    News::Alert {
        severity: info.word("alert_severity"),
        kind: info.word("alert_type").unwrap_or_default(),
        text: info.word("alert_description"),
    }
}

fn template(value: &Value) -> Option<TemplateName> {
    Some(TemplateName {
        id: value.word("message_template_id"),
        name: value.word("message_template_name")?,
        language: value.word("message_template_language").unwrap_or_default().replace('-', "_"),
    })
}

fn preference(item: &Value) -> Option<Preference> {
    let wants = match item.text("value")? {
        "stop" => false,
        "resume" => true,
        _ => return None,
    };
    let at = item.number("timestamp").map(Timestamp::from_seconds);
    Some(Preference { who: super::message::names(item, ["user_id", "parent_user_id", "wa_id"]), wants, at })
}

fn renamed(item: &Value) -> Option<(Alias, Alias)> {
    let ids = item.at("user_id");
    let id = |name: &str| ids.word(name).as_deref().and_then(Alias::of);
    id("previous").zip(id("current"))
}
