//! WhatsApp as its settings show it: apps, accounts, numbers, what arrived, what the doctor found.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, WaAccountId, WaAppId, WaDeliveryId, WaNumberId, WaTemplateId};

/// A Meta app that calls us. Its secrets are written and never read: only their last four characters are shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppApp {
    pub id: WaAppId,
    /// Meta's id of the app.
    pub meta_app_id: String,
    pub name: String,
    /// Where Meta must call.
    pub callback_url: String,
    /// End of the app secret; `null` when it was taken out, and then nothing is accepted.
    pub secret_hint: Option<String>,
    /// Until when deliveries under the secret before this one are accepted as well.
    pub old_secret_until: Option<Timestamp>,
    /// End of the verify token.
    pub verify_token_hint: Option<String>,
    /// The verify token itself, in the answer that made it and never again.
    pub verify_token: Option<String>,
    /// Meta's id of the app's Embedded Signup configuration.
    #[serde(default)]
    pub signup_config: Option<String>,
    /// Whether it is the platform's, shared by its tenants.
    pub platform: bool,
    pub created_at: Timestamp,
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhatsAppStanding {
    /// Connected.
    Connected,
    /// No more: its credentials were taken out, or its owner let us go. What was written stays.
    Disconnected,
}

/// A WhatsApp Business Account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppAccount {
    pub id: WaAccountId,
    pub app_id: WaAppId,
    /// Meta's id of the account.
    pub waba_id: String,
    pub name: String,
    /// End of the access token; `null` when there is none.
    pub token_hint: Option<String>,
    pub state: WhatsAppStanding,
    /// What is wrong, in Meta's word: `PARTNER_REMOVED`, `DISABLED_UPDATE` …
    pub problem: Option<String>,
    /// What Meta warned of last.
    #[serde(default)]
    pub alert: Option<super::WhatsAppAlert>,
    /// How many people may be written to in a day, as Meta said it last.
    pub messaging_limit: Option<String>,
    /// When it was last compared with Meta.
    pub synced_at: Option<Timestamp>,
    /// When its templates were last compared with Meta.
    #[serde(default)]
    pub templates_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// What a tenant decides about a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct WhatsAppSettings {
    /// Whether people see that they were read.
    pub read_receipts: bool,
    /// Whether people see that somebody types.
    pub typing: bool,
    /// Minutes before the window closes at which the team is reminded; `null`: never.
    pub nudge_minutes: Option<i32>,
}

impl Default for WhatsAppSettings {
    fn default() -> Self {
        Self { read_receipts: true, typing: true, nudge_minutes: None }
    }
}

/// A WhatsApp number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppNumber {
    pub id: WaNumberId,
    pub account_id: WaAccountId,
    /// Meta's id of the number: what deliveries are routed by.
    pub phone_number_id: String,
    /// As Meta displays it.
    pub display: String,
    pub verified_name: Option<String>,
    /// `GREEN`, `YELLOW`, `RED` or another word of Meta's.
    pub quality: Option<String>,
    /// How many people may be written to in a day: `TIER_2K` …
    pub tier: Option<String>,
    /// Messages a second.
    pub per_second: i32,
    /// Whether its display name was approved, in Meta's word.
    pub name_status: Option<String>,
    /// `CONNECTED`, `PENDING` or another word of Meta's.
    pub state: Option<String>,
    /// Whether the WhatsApp Business app is used on it as well.
    pub coexistence: bool,
    pub settings: WhatsAppSettings,
    /// Since when nothing is sent from it.
    pub halted_at: Option<Timestamp>,
    /// Why, in Meta's word.
    pub halted_reason: Option<String>,
}

/// What became of one item of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhatsAppItemState {
    /// Its effect is there.
    Done,
    /// Kept until it can be worked on.
    Waiting,
    /// Nothing follows from it.
    Ignored,
    /// It could not be worked on; its neighbours were.
    Failed,
}

/// A line of the flight recorder: one message, state or piece of news, without what it said.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppItem {
    pub delivery_id: WaDeliveryId,
    /// Its place in the delivery.
    pub nth: i32,
    pub number_id: Option<WaNumberId>,
    /// `message`, `status`, `problem`, `echo`, `history`, `contacts` or `news`.
    pub kind: String,
    /// What exactly: the message's type, the state, the field.
    pub what: String,
    pub state: WhatsAppItemState,
    /// Why it failed or was ignored.
    pub error: Option<String>,
    /// When it arrived.
    pub at: Timestamp,
}

/// What the doctor found at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum WhatsAppVerdict {
    /// As it should be.
    Ok,
    /// Not as it should be.
    Failing,
    /// Meta could not be asked, or did not say.
    Unknown,
}

/// One line of the doctor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppCheck {
    /// What was looked at: `token`, `token_scopes`, `account`, `subscribed_apps`, `subscribed_fields`, `callback`,
    /// `registration`, `name`, `quality`, `tier`, `sending`, `templates`, `deliveries`, `loop`.
    pub check: String,
    pub state: WhatsAppVerdict,
    /// What was found.
    pub text: String,
    /// What to do about it.
    pub fix: Option<String>,
}

/// A template in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct WhatsAppTemplate {
    pub id: WaTemplateId,
    pub account_id: WaAccountId,
    pub name: String,
    /// As Meta spells it in its API: `en_US`.
    pub language: String,
    /// `MARKETING`, `UTILITY`, `AUTHENTICATION` or another word of Meta's.
    pub category: String,
    /// `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED`, `DELETED` or another word of Meta's.
    pub status: String,
    /// `GREEN`, `YELLOW`, `RED`; `null` until Meta knows.
    pub quality: Option<String>,
    /// Why it was rejected or paused, in Meta's word.
    pub reason: Option<String>,
    /// `true`: variables have names; `false`: numbers.
    pub named: bool,
    /// Its parts as Meta lists them: HEADER, BODY, FOOTER, BUTTONS.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Object>))]
    pub components: Vec<serde_json::Value>,
    /// Names of the gaps in heading and text, in order, each once.
    pub variables: Vec<String>,
    /// When anything about it changed.
    pub updated_at: Timestamp,
}
