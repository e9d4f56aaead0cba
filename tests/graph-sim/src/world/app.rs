//! Apps: who may be called back, and with which secret it is signed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A Meta app.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct App {
    /// Its id.
    pub id: String,
    /// The app secret: key of the signatures, half of the app token.
    pub secret: String,
    /// What it answered for when the callback was saved.
    pub verify_token: String,
    /// The callback; without one nothing is pushed.
    pub callback: Option<String>,
    /// Subscribed fields.
    pub fields: BTreeSet<String>,
    /// Version of the payloads, as `26.0`: before 24 statuses carry `conversation`.
    pub version: String,
}

impl Default for App {
    fn default() -> Self {
        let fields = FIELDS.iter().map(|field| (*field).to_owned()).collect();
        let text = String::new;
        Self { id: text(), secret: text(), verify_token: text(), callback: None, fields, version: "26.0".to_owned() }
    }
}

impl App {
    /// `id|secret`
    pub fn token(&self) -> String {
        format!("{}|{}", self.id, self.secret)
    }

    /// Whether payloads of this version still carry `conversation`.
    pub fn has_conversation(&self) -> bool {
        self.version.split('.').next().and_then(|major| major.parse::<u32>().ok()).is_some_and(|major| major < 24)
    }
}

/// Where the fields that follow an override go for one account or number.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub struct Override {
    /// The callback, at most 200 characters.
    pub url: String,
}

/// All subscription fields that are known.
pub const FIELDS: [&str; 34] = [
    "messages",
    "message_template_status_update",
    "template_category_update",
    "message_template_quality_update",
    "message_template_components_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "account_update",
    "account_review_update",
    "account_alerts",
    "business_capability_update",
    "security",
    "user_preferences",
    "smb_message_echoes",
    "smb_app_state_sync",
    "history",
    "calls",
    "flows",
    "group_lifecycle_update",
    "group_participants_update",
    "group_settings_update",
    "group_status_update",
    "partner_solutions",
    "payment_configuration_update",
    "automatic_events",
    "account_settings_update",
    "business_username_update",
    "phone_number_username_update",
    "user_id_update",
    "message_echoes",
    "standby",
    "messaging_handovers",
    "template_correct_category_detection",
    "unheard_of_field",
];
